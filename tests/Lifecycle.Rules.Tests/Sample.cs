using Lifecycle.Definitions;
using Lifecycle.Domain;

namespace Lifecycle.Rules.Tests;

/// <summary>A template of the folder <c>samples</c>: its definition, journeys and settings, as they would be published.</summary>
internal static class Sample
{
    public static IReadOnlyList<DefinitionFile> FilesOf(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Lifecycle.sln"))) root = root.Parent;
        var folder = Path.Combine(root.FullName, "samples", name);
        return [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            .Select(path => new DefinitionFile($"{name}/{Path.GetFileName(path)}", File.ReadAllText(path)))];
    }

    public static Release Compile(string name)
    {
        var result = ReleaseReader.ReadFiles([.. FilesOf(name)], 1).Result;
        Assert.Equal("", string.Join('\n', result.Errors));
        return result.Release!;
    }
}
