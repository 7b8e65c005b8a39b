using System.Text;

namespace Lifecycle.Definitions.Yaml;

/// <summary>Lines of YAML, each at its depth, two blanks to a level.</summary>
internal sealed class Page
{
    private readonly StringBuilder _text = new();

    public void Line(int depth, string text) => _text.Append(' ', 2 * depth).Append(text).Append('\n');

    /// <summary>A name and its text; nothing where there is no text.</summary>
    public void Member(int depth, string name, string? text)
    {
        if (text is not null) Line(depth, $"{YamlText.Of(name)}: {YamlText.Of(text)}");
    }

    /// <summary>A name and its rule; nothing where there is none.</summary>
    public void Rule(int depth, string name, string? rule)
    {
        if (rule is not null) Line(depth, $"{YamlText.Of(name)}: {YamlText.Rule(rule)}");
    }

    /// <summary>A name with members below it, after an empty line.</summary>
    public void Section(string name)
    {
        _text.Append('\n');
        Line(0, name + ":");
    }

    /// <summary>A name with so many items below it.</summary>
    public void Items(int depth, string name, int count) => Line(depth, YamlText.Of(name) + (count == 0 ? ": []" : ":"));

    public override string ToString() => _text.ToString();
}
