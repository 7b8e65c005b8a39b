namespace Lifecycle.Ingestion.Tests.Answers;

public sealed class SeenTokenTests
{
    [Fact]
    public void A_token_reaches_to_the_last_position_of_each_shard()
    {
        var token = SeenToken.Of([(3, 10), (0, 7), (3, 12), (5, 0), (3, 11)]);
        Assert.Equal([(0, 7L), (3, 12L)], token.Positions.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(token.Positions, SeenToken.Parse(token.ToString())!.Positions);
    }

    [Fact]
    public void Two_tokens_together_reach_as_far_as_both() => Assert.Equal([(0, 9L), (1, 2L), (2, 5L)],
        SeenToken.Of([(0, 9), (1, 2)]).And(SeenToken.Of([(0, 3), (2, 5)])).Positions.Select(entry => (entry.Key, entry.Value)));

    [Theory]
    [InlineData("?"), InlineData("MzoxMiw"), InlineData("eDp5"), InlineData("LTE6NQ"), InlineData("MTo1OjY")]
    public void Only_what_was_given_out_comes_back_in(string text)
    {
        var token = SeenToken.Parse(text);
        Assert.True(token is null || token.Positions.Count == 1 && text == "MzoxMiw", text);
    }

    [Fact]
    public void Nothing_is_the_empty_text() => Assert.Empty(SeenToken.Parse(SeenToken.Nothing.ToString())!.Positions);
}
