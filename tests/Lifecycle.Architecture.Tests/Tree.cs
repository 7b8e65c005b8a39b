using System.Xml.Linq;

namespace Lifecycle.Architecture.Tests;

/// <summary>The repository on disk, as the tests read it.</summary>
internal static class Tree
{
    private static readonly string[] NotOurs = [".git", "artifacts", "node_modules", "bin", "obj", ".lifecycle", "TestResults", ".vs", ".idea"];
    private static readonly string[] Binary = [".png", ".gz", ".ico", ".woff2", ".jpg", ".dll"];

    public static readonly string Root = FindRoot();

    /// <summary>Every file of the repository below a folder that somebody wrote, with forward slashes from the root.</summary>
    public static IEnumerable<string> Files(string below = "", string extension = "") =>
        Walk(Path.Combine(Root, below))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => file.EndsWith(extension, StringComparison.Ordinal) && !Binary.Contains(Path.GetExtension(file)))
            .Order(StringComparer.Ordinal);

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    /// <summary>The projects under a folder: each one's name with the names it references, or the packages.</summary>
    public static SortedDictionary<string, string[]> References(string below, string element)
    {
        var result = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var file in Files(below, ".csproj"))
        {
            var named = XDocument.Parse(Text(file)).Descendants(element).Attributes("Include")
                .Select(include => element == "ProjectReference" ? Path.GetFileNameWithoutExtension(include.Value.Replace('\\', '/')) : include.Value);
            result[Path.GetFileNameWithoutExtension(file)] = [.. named.Order(StringComparer.Ordinal)];
        }
        return result;
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder))
            if (!NotOurs.Contains(Path.GetFileName(inner)))
                foreach (var file in Walk(inner))
                    yield return file;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from within the repository.");
        return folder.FullName;
    }
}
