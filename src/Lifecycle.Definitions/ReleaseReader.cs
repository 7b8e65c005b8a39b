using Lifecycle.Definitions.Catalog;
using Lifecycle.Definitions.Yaml;
using Lifecycle.Domain;
using Lifecycle.Domain.Texts;
using Lifecycle.Rules.Checking;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>A compiled release, or what is wrong with its texts: never both, never neither.</summary>
public sealed record ReadResult(Release? Release, IReadOnlyList<SourceError> Errors)
{
    /// <summary>What is legal and surely not meant; empty where there are errors.</summary>
    public IReadOnlyList<SourceError> Warnings { get; init; } = [];
}

/// <summary>A file that somebody hands in, under the name they know it by.</summary>
public sealed record DefinitionFile(string Name, string Text)
{
    /// <summary>What the file is: <c>definition</c>, <c>journey</c> or <c>settings</c>, by the first of these that is one of its members; empty where
    /// none is.</summary>
    /// <remarks>Read from the lines alone, so that a file with mistakes in it is what its writer means it to be.</remarks>
    public string Kind
    {
        get
        {
            foreach (var line in Text.TrimStart('\ufeff').Split('\n'))
            {
                if (DefinitionCatalog.Files.FirstOrDefault(part => IsMember(line, part.Name)) is { } found) return found.Name;
            }
            return "";
        }
    }

    private static bool IsMember(string line, string name)
    {
        var quotes = line.StartsWith('"') || line.StartsWith('\'') ? 1 : 0;
        if (!line.AsSpan(quotes).StartsWith(name, StringComparison.Ordinal)) return false;
        var rest = line.AsSpan(quotes + name.Length);
        if (quotes > 0 && (rest.IsEmpty || rest[0] != line[0])) return false;
        return rest[quotes..].TrimStart() is [':' or '：', ..];
    }
}

/// <summary>Reads texts and compiles them to a release. No text makes it throw; several errors are told at once.</summary>
public static class ReleaseReader
{
    /// <summary>Reads a release under the names <c>definition.yaml</c>, <c>JOURNEY.yaml</c>, …, <c>settings.yaml</c>; a journey whose name cannot be
    /// read, or is too long, is
    /// <c>journey-1.yaml</c> by its place.</summary>
    public static ReadResult Read(ReleaseText text, int number)
    {
        var journeys =
            text.Journeys.Select((journey, index) => new DefinitionFile(
            $"{(JourneyName(journey) is { Length: <= Limits.Name } name ? name : $"journey-{index + 1}")}.yaml", journey)).ToList();
        return Read(new DefinitionFile("definition.yaml", text.Definition), journeys,
            text.Settings is null ? null : new DefinitionFile("settings.yaml", text.Settings), text, number);
    }

    /// <summary>Reads files in any order; each says by its members whether it is the definition, a journey or the settings.</summary>
    /// <returns>The texts as they are published, beside the result; null where there is no definition among them.</returns>
    public static (ReleaseText? Text, ReadResult Result) ReadFiles(IReadOnlyList<DefinitionFile> files, int number)
    {
        var diagnostics = new Diagnostics();
        var kinds = files.ToLookup(file => file.Kind);
        var (definitions, settings) = (kinds["definition"].ToList(), kinds["settings"].ToList());
        foreach (var unknown in kinds[""])
            NoKind(unknown, diagnostics);
        foreach (var second in definitions.Skip(1).Concat(settings.Skip(1)))
            Complain(diagnostics, second, "a release has one definition and one file of settings; this is a second one");
        if (definitions.Count == 0 && diagnostics.Count == 0)
            Complain(diagnostics, files.Count > 0 ? files[0] : new DefinitionFile("definition.yaml", ""), "a release needs a definition",
                "add the file with `definition: NAME`");
        if (diagnostics.Count > 0) return (null, new ReadResult(null, diagnostics.InOrder([.. files.Select(file => file.Name)])));

        var journeys = kinds["journey"].ToList();
        var text = new ReleaseText(definitions[0].Text, [.. journeys.Select(journey => journey.Text)], settings.FirstOrDefault()?.Text);
        return (text, Read(definitions[0], journeys, settings.FirstOrDefault(), text, number));
    }

    private static ReadResult Read(DefinitionFile definition, List<DefinitionFile> journeys, DefinitionFile? settings, ReleaseText text, int number)
    {
        var (diagnostics, warnings) = (new Diagnostics(), new Diagnostics());
        var readDefinition = ReadMap(definition, "definition", diagnostics) is { } map ? DefinitionReader.Read(map, diagnostics) : null;
        var readJourneys = journeys.Select(journey => ReadMap(journey, "journey", diagnostics) is { } one ? JourneyReader.Read(one,
            diagnostics) : null).ToList();
        var readSettings = settings is not null && ReadMap(settings, "settings", diagnostics) is { } set ? SettingsReader.Read(set, diagnostics)
            : null;

        var release = readDefinition is null ? null
            : new ReleaseChecker(diagnostics, warnings).Check(readDefinition, [.. readJourneys.OfType<JourneySyntax>()], readSettings, number,
            text.Hash, text.Map);
        var names = new List<string>([definition.Name, .. journeys.Select(journey => journey.Name)]);
        return new ReadResult(diagnostics.Count == 0 ? release : null, diagnostics.InOrder(names))
        {
            Warnings = diagnostics.Count == 0 ? warnings.InOrder(names) : [],
        };
    }

    /// <summary>The name of a journey by its text; null where it cannot be read.</summary>
    public static string? JourneyName(string text)
    {
        var diagnostics = new Diagnostics();
        return ReadMap(new DefinitionFile("journey.yaml", text), "journey", diagnostics) is { } map ? JourneyReader.Read(map, diagnostics)?.Name.Text
            : null;
    }

    /// <summary>The name of a definition by its text; null where it cannot be read.</summary>
    public static string? DefinitionName(string text) =>
        ReadMap(new DefinitionFile("definition.yaml", text), "definition", new Diagnostics()) is { } map
        ? DefinitionReader.Read(map, new Diagnostics())?.Name.Text : null;

    internal static YamlMap? ReadMap(DefinitionFile file, string kind, Diagnostics diagnostics)
    {
        // A byte order mark says nothing and would only shift the columns. What events say is in Unicode's form C, so what they are compared with is
        // too.
        var source = new SourceFile(file.Name, Nfc.Of(file.Text.TrimStart('\ufeff')));
        switch (YamlReader.Read(source, diagnostics))
        {
            case YamlMap map:
                return map;
            case { } other:
                var hint = YamlHints.For(source.LineAt(1));
                diagnostics.Add(source, other.Place with { Length = 1 }, ErrorCodes.Yaml,
                    $"expected names, each followed by a colon, beginning with `{kind}:`", hint);
                return null;
            default:
                return null;
        }
    }

    /// <returns>Null, to be returned.</returns>
    internal static string? NoKind(DefinitionFile file, Diagnostics diagnostics)
    {
        Complain(diagnostics, file,
            $"a file has a member {string.Join(" or ", DefinitionCatalog.Files.Select(part => $"`{part.Name}:`"))}, which says what it is");
        return null;
    }

    private static void Complain(Diagnostics diagnostics, DefinitionFile file, string message, string? hint = null) =>
        diagnostics.Add(new SourceFile(file.Name, file.Text), new Span(0, 1), ErrorCodes.Member, message, hint);
}
