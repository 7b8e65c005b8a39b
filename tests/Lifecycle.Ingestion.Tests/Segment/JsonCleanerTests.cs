using System.Text;
using Lifecycle.Ingestion.Json;

namespace Lifecycle.Ingestion.Tests.Segment;

public sealed class JsonCleanerTests
{
    [Theory]
    [InlineData("""{"a":"x\u0000y"}""", "{\"a\":\"x\uFFFDy\"}")]
    [InlineData("""{"a":"\ud83d"}""", "{\"a\":\"\uFFFD\"}")]
    [InlineData("""{"a":"\udc00\ud83d x"}""", "{\"a\":\"\uFFFD\uFFFD x\"}")]
    [InlineData("""{"\u0000":1}""", "{\"\uFFFD\":1}")]
    [InlineData("""{"a":1,"b":2,"a":3}""", """{"a":3,"b":2}""")]
    [InlineData("""{"a":{"x":1,"x":null}}""", """{"a":{"x":null}}""")]
    [InlineData("""{"a":1e400,"b":79228162514264337593543950336}""", """{"a":"1e400","b":"79228162514264337593543950336"}""")]
    [InlineData("""{"a":13.992999999999999,"b":25.50,"c":-1e3}""", """{"a":13.992999999999999,"b":25.50,"c":-1e3}""")]
    [InlineData("""{"a":"tab\tquote\" \/ \u00e9"}""", "{\"a\":\"tab\\tquote\\\" / é\"}")]
    public void What_cannot_be_stored_is_replaced(string sent, string stored) => Assert.Equal(stored, Clean(sent));

    [Fact]
    public void A_pair_of_surrogates_is_one_letter() => Assert.Equal("😀", JsonCleaner.Read("\"\\ud83d\\ude00\""u8)!.Value.Text);

    [Fact]
    public void Sixty_four_levels_are_read_and_one_more_is_not()
    {
        Assert.NotNull(JsonCleaner.Read(Nested(64)));
        Assert.Null(JsonCleaner.Read(Nested(65)));
    }

    [Fact]
    public void A_byte_order_mark_and_bytes_that_are_no_text_do_not_matter()
    {
        byte[] sent = [0xEF, 0xBB, 0xBF, (byte)'"', 0xFF, (byte)'a', (byte)'"'];
        Assert.Equal("\uFFFDa", JsonCleaner.Read(JsonCleaner.CleanUtf8(sent).Span)!.Value.Text);
    }

    private static string Clean(string json) => Encoding.UTF8.GetString(JsonBytes.Of(JsonCleaner.Read(Encoding.UTF8.GetBytes(json))!.Value));

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
}
