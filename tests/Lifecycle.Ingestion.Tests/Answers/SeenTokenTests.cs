using System.Buffers.Text;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Tenants;

namespace Lifecycle.Ingestion.Tests.Answers;

public sealed class SeenTokenTests
{
    private static readonly Tenant One = new(1, "one", false, [1, 2, 3]), Another = new(2, "another", false, [4, 5, 6]);

    [Fact]
    public void A_token_reaches_to_the_last_position_of_each_shard()
    {
        var token = SeenToken.Of([(3, 10), (0, 7), (3, 12), (5, 0), (3, 11)]);
        Assert.Equal([(0, 7L), (3, 12L)], token.Positions.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(token.Positions, SeenToken.Read(One, token.For(One))!.Positions);
    }

    [Fact]
    public void The_text_tells_nothing_of_the_positions()
    {
        var (near, far) = (SeenToken.Of([(3, 1)]).For(One), SeenToken.Of([(3, long.MaxValue)]).For(One));
        Assert.Equal(near.Length, far.Length);
        Assert.True(Base64Url.DecodeFromChars(near).AsSpan().IndexOf((ReadOnlySpan<byte>)[0, 3, 0, 0, 0, 0, 0, 0, 0, 1]) < 0);
        Assert.NotEqual(near, SeenToken.Of([(3, 1)]).For(One));
    }

    [Fact]
    public void A_token_of_another_tenant_is_none() => Assert.Null(SeenToken.Read(Another, SeenToken.Of([(3, 10)]).For(One)));

    [Theory]
    [InlineData("?"), InlineData("MzoxMiw"), InlineData("eDp5"), InlineData("____________________________________________________")]
    public void Only_what_was_given_out_comes_back_in(string text) => Assert.Null(SeenToken.Read(One, text));

    [Fact]
    public void A_token_cut_short_or_changed_is_none()
    {
        var text = SeenToken.Of([(3, 10)]).For(One);
        for (var at = 0; at < text.Length; at++)
        {
            Assert.Null(SeenToken.Read(One, text[..at] + (text[at] == 'A' ? 'h' : 'A') + text[(at + 1)..]));
            if (at > 0) Assert.Null(SeenToken.Read(One, text[..at]));
        }
    }

    [Fact]
    public void Nothing_is_the_empty_text()
    {
        Assert.Empty(SeenToken.Nothing.For(One));
        Assert.Empty(SeenToken.Read(One, "")!.Positions);
    }

    [Fact]
    public void What_is_sealed_for_one_purpose_opens_for_no_other()
    {
        var text = TokenCipher.Encrypt(One, "seen", [0, 3, 0, 0, 0, 0, 0, 0, 0, 1]);
        Assert.Equal(1, SeenToken.Read(One, text)!.Positions[3]);
        Assert.Null(SeenToken.Read(One, TokenCipher.Encrypt(One, "timeline", [0, 3, 0, 0, 0, 0, 0, 0, 0, 1])));
    }
}
