using Lifecycle.Definitions.Catalog;
using Lifecycle.Definitions.Yaml;
using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>Takes the YAML of a definition apart: <c>definition: tianxia</c> and what belongs to it.</summary>
internal static class DefinitionReader
{
    public static DefinitionSyntax? Read(YamlMap map, Complaints complaints)
    {
        var members = new Members(map, Parts.Definition, complaints).CheckNames();
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
            Events = [.. members.Map("events").Select(member => Contract(member, complaints))],
            Metrics = members.Declarations("metrics"),
            Tracks = [.. members.Map("tracks").Select(member => Track(member, complaints)).OfType<TrackSyntax>()],
            Points = map.Members.FirstOrDefault(member => member.Name.Text == "points") is { } points ? Points(points, complaints) : null,
        };
    }

    private static EventContract Contract(YamlMember member, Complaints complaints)
    {
        switch (member.Content)
        {
            case YamlMap properties:
                return new EventContract(member.Name, Members.DeclarationsOf(properties.Members, complaints));
            case YamlScalar { IsEmpty: true }:
                return new EventContract(member.Name, []);
            default:
                complaints.Add(member.Name, ErrorCodes.Member, $"`{member.Name.Text}` is followed by its properties and their types",
                    "write `{ revenue: money, sku: text }`, or `{}` for none");
                return new EventContract(member.Name, []);
        }
    }

    private static TrackSyntax? Track(YamlMember member, Complaints complaints)
    {
        if (member.Content is not YamlList list)
        {
            complaints.Add(member.Name, ErrorCodes.Member, $"the track `{member.Name.Text}` is a list of stages", "begin each with `- stage: NAME`");
            return null;
        }
        var stages = new List<StageSyntax>();
        foreach (var item in list.Items)
        {
            if (item is YamlMap map && Stage(map, complaints) is { } stage) stages.Add(stage);
            else if (item is not YamlMap) complaints.Add(item.File, item.Place, ErrorCodes.Member, "expected a stage",
                "begin it with `- stage: NAME`");
        }
        return new TrackSyntax(member.Name, [.. stages]);
    }

    private static StageSyntax? Stage(YamlMap map, Complaints complaints)
    {
        var members = new Members(map, Parts.Stage, complaints).CheckNames();
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

    private static PointsSyntax Points(YamlMember points, Complaints complaints)
    {
        if (points.Content is not YamlMap map)
        {
            complaints.Add(points.Name, ErrorCodes.Member, "`points` is followed by `earn` and, if points do not last for ever, `expire`",
                "write `earn:` and below it `- event: order_completed` with `points: …`");
            return new PointsSyntax(points.Name, [], null);
        }
        var members = new Members(map, Parts.Points, complaints).CheckNames();
        var earn = members.List("earn")?.Select(item => Earn(item, complaints)).OfType<EarnSyntax>() ?? [];
        return new PointsSyntax(points.Name, [.. earn], members.Text("expire"));
    }

    private static EarnSyntax? Earn(YamlNode item, Complaints complaints)
    {
        if (item is not YamlMap map)
        {
            complaints.Add(item.File, item.Place, ErrorCodes.Member, "expected a rule of earning points", "begin it with `- event: order_completed`");
            return null;
        }
        var members = new Members(map, Parts.Earn, complaints).CheckNames();
        var (name, points) = (members.RequiredText("event"), members.RequiredText("points"));
        return name is null || points is null ? null : new EarnSyntax(name, members.Text("where"), points);
    }
}
