using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Checks what a definition declares: attributes, events with their properties, and the names of metrics.</summary>
internal sealed class DeclarationChecker(ReleaseNames names)
{
    private readonly Diagnostics _diagnostics = names.Complaints;

    public void Attributes(EquatableList<Declared> attributes)
    {
        foreach (var (name, written) in attributes)
        {
            if (!IsName(name, "an attribute") || TypeOf(written, out var isPersonal) is not { } type) continue;
            names.Attributes.TryAdd(name.Text, type.Type);
            names.PersonalAttributes.TryAdd(name.Text, isPersonal);
        }
    }

    public void Events(EquatableList<EventContract> events)
    {
        foreach (var (name, properties) in events)
        {
            // As it is named once it is in; of another writing the release's warnings tell.
            var normal = EventNaming.ToSnakeCase(name.Text) is { Length: > 0 } snake ? snake : name.Text;
            if (FactEvents.Properties.ContainsKey(normal) || Vocabulary.FactsNotYet.Contains(normal))
                _diagnostics.Add(name, ErrorCodes.Duplicate,
                    $"`{name.Text}` is a fact that the engine states; its properties are fixed and nobody sends it",
                    "leave it out here; rules can read it as it is");
            var (contract, personal) = (new Dictionary<string, DeclaredType>(), new Dictionary<string, bool>());
            foreach (var (property, written) in properties)
            {
                if (TypeOf(written, out var isPersonal) is not { } type) continue;
                contract.TryAdd(property.Text, type);
                personal.TryAdd(property.Text, isPersonal);
            }
            if (!names.Contracts.TryAdd(normal, contract))
                _diagnostics.Add(name, ErrorCodes.Duplicate, $"two events come in as `{TermBinder.Shorten(normal)}`", "declare it once");
            names.PersonalProperties.TryAdd(normal, personal);
        }
    }

    public void Metrics(EquatableList<Declared> metrics)
    {
        foreach (var (name, _) in metrics)
        {
            if (!IsName(name, "a metric")) continue;
            if (Keywords.Reserved.Contains(name.Text) || Vocabulary.Values.Contains(name.Text) || Vocabulary.Roots.Contains(name.Text)
                || Vocabulary.ValuesNotYet.Contains(name.Text))
                _diagnostics.Add(name, ErrorCodes.Duplicate, $"`{name.Text}` is a word of the language", "give the metric another name");
            else if (names.IsStage(name.Text))
                _diagnostics.Add(name, ErrorCodes.Duplicate, $"`{name.Text}` is a stage or group already", "give the metric another name");
        }
    }

    /// <summary>Titles by language tag.</summary>
    public ImmutableSortedDictionary<string, string> Titles(EquatableList<Titled> titles)
    {
        var known = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (language, title) in titles)
        {
            if (!IsLanguage(language.Text))
                _diagnostics.Add(language, ErrorCodes.Member,
                    $"`{TermBinder.Shorten(language.Text)}` is no language; a tag of two or three letters is expected",
                    "write `en`, `zh` or `zh-TW`");
            if (title.Text.Length > Limits.Title) _diagnostics.Add(title, ErrorCodes.Limit, $"a title has at most {Limits.Title} characters");
            known[language.Text] = title.Text;
        }
        return known.ToImmutable();
    }

    /// <summary>A name that expressions can write.</summary>
    public bool IsName(RuleText name, string what)
    {
        if (Keywords.IsName(name.Text) && name.Text.Length <= Limits.Name) return true;
        _diagnostics.Add(name, ErrorCodes.Member,
            $"`{TermBinder.Shorten(name.Text)}` cannot name {what}; a name has letters, digits and _, and begins with no digit",
            EventNaming.ToSnakeCase(name.Text) is { Length: > 0 } better && Keywords.IsName(better) ? $"write `{better}`" : null);
        return false;
    }

    /// <summary>A name for people and files, which no expression writes.</summary>
    public bool Label(RuleText name, string what)
    {
        if (name.Text.Length is > 0 and <= Limits.Name
            && name.Text.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.')) return true;
        _diagnostics.Add(name, ErrorCodes.Member,
            $"`{TermBinder.Shorten(name.Text)}` cannot name {what}; letters, digits, `-`, `_` and `.` are expected, at most {Limits.Name}");
        return false;
    }

    /// <summary>A tag as BCP 47 has them: a language, then script, region or variant.</summary>
    private static bool IsLanguage(string tag)
    {
        var parts = tag.Split('-');
        return parts[0].Length is 2 or 3 && parts[0].All(char.IsAsciiLetter)
            && parts.Skip(1).All(part => part.Length is >= 2 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
    }

    private DeclaredType? TypeOf(RuleText written, out bool isPersonal)
    {
        var name = TypeName(written.Text, out isPersonal);
        if (Vocabulary.Types.TryGetValue(name, out var type)) return new DeclaredType(type, name == "money");
        if (isPersonal && name.Length == 0)
        {
            _diagnostics.Add(written, ErrorCodes.UnknownName, $"`{Vocabulary.Personal}` is followed by a type", "write `personal text`");
            return null;
        }
        var meant = name.EndsWith(" " + Vocabulary.Personal, StringComparison.Ordinal)
            ? $"{Vocabulary.Personal} {name[..^(Vocabulary.Personal.Length + 1)].TrimEnd()}"
            : Vocabulary.TypesMeant.GetValueOrDefault(name.ToLowerInvariant()) is { } known ? isPersonal ? $"{Vocabulary.Personal} {known}" : known
                : null;
        _diagnostics.Add(written, ErrorCodes.UnknownName,
            $"`{TermBinder.Shorten(written.Text)}` is no type; known are {string.Join(", ", Vocabulary.TypeWords.Select(word => word.Name))}",
            meant is null ? SpellingHint.Hint(name, Vocabulary.Types.Keys) : $"write `{meant}`");
        return null;
    }

    /// <summary>The type in what is written of a name: <c>date</c> of <c>personal date</c>.</summary>
    public static string TypeName(string written, out bool isPersonal)
    {
        var rest = written.Trim();
        isPersonal = rest.StartsWith(Vocabulary.Personal, StringComparison.Ordinal)
            && (rest.Length == Vocabulary.Personal.Length || char.IsWhiteSpace(rest[Vocabulary.Personal.Length]));
        return isPersonal ? rest[Vocabulary.Personal.Length..].TrimStart() : written;
    }
}
