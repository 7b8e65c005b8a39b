using System.Text.RegularExpressions;
using Lifecycle.Cli.Import;

namespace Lifecycle.Ingestion.Tests.Import;

/// <summary>What docs/import-maps.md shows is what the reader reads.</summary>
public sealed class ImportMapReferenceTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Root().FullName, "docs/import-maps.md"));

    [Fact]
    public void Every_map_in_the_reference_is_read()
    {
        var maps = Regex.Matches(Text, "```yaml\n(.*?)```", RegexOptions.Singleline).Select(block => block.Groups[1].Value).ToList();
        Assert.NotEmpty(maps);
        Assert.All(maps, map => Assert.Empty(ImportMapReader.Read(map, "import-maps.md").Errors));
    }

    [Fact]
    public void Every_member_format_and_type_is_explained()
    {
        var (_, errors) = ImportMapReader.Read("unknown: 1", "map.yaml");
        var members = Regex.Match(errors[0].Message, "known are (.*)\\.").Groups[1].Value.Split(", ");
        Assert.All(members, member => Assert.Contains($"| `{member}` |", Text, StringComparison.Ordinal));
        foreach (var word in Enum.GetNames<RowFormat>().Concat(Enum.GetNames<ImportType>()))
            Assert.Contains($"`{word.ToLowerInvariant()}`", Text, StringComparison.Ordinal);
    }

    private static DirectoryInfo Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Lifecycle.sln"))) folder = folder.Parent!;
        return folder;
    }
}
