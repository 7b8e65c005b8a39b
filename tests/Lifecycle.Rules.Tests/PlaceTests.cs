using Lifecycle.Definitions;

namespace Lifecycle.Rules.Tests;

/// <summary>Errors point at the very characters, whatever way YAML was used to write them.</summary>
public sealed class PlaceTests
{
    [Theory]
    [InlineData("m: 1 + typo", 3, 10)]
    [InlineData("m: '1 + typo'", 3, 11)]
    [InlineData("m: \"1 + typo\"", 3, 11)]
    [InlineData("m: '''a'' == typo'", 3, 16)]
    [InlineData("m: \"\\\"a\\\" == typo\"", 3, 16)]
    [InlineData("m: 1 +\n     typo", 4, 6)]
    [InlineData("m: >\n    1 +\n    typo", 5, 5)]
    [InlineData("m: |\n    1 +\n      typo", 5, 7)]
    [InlineData("m: |-\n    'typo' == typo", 4, 15)]
    [InlineData("m:     1 + typo      # a comment", 3, 14)]
    [InlineData("m: '中文' == typo", 3, 0)]
    public void A_place_is_exact(string metric, int line, int column)
    {
        if (column == 0) (metric, column) = ("m: \"'中文' == typo\"", 15);
        var error = Assert.Single(Written.Read($"definition: test\nmetrics:\n  {metric}\nzone: UTC\n").Errors);
        Assert.Equal((line, column, 4), (error.Line, error.Column, error.Length));
    }

    [Fact]
    public void Lines_may_end_as_on_windows_and_a_byte_order_mark_counts_for_nothing()
    {
        var error = Assert.Single(Written.Read("\ufeffdefinition: test\r\nmetrics:\r\n  a: 1\r\n  b: 1 +\r\n    typo\r\n").Errors);
        Assert.Equal((5, 5, 4), (error.Line, error.Column, error.Length));
    }

    [Fact]
    public void An_error_names_its_file()
    {
        var (_, result) = ReleaseReader.ReadFiles(
            [new("stages.yaml", "definition: test\nzone: Mars\n"), new("hello.yaml", "journey: hello\ntrigger: enter x\nsteps:\n  - end\n")], 1);
        Assert.Equal(["stages.yaml:2:7", "hello.yaml:2:16"], result.Errors.Select(error => $"{error.File}:{error.Line}:{error.Column}"));
    }

    [Fact]
    public void A_comment_after_two_spaces_is_a_comment()
    {
        Assert.Empty(Written.Read("definition: test  # a comment\nmetrics:  # more\n  m: count(session_start in 7 days)    # and more\n").Errors);
        Assert.Equal("a #1", Assert.Single(Written.Read("definition: test\ntracks:\n  t:\n    - stage: s\n      title: 'a #1'\n").Release!.Tracks[0].First.Titles).Value);
    }

    /// <summary>Signs that begin an alias, an anchor or a tag mean nothing within a value.</summary>
    [Theory]
    [InlineData("1 *2")]
    [InlineData("age *2 > 3 days and 1 * 2 > 1")]
    [InlineData("(1 + 1)*2")]
    public void A_product_may_be_written_without_blanks(string rule)
    {
        Assert.Empty(Written.Read($"definition: test\nmetrics:\n  m: {rule}\n  n: 1\n").Errors);
        Assert.Empty(Written.Read($"definition: test\nmetrics: {{ m: {rule}, n: {rule} }}\n").Errors);
    }
}
