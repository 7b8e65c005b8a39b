namespace Lifecycle.Architecture.Tests;

public sealed class Sizes
{
    private const int FileLinesMax = 400, MethodLinesMax = 60;

    /// <summary>What may be longer, with the reason.</summary>
    private static readonly Dictionary<string, string> Longer = [];

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        var files = Tree.Files("src").Concat(Tree.Files("tests", ".cs")).Where(file => !file.EndsWith("packages.lock.json", StringComparison.Ordinal));
        foreach (var file in files.Where(file => !Longer.ContainsKey(file)))
            Assert.True(Tree.Lines(file).Length <= FileLinesMax, $"{file} has {Tree.Lines(file).Length} lines.");
    }

    [Fact]
    public void No_method_is_longer_than_60_lines()
    {
        foreach (var project in Tree.References("src", "ProjectReference").Keys)
        {
            using var compiled = Compiled.Open(project);
            foreach (var (method, lines) in compiled.Lengths().Where(found => !Longer.ContainsKey(found.Method)))
                Assert.True(lines <= MethodLinesMax, $"{method} has {lines} lines.");
        }
    }
}
