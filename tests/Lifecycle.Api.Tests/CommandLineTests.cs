using Lifecycle.Cli;
using Lifecycle.Cli.Import;

namespace Lifecycle.Api.Tests;

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
    public void Verify_takes_no_address_of_a_server() => Assert.NotNull(CommandLine.Mistake(CommandLine.Parse(["verify", "--url", "http://127.0.0.1:5080"])));
}
