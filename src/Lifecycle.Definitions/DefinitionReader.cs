using Lifecycle.Definitions.Catalog;
using Lifecycle.Definitions.Yaml;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>Takes the YAML of a definition apart: <c>definition: tianxia</c> and what belongs to it.</summary>
internal static class DefinitionReader
{
    public static DefinitionSyntax? Read(YamlMap map, Diagnostics diagnostics)
    {
        var members = new Members(map, DefinitionCatalog.Definition, diagnostics).CheckNames();
        if (members.RequiredText("definition") is not { } name) return null;
        return new DefinitionSyntax
        {
            Name = name,
            Titles = members.Titles(),
            Zone = members.Text("zone"),
            Currency = members.Text("currency"),
            Exchange = members.Declarations("exchange"),
            Refunds = members.Declarations("refunds"),
            Attributes = members.Declarations("customer"),
            Events = [.. members.Map("events").Select(member => Contract(member, diagnostics))],
            Metrics = members.Declarations("metrics"),
            Tracks = [.. members.Map("tracks").Select(member => Track(member, diagnostics)).OfType<TrackSyntax>()],
            Points = map.Members.FirstOrDefault(member => member.Name.Text == "points") is { } points ? Points(points, diagnostics) : null,
        };
    }

    private static EventContract Contract(YamlMember member, Diagnostics diagnostics)
    {
        switch (member.Content)
        {
            case YamlMap properties:
                return new EventContract(member.Name, Members.DeclarationsOf(properties.Members, diagnostics));
            case YamlScalar { IsEmpty: true }:
                return new EventContract(member.Name, []);
            default:
                diagnostics.Add(member.Name, ErrorCodes.Member, $"`{member.Name.Text}` is followed by its properties and their types",
                    "write `{ revenue: money, sku: text }`, or `{}` for none");
                return new EventContract(member.Name, []);
        }
    }

    private static TrackSyntax? Track(YamlMember member, Diagnostics diagnostics)
    {
        if (member.Content is not YamlList list)
        {
            diagnostics.Add(member.Name, ErrorCodes.Member, $"the track `{member.Name.Text}` is a list of stages", "begin each with `- stage: NAME`");
            return null;
        }
        var stages = new List<StageSyntax>();
        foreach (var item in list.Items)
        {
            if (item is YamlMap map && Stage(map, diagnostics) is { } stage) stages.Add(stage);
            else if (item is not YamlMap) diagnostics.Add(item.File, item.Place, ErrorCodes.Member, "expected a stage",
                "begin it with `- stage: NAME`");
        }
        return new TrackSyntax(member.Name, [.. stages]);
    }

    private static StageSyntax? Stage(YamlMap map, Diagnostics diagnostics)
    {
        var members = new Members(map, DefinitionCatalog.Stage, diagnostics).CheckNames();
        return members.RequiredText("stage") is not { } name ? null : new StageSyntax
        {
            Name = name,
            Titles = members.Titles(),
            Was = members.Text("was"),
            Group = members.Text("group"),
            From = members.Names("from"),
            When = members.Text("when"),
            Keep = members.Text("keep"),
            Confirm = members.Text("confirm"),
            MinimumStay = members.Text("minimum stay"),
            Benefits = members.Names("benefits") ?? [],
            Grace = members.Text("grace"),
        };
    }

    private static PointsSyntax Points(YamlMember points, Diagnostics diagnostics)
    {
        if (points.Content is not YamlMap map)
        {
            diagnostics.Add(points.Name, ErrorCodes.Member, "`points` is followed by `earn` and, if points do not last for ever, `expire`",
                "write `earn:` and below it `- event: order_completed` with `points: …`");
            return new PointsSyntax(points.Name, [], null);
        }
        var members = new Members(map, DefinitionCatalog.Points, diagnostics).CheckNames();
        var earn = members.List("earn")?.Select(item => Earn(item, diagnostics)).OfType<EarnSyntax>() ?? [];
        return new PointsSyntax(points.Name, [.. earn], members.Text("expire"));
    }

    private static EarnSyntax? Earn(YamlNode item, Diagnostics diagnostics)
    {
        if (item is not YamlMap map)
        {
            diagnostics.Add(item.File, item.Place, ErrorCodes.Member, "expected a rule of earning points",
                "begin it with `- event: order_completed`");
            return null;
        }
        var members = new Members(map, DefinitionCatalog.Earn, diagnostics).CheckNames();
        var (name, points) = (members.RequiredText("event"), members.RequiredText("points"));
        return name is null || points is null ? null : new EarnSyntax(name, members.Text("where"), points);
    }
}
