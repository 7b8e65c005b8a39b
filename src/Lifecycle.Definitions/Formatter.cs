using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>A file in its canonical writing, or what keeps it from being read.</summary>
/// <param name="IsCanonical">The file is written so already, comments and empty lines aside.</param>
public sealed record FormatResult(string? Text, bool IsCanonical, IReadOnlyList<SourceError> Errors);

/// <summary>Brings a definition, a journey or settings into their canonical writing. Comments are not kept.</summary>
public static class Formatter
{
    public static FormatResult Format(DefinitionFile file)
    {
        var diagnostics = new Diagnostics();
        var text = file.Kind switch
        {
            "definition" => ReleaseReader.ReadMap(file, "definition", diagnostics) is { } map
                && DefinitionReader.Read(map, diagnostics) is { } definition
                ? DefinitionPrinter.Print(definition) : null,
            "journey" => ReleaseReader.ReadMap(file, "journey", diagnostics) is { } map && JourneyReader.Read(map, diagnostics) is { } journey
                ? DefinitionPrinter.Print(journey) : null,
            "settings" => ReleaseReader.ReadMap(file, "settings", diagnostics) is { } map && SettingsReader.Read(map, diagnostics) is { } settings
                ? DefinitionPrinter.Print(settings) : null,
            _ => ReleaseReader.NoKind(file, diagnostics),
        };
        return diagnostics.Count > 0 ? new FormatResult(null, false, diagnostics.InOrder())
            : new FormatResult(text, Bare(file.Text) == Bare(text!), []);
    }

    /// <summary>The lines without comments and emptiness. A ` #` in quotes is cut off on both sides alike, which does no harm here.</summary>
    private static string Bare(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(WithoutComment).Where(line => line.Length > 0));

    private static string WithoutComment(string line)
    {
        var cut = line.TrimStart().StartsWith('#') ? 0 : line.IndexOf(" #", StringComparison.Ordinal);
        return (cut < 0 ? line : line[..cut]).TrimEnd();
    }
}
