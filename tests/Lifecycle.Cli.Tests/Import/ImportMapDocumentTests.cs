using System.Text;
using System.Text.RegularExpressions;
using Lifecycle.Cli.Import;
using NodaTime;

namespace Lifecycle.Cli.Tests.Import;

/// <summary>What docs/import-maps.md shows is what maps are.</summary>
public sealed partial class ImportMapDocumentTests
{
    private const string Needed = "event: e\ncustomer: \"{a}\"\ntime: b\n";

    private static readonly string Document = File.ReadAllText(Path.Combine(Root(), "docs/import-maps.md"));

    [Fact]
    public void The_example_makes_the_event_that_is_shown_beside_it()
    {
        using var file = new TemporaryFile(Shown("csv").Single(), ".csv");
        var map = Maps.Of(Shown("yaml")[0]);
        var mapper = new RowMapper(new ImportTenant(Instant.FromUtc(2026, 1, 1, 0, 0), DateTimeZone.Utc));
        var rows = RowReader.Read(file.Name, map).Select(row => mapper.Map(row, new ImportSource(file.Name, map), 0)).ToList();
        Assert.All(rows, row => Assert.Null(row.Bad));
        var events = rows.Where(row => row.Row is not null).Select(row => Encoding.UTF8.GetString(row.Row!.Value.Message)).ToList();
        Assert.Equal((3, 2), (rows.Count, events.Count));
        Assert.Equal(Shown("json").Single().Trim(), events[0]);
        Assert.Equal(["ann"], mapper.Customers);
    }

    [Fact]
    public void Every_part_of_a_map_that_is_shown_can_be_read()
    {
        var parts = Shown("yaml")[1..];
        Assert.NotEmpty(parts);
        foreach (var part in parts)
        {
            var member = part[..part.IndexOf(':', StringComparison.Ordinal)];
            Maps.Of(string.Concat(Needed.Split('\n').Where(line => !line.StartsWith(member + ":", StringComparison.Ordinal)).Select(line => line + "\n")) + part);
        }
    }

    [Theory]
    [InlineData("orders.map.yaml:1:9: format is one of csv, tsv, spaces, ndjson.", "format: xls\nevent: e\ncustomer: \"{a}\"\ntime: b\n")]
    [InlineData("orders.map.yaml:1:1: event is missing.", "format: csv\ncustomer: \"{a}\"\ntime: b\n")]
    [InlineData("orders.map.yaml:5:31: The format cannot be read: ", "format: csv\nheader: true\nevent: e\ncustomer: \"{a}\"\ntime: { column: date, format: \"yyyy-QQ\" }\n")]
    public void A_mistake_is_worded_as_shown(string shown, string map)
    {
        Assert.Contains(shown, Document, StringComparison.Ordinal);
        Assert.StartsWith(shown, Assert.Single(ImportMapReader.Read(map, "orders.map.yaml").Errors).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders.csv:3: total: \"7,50\" is not a money.", "a,b,c,d,total\n1,2020-01-01,x,y,5\n1,2020-01-01,x,y,\"7,50\"\n")]
    [InlineData("orders.csv:4: The row has 4 fields, not 5.", "a,b,c,d,total\n1,2020-01-01,x,y,5\n\n1,2020-01-01,x,y\n")]
    public void A_bad_row_is_worded_as_shown(string shown, string rows)
    {
        Assert.Contains(shown, Document, StringComparison.Ordinal);
        using var file = new TemporaryFile(rows, ".csv");
        var map = Maps.Of(Needed + "properties: { total: { column: total, type: money } }\n");
        var mapper = new RowMapper(new ImportTenant(Instant.FromUtc(2026, 1, 1, 0, 0), DateTimeZone.Utc));
        var bad = RowReader.Read(file.Name, map).Select(row => mapper.Map(row, new ImportSource("orders.csv", map), 0).Bad).Single(row => row is not null);
        Assert.Equal(shown, bad!.ToString());
    }

    [Fact]
    public void Its_lists_are_complete()
    {
        Assert.All(Enum.GetNames<RowFormat>(), name => Assert.Contains($"| `{name.ToLowerInvariant()}` |", Document, StringComparison.Ordinal));
        Assert.All(Enum.GetNames<ImportType>(), name => Assert.Matches($@"\| (`\w+`, )?`{name.ToLowerInvariant()}`(, `\w+`)? \|", Document));
        // The message about a member that is none lists them all.
        var members = Assert.Single(ImportMapReader.Read(Needed + "other: x\n", "m").Errors).Message.Split("known are ")[1].TrimEnd('.').Split(", ");
        Assert.All(members, name => Assert.Contains($"| `{name}` |", Document, StringComparison.Ordinal));
    }

    private static string[] Shown(string language) =>
        [.. Block().Matches(Document).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["text"].Value)];

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Lifecycle.sln"))) return folder;
        throw new InvalidOperationException("The tests do not lie in the repository.");
    }

    [GeneratedRegex("```(?<language>[a-z]+)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
