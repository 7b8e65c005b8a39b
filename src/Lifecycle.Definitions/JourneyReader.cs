using Lifecycle.Definitions.Catalog;
using Lifecycle.Definitions.Yaml;
using Lifecycle.Rules.Checking;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>Takes the YAML of a journey apart: <c>journey: win-back</c> and what belongs to it.</summary>
internal static class JourneyReader
{
    public static JourneySyntax? Read(YamlMap map, Diagnostics diagnostics)
    {
        var members = new Members(map, DefinitionCatalog.Journey, diagnostics).CheckNames();
        var (name, trigger) = (members.RequiredText("journey"), members.RequiredText("trigger"));
        if (members.Find("steps") is null) diagnostics.Add(map.File, map.Place with { Length = 1 }, ErrorCodes.Member, "a journey needs `steps`");
        var steps = members.List("steps")?.Select(step => Step(step, diagnostics)).OfType<StepSyntax>().ToList();
        return name is null || trigger is null || steps is null ? null : new JourneySyntax
        {
            Name = name,
            Kind = members.Text("kind"),
            Trigger = trigger,
            Audience = members.Text("audience"),
            Exit = members.Text("exit"),
            Again = members.Text("again"),
            Priority = members.Text("priority"),
            Steps = [.. steps],
        };
    }

    private static StepSyntax? Step(YamlNode node, Diagnostics diagnostics)
    {
        if (node is YamlScalar { Text.Text: "end" } end) return new EndSyntax(end.Text);
        if (node is not YamlMap map)
        {
            diagnostics.Add(node.File, node.Place, ErrorCodes.Member, "expected a step",
                "write `- wait: 3 days` or `- send: { channel: webhook, template: miss-you }`");
            return null;
        }
        if (map.Members.FirstOrDefault(member => DefinitionCatalog.StepsNotYet.Contains(member.Name.Text)) is { Name: var later })
        {
            // What else such a step has belongs to it, and is not wrong.
            diagnostics.Add(later, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(later.Text));
            return null;
        }
        var members = new Members(map, DefinitionCatalog.Step, diagnostics).CheckNames();
        var kinds = map.Members.Where(member => DefinitionCatalog.Step.Has(member.Name.Text)).ToList();
        if (kinds.Count > 1)
        {
            diagnostics.Add(kinds[1].Name, ErrorCodes.Member, $"a step does one thing, and this does `{kinds[0].Name.Text}` already",
                "begin a step of its own with `- `");
            return null;
        }
        return kinds.Count == 0 ? null : kinds[0].Name.Text switch
        {
            "send" => Send(kinds[0], diagnostics),
            "wait" => Wait(kinds[0].Content, diagnostics),
            _ => members.Text("end") is { } because ? new EndSyntax(because) : null,
        };
    }

    private static SendSyntax? Send(YamlMember send, Diagnostics diagnostics)
    {
        if (send.Content is not YamlMap map)
        {
            diagnostics.Add(send.Name, ErrorCodes.Member, "`send` needs a channel and a template",
                "write `send: { channel: webhook, template: miss-you }`");
            return null;
        }
        var members = new Members(map, DefinitionCatalog.Send, diagnostics).CheckNames();
        var (channel, template) = (members.RequiredText("channel"), members.RequiredText("template"));
        return channel is null || template is null ? null : new SendSyntax(channel, template);
    }

    private static WaitSyntax? Wait(YamlNode content, Diagnostics diagnostics)
    {
        if (content is YamlMap map)
        {
            foreach (var (name, _) in map.Members) diagnostics.Add(name, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet($"wait: {name.Text}"),
                "write `wait: 3 days`");
            if (map.Members.Count > 0) return null;
        }
        return Members.TextOf(content, "`wait`", diagnostics) is { } duration ? new WaitSyntax(duration) : null;
    }
}
