using Lifecycle.Cli.Import;

namespace Lifecycle.Cli.Tests.Import;

public sealed class ImportMapReaderTests
{
    [Fact]
    public void A_map_is_read_with_all_that_it_may_say()
    {
        var map = Maps.Of("""
            format: tsv
            header: false
            event: { column: c2, names: { iap: order_completed } }
            customer: "p-{c1}"
            time: { column: c3, format: yyyyMMdd, zone: Europe/Paris }
            id: "{c1}/{c3}"
            where: c4 != 0 and c2 = 'a and b'
            properties:
              revenue: { column: c4, type: money }
              currency: { value: EUR }
              kind: c2
            """);
        Assert.Equal((RowFormat.Tsv, false, "Europe/Paris"), (map.Format, map.Header, map.Time.Zone?.Id));
        Assert.Equal(["c2", "c1", "c3", "c4"], map.Columns);
        Assert.Equal(("order_completed", 0), (map.Event.Names["iap"], map.Event.Column));
        Assert.Equal([("revenue", ImportType.Money), ("currency", ImportType.Text), ("kind", ImportType.Text)],
            map.Properties.Select(property => (property.Name, property.Type)));
    }

    [Fact]
    public void All_mistakes_are_told_with_their_lines()
    {
        var (map, errors) = ImportMapReader.Read("""
            format: xls
            header: maybe
            evnt: order
            customer: "cdnow"
            time: { column: date, format: "yyyy-QQ", zone: Mars/Olympus }
            id: "{order"
            where: dollar_value about 3
            properties:
              revenue: { column: a, type: coins }
              items: [1]
              count: { value: many, type: number }
              both: { value: 1, column: a }
            """, "m.yaml");
        Assert.Null(map);
        Assert.Equal([1, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12], errors.Select(error => error.Line).Order());
        Assert.Contains(errors, error => error.ToString() == "m.yaml:1:9: format is one of csv, tsv, spaces, ndjson.");
        Assert.Contains(errors, error => error.Message == "event is missing.");
        Assert.Contains(errors, error => error is { Line: 5, Column: 31 });
    }

    [Theory]
    [InlineData("a: ]", 1)]
    [InlineData("- a", 1)]
    [InlineData("", 1)]
    [InlineData("format: csv\nformat: tsv", 2)]
    public void What_is_no_map_at_all_is_told_too(string yaml, int line) => Assert.Equal(line, Assert.Single(ImportMapReader.Read(yaml, "m.yaml").Errors).Line);

    [Theory]
    [InlineData("shop/maps/cdnow"), InlineData("tianxia/maps/intendo-sessions"), InlineData("tianxia/maps/intendo-revenue")]
    public void The_samples_maps_are_good(string name) => Maps.Sample(name);
}
