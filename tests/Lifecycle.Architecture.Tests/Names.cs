using System.Text.RegularExpressions;

namespace Lifecycle.Architecture.Tests;

public sealed class Names
{
    private const int LineLengthMax = 150;

    private static readonly Regex Declaration = new(
        @"^\s*(?:(?:public|internal|private|protected|file|static|sealed|abstract|readonly|partial|ref)\s+)*"
        + @"(?:class|record struct|record class|record|struct|interface|enum)\s+(\w+)(<[^>({]+>)?", RegexOptions.Multiline);

    private static IEnumerable<string> Sources => new[] { "src", "tests", "benchmarks" }.SelectMany(folder => Tree.Files(folder, ".cs"));

    [Fact]
    public void A_namespace_is_the_folder_of_its_file()
    {
        foreach (var file in Sources)
        {
            if (Regex.Match(Tree.Text(file), "^namespace ([^;{\r\n]+);", RegexOptions.Multiline) is not { Success: true } declared) continue;
            var folder = string.Join('.', file.Split('/')[1..^1]);
            Assert.True(declared.Groups[1].Value == folder, $"{file} is in the namespace {declared.Groups[1].Value}, and its folder is {folder}.");
        }
    }

    [Fact]
    public void No_two_types_share_a_name()
    {
        var declared = Sources.SelectMany(file => Declaration.Matches(Tree.Text(file))
            .Select(match => (Name: match.Groups[1].Value + Regex.Replace(match.Groups[2].Value, @"[^<>,]", ""), File: file)));
        foreach (var name in declared.Distinct().GroupBy(type => type.Name))
            Assert.True(name.Count() == 1, $"{name.Key} is declared in {string.Join(" and in ", name.Select(type => type.File))}.");
    }

    [Fact]
    public void No_line_of_the_product_is_longer_than_150_columns()
    {
        foreach (var file in Tree.Files("src", ".cs"))
        {
            var lines = Tree.Lines(file);
            for (var i = 0; i < lines.Length; i++)
                Assert.True(lines[i].Length <= LineLengthMax, $"{file}, line {i + 1} has {lines[i].Length} columns.");
        }
    }
}
