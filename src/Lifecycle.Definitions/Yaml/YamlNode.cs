using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions.Yaml;

/// <summary>A piece of a YAML file and where it stands. The set is closed.</summary>
/// <param name="Place">From its first character to its last.</param>
internal abstract record YamlNode(SourceFile File, Span Place);

/// <summary>A value: always text, whatever it looks like.</summary>
internal sealed record YamlScalar(SourceFile File, Span Place, RuleText Text) : YamlNode(File, Place)
{
    public bool IsEmpty => Text.Text.Length == 0;
}

internal sealed record YamlList(SourceFile File, Span Place, IReadOnlyList<YamlNode> Items) : YamlNode(File, Place);

/// <summary>Names with what stands under them, in the order they are written; no name twice.</summary>
internal sealed record YamlMap(SourceFile File, Span Place, IReadOnlyList<YamlMember> Members) : YamlNode(File, Place);

internal sealed record YamlMember(RuleText Name, YamlNode Content);
