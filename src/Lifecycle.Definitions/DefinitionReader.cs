using Lifecycle.Definitions.Yaml;
using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>Takes the YAML of a definition apart: <c>definition: tianxia</c> and what belongs to it.</summary>
internal static class DefinitionReader
{
    private static readonly string[] Parts = ["definition", "title", "zone", "currency", "customer", "events", "metrics", "tracks"];
    private static readonly string[] PartsNotYet = ["points", "benefits"];
    private static readonly string[] StageParts = ["stage", "title", "group", "from", "when", "keep", "confirm", "minimum stay"];
    private static readonly string[] StagePartsNotYet = ["benefits", "grace"];

    public static DefinitionSyntax? Read(YamlMap map, Complaints complaints)
    {
        var members = new Members(map, "a definition", complaints, Parts, PartsNotYet).CheckNames();
        if (members.RequiredText("definition") is not { } name) return null;
        return new DefinitionSyntax
        {
            File = map.File,
            Name = name,
            Titles = members.Titles(),
            Zone = members.Text("zone"),
            Currency = members.Text("currency"),
            Attributes = members.Declarations("customer"),
            Events = [.. members.Map("events").Select(member => Contract(member, complaints))],
            Metrics = members.Declarations("metrics"),
            Tracks = [.. members.Map("tracks").Select(member => Track(member, complaints)).OfType<TrackSyntax>()],
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
        return new TrackSyntax(member.Name, stages);
    }

    private static StageSyntax? Stage(YamlMap map, Complaints complaints)
    {
        var members = new Members(map, "a stage", complaints, StageParts, StagePartsNotYet).CheckNames();
        return members.RequiredText("stage") is not { } name ? null : new StageSyntax
        {
            Name = name,
            Titles = members.Titles(),
            Group = members.Text("group"),
            From = From(members, complaints),
            When = members.Text("when"),
            Keep = members.Text("keep"),
            Confirm = members.Text("confirm"),
            MinimumStay = members.Text("minimum stay"),
        };
    }

    private static List<RuleText>? From(Members members, Complaints complaints)
    {
        if (members.Find("from") is YamlScalar { IsEmpty: false } one) return [one.Text];
        return members.List("from")?.Select(item => Members.TextOf(item, "`from`", complaints)).OfType<RuleText>().ToList();
    }
}
