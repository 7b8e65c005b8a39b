using Lifecycle.Cli.Import;

namespace Lifecycle.Cli.Tests.Import;

public sealed class RowReaderTests
{
    private const string Map = """
        event: e
        customer: "{b}"
        time: { column: a }
        """;

    [Fact]
    public void Quoted_fields_may_hold_commas_quotation_marks_and_line_ends() => Assert.Equal(
        [("1,5", "x", 2), ("say \"hi\"", "two\nlines", 3), ("", "end", 5)],
        Read("a,b\r\n\"1,5\",x\r\n\"say \"\"hi\"\"\",\"two\nlines\"\r\n\"\",end", "csv"));

    [Fact]
    public void Tabs_and_white_space_part_fields_as_well()
    {
        Assert.Equal([("1 \"x", "", 2)], Read("a\tb\n1 \"x\t\n", "tsv"));
        Assert.Equal([("1", "2", 2), ("3", "4", 4)], Read(" a  b\n 1   2 \n\n3\t4\n", "spaces"));
    }

    [Fact]
    public void Rows_of_JSON_are_read_by_name_and_path()
    {
        var rows = ReadAll("""
            {"a":1.50,"b":"x"}
            {"b":true,"a":null}
            nonsense
            [1]
            {"a":{"c":1},"b":{"d":"deep"}}
            """, Maps.Of(Map.Replace("{b}", "{b.d}", StringComparison.Ordinal) + "\nformat: ndjson"), ".ndjson");
        Assert.Equal([true, true, false, false, true], rows.Select(row => row.Fault is null));
        Assert.Equal(["1.50", null, "{\"c\":1}"], rows.Where(row => row.Fault is null).Select(row => row.Values[1]));
        Assert.Equal("deep", rows[^1].Values[0]);
    }

    [Fact]
    public void A_compressed_file_is_opened() => Assert.Equal([("1", "2", 2)], Read("a,b\n1,2", "csv", ".csv.gz"));

    [Fact]
    public void Columns_without_a_header_are_numbered() => Assert.Equal("2",
        ReadAll("1 2 3", Maps.Of("format: spaces\nheader: false\nevent: e\ncustomer: '{c2}'\ntime: c1")).Single().Values[0]);

    [Fact]
    public void A_bad_row_is_told_and_the_rest_is_read()
    {
        var rows = ReadAll("a,b\n1,2,3\n\"open,5\n6,7\n\"x\"y,1\n8,9", Maps.Of(Map));
        Assert.Equal([(2, false), (3, false), (4, true), (5, false), (6, true)], rows.Select(row => (row.Line, row.Fault is null)));
    }

    [Fact]
    public void A_column_that_the_file_lacks_is_told_before_anything_is_sent()
    {
        var failure = Assert.Throws<ImportFailedException>(() => ReadAll("a,c\n1,2", Maps.Of(Map)));
        Assert.EndsWith("has no column b; it has a, c.", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ImportFailedException>(() => RowReader.Read("/nowhere/at-all.csv", Maps.Of(Map)).ToList());
    }

    [Theory, InlineData(0.3, 0), InlineData(0.99, 0), InlineData(1, 8), InlineData(0, 0)]
    public void A_compressed_file_that_is_cut_off_or_damaged_is_refused(double length, int damaged)
    {
        using var file = new TemporaryFile("a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(row => $"{row * 7919 % 10007},{row}\n")), ".csv.gz");
        var whole = File.ReadAllBytes(file.Name);
        if (damaged > 0) whole[^damaged] ^= 1;
        File.WriteAllBytes(file.Name, length == 0 ? "hello"u8 : whole.AsSpan(0, (int)(whole.Length * length)));
        var failure = Assert.Throws<ImportFailedException>(() => RowReader.Read(file.Name, Maps.Of(Map)).Count());
        Assert.StartsWith($"{file.Name} cannot be read to its end; it is damaged or cut off", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string?, string?, int)> Read(string text, string format, string extension = ".csv") =>
        ReadAll(text, Maps.Of(Map + "\nformat: " + format), extension).Select(row => (row.Values[1], row.Values[0], row.Line));

    private static List<ImportedEvent> ReadAll(string text, ImportMap map, string extension = ".csv")
    {
        using var file = new TemporaryFile(text, extension);
        return [.. RowReader.Read(file.Name, map)];
    }
}
