using Lifecycle.Cli;
using Lifecycle.Cli.Commands;
using Lifecycle.Cli.Import;
using Lifecycle.Domain.Events;
using Lifecycle.Projections.Replaying;
using NodaTime;

namespace Lifecycle.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("There is no command 'nonsense'; there are import, validate, format, schema, publish, verify, rebuild, archive.", "nonsense")]
    [InlineData("There is no option '--loud' before a command.", "--loud")]
    [InlineData("Say what to do: import, validate, format, schema, publish, verify, rebuild, archive. lifecycle --help tells more.")]
    public void A_command_line_that_is_none_is_answered_in_a_sentence(string sentence, params string[] arguments) =>
        Assert.Equal(sentence, CommandLine.Mistake(CommandLine.Parse(arguments)));

    [Theory]
    [InlineData("--help")]
    [InlineData("verify", "--json")]
    [InlineData("verify", "--help")]
    public void What_there_is_is_no_mistake(params string[] arguments) => Assert.Null(CommandLine.Mistake(CommandLine.Parse(arguments)));

    [Fact]
    public void A_file_of_JSON_read_as_csv_is_told_what_its_map_lacks()
    {
        var map = ImportMapReader.Read("event: e\ncustomer: \"{b}\"\ntime: { column: a }\n", "map.yaml").Map!;
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "{\"a\":\"2026-01-01T00:00:00Z\",\"b\":\"ann\"}\n");
            var failure = Assert.Throws<ImportFailedException>(() => RowReader.Read(file, map).ToList());
            Assert.Equal($"{file} has a JSON object on each line, but its map reads csv; write 'format: ndjson' into the map.", failure.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Each_value_that_differs_is_told_on_one_line_with_customer_fact_and_path()
    {
        var stored = new ComparedFact(Instant.FromUtc(2026, 1, 31, 9, 0), "stage_changed", 1, """{"to":"gold","because":{"parts":[{"value":26.3}]}}""", default, 0);
        var difference = new FactDifference(3, "live", new CustomerKey(Guid.Empty), "ann", default, stored,
            stored with { Ordinal = 1, Open = """{"to":"gold","because":{"parts":[{"value":26.30},{}]}}""" });
        Assert.Equal([
            "tenant live, customer ann: stage_changed of 2026-01-31T09:00:00.000Z ordinal: 0 in the log, 1 recomputed",
            "tenant live, customer ann: stage_changed of 2026-01-31T09:00:00.000Z because.parts[0].value: 26.3 in the log, 26.30 recomputed",
            "tenant live, customer ann: stage_changed of 2026-01-31T09:00:00.000Z because.parts[1]: nothing in the log, {} recomputed",
        ], DifferenceLines.Lines([difference]));
    }

    [Theory]
    [InlineData("purchases < 0", 0, 1)]
    [InlineData("purchases >= 2", 0, 0)]
    [InlineData("purchasess >= 2", 1, 1)]
    public async Task Validate_fails_on_errors_and_when_strict_on_warnings_too(string when, int code, int strict)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"title: Odd\ndefinition: odd\nmetrics:\n  purchases: count(order_completed)\ntracks:\n  life:\n    - stage: new\n      when: purchases == 0\n    - stage: old\n      when: {when}\n");
            Assert.Equal((code, strict), (await CommandLine.Parse(["validate", file]).InvokeAsync(), await CommandLine.Parse(["validate", file, "--strict"]).InvokeAsync()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Verify_takes_no_address_of_a_server() => Assert.NotNull(CommandLine.Mistake(CommandLine.Parse(["verify", "--url", "http://127.0.0.1:5080"])));
}
