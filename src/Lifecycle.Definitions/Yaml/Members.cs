using Lifecycle.Definitions.Catalog;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Checking;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions.Yaml;

/// <summary>Takes a map apart by name, and points out what is unknown, missing or of another form than expected.</summary>
internal sealed class Members(YamlMap map, CatalogSection part, Diagnostics diagnostics)
{
    /// <summary>Reports members that do not belong here.</summary>
    public Members CheckNames()
    {
        foreach (var (name, _) in map.Members)
        {
            if (part.Has(name.Text)) continue;
            if (part.NotYet.Contains(name.Text)) diagnostics.Add(name, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(name.Text));
            else diagnostics.Add(name, ErrorCodes.Member,
                $"`{Shorten(name.Text)}` is no part of {part.What}; known are {string.Join(", ", Known)}", SpellingHint.Hint(name.Text, Known));
        }
        return this;
    }

    private IEnumerable<string> Known => part.Members.Select(member => member.Name);

    public YamlNode? Find(string name) => map.Members.FirstOrDefault(member => member.Name.Text == name)?.Content;

    /// <summary>A text; null where absent or not a text.</summary>
    public RuleText? Text(string name) => Find(name) is { } node ? TextOf(node, $"`{name}`", diagnostics) : null;

    /// <summary>A text that must be there.</summary>
    public RuleText? RequiredText(string name)
    {
        if (Find(name) is not null) return Text(name);
        diagnostics.Add(map.File, map.Place with { Length = 1 }, ErrorCodes.Member, $"{part.What} needs `{name}`", $"write `{name}: …`");
        return null;
    }

    public IReadOnlyList<YamlNode>? List(string name) => Find(name) switch
    {
        null => null,
        YamlList list => list.Items,
        { } other => Wrong<IReadOnlyList<YamlNode>>(other, $"`{name}` is a list: each item on a line of its own after `- `, or [a, b]"),
    };

    /// <summary>Names, as a list or one alone; null where absent.</summary>
    public EquatableList<RuleText>? Names(string name) => Find(name) is YamlScalar { IsEmpty: false } one
        ? [one.Text]
        : List(name) is { } items ? [.. items.Select(item => TextOf(item, $"a name under `{name}`", diagnostics)).OfType<RuleText>()] : null;

    /// <summary>Names and what stands under them; empty where absent.</summary>
    public IReadOnlyList<YamlMember> Map(string name) => Find(name) switch
    {
        null or YamlScalar { IsEmpty: true } => [],
        YamlMap inner => inner.Members,
        { } other => Wrong<IReadOnlyList<YamlMember>>(other, $"under `{name}` names are expected, each followed by a colon") ?? [],
    };

    /// <summary>Titles by language; a bare text is English.</summary>
    public EquatableList<Titled> Titles() => Find("title") switch
    {
        null => [],
        YamlScalar bare => [new Titled(new RuleText(bare.File, "en", bare.Place), bare.Text)],
        _ => [.. Declarations("title").Select(title => new Titled(title.Name, title.Content))],
    };

    /// <summary>Names, each with a text.</summary>
    public EquatableList<Declared> Declarations(string name) => DeclarationsOf(Map(name), diagnostics);

    public static EquatableList<Declared> DeclarationsOf(IReadOnlyList<YamlMember> members, Diagnostics diagnostics)
    {
        var declared = new List<Declared>();
        foreach (var (member, content) in members)
        {
            if (TextOf(content, $"`{Shorten(member.Text)}`", diagnostics) is { } text) declared.Add(new Declared(member, text));
        }
        return [.. declared];
    }

    public static RuleText? TextOf(YamlNode node, string what, Diagnostics diagnostics)
    {
        switch (node)
        {
            case YamlScalar { IsEmpty: false } scalar:
                return scalar.Text;
            case YamlScalar:
                diagnostics.Add(node.File, node.Place, ErrorCodes.Member, $"{what} has no value");
                return null;
            default:
                diagnostics.Add(node.File, node.Place with { Length = 1 }, ErrorCodes.Member,
                    $"{what} is a text, found a {(node is YamlList ? "list" : "map")}", node is YamlList
                        ? "write one value; several conditions are joined with `and` or `or`, without brackets around them"
                        : "a value that begins with { is put in quotes");
                return null;
        }
    }

    private T? Wrong<T>(YamlNode node, string message) where T : class
    {
        var hint = node is YamlScalar scalar ? YamlHints.For(scalar.Text.Text) : null;
        diagnostics.Add(node.File, node.Place with { Length = Math.Min(node.Place.Length, 40) }, ErrorCodes.Member, message, hint);
        return null;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
