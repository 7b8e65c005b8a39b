using Lifecycle.Definitions;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Cli.Commands;

/// <summary>The YAML files of a release, from the command line.</summary>
internal static class ReleaseFiles
{
    /// <exception cref="CommandFailedException">A file cannot be read.</exception>
    public static List<DefinitionFile> Read(IEnumerable<string> paths)
    {
        var files = new List<DefinitionFile>();
        foreach (var path in paths)
        {
            try
            {
                files.Add(new DefinitionFile(path, File.ReadAllText(path)));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException($"The file {path} cannot be read: {unreadable.Message}", unreadable);
            }
        }
        return files;
    }

    public static void PrintWarnings(IReadOnlyList<SourceError> warnings)
    {
        foreach (var warning in warnings) Console.Error.WriteLine($"warning: {warning}");
        if (warnings.Count > 0) Console.Error.WriteLine(warnings.Count == 1 ? "1 warning." : $"{warnings.Count} warnings.");
    }

    public static void Print(IReadOnlyList<SourceError> errors)
    {
        foreach (var error in errors) Console.Error.WriteLine(error);
        Console.Error.WriteLine(errors.Count == 1 ? "1 error." : $"{errors.Count} errors.");
    }
}
