using Lifecycle.Definitions.Catalog;
using Lifecycle.Definitions.Yaml;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>Takes the YAML of a tenant's settings apart: <c>settings: tianxia</c> and what belongs to it.</summary>
internal static class SettingsReader
{
    public static SettingsSyntax? Read(YamlMap map, Diagnostics diagnostics)
    {
        var members = new Members(map, DefinitionCatalog.Settings, diagnostics).CheckNames();
        if (members.RequiredText("settings") is not { } name) return null;
        var caps = new List<Declared>();
        foreach (var (channel, content) in members.Map("caps"))
        {
            // One cap, or a list of several that all hold.
            var texts = content is YamlList list ? list.Items : [content];
            caps.AddRange(texts.Select(text => Members.TextOf(text, $"the cap of `{channel.Text}`", diagnostics)).OfType<RuleText>()
                .Select(cap => new Declared(channel, cap)));
        }
        return new SettingsSyntax(name, [.. caps]) { Undeclared = members.Text("undeclared"), Names = members.Names("names") ?? [] };
    }
}
