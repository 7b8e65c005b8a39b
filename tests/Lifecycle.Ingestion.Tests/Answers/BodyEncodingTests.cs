using System.IO.Compression;
using System.Text;

namespace Lifecycle.Ingestion.Tests.Answers;

public sealed class BodyEncodingTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"batch\":[]}");

    [Fact]
    public void Every_encoding_that_SDKs_use_is_opened()
    {
        Opens(null, Body);
        Opens("identity", Body);
        Opens("gzip", Packed(stream => new GZipStream(stream, CompressionMode.Compress)));
        Opens("GZIP ", Packed(stream => new GZipStream(stream, CompressionMode.Compress)));
        Opens("br", Packed(stream => new BrotliStream(stream, CompressionMode.Compress)));
        Opens("deflate", Packed(stream => new ZLibStream(stream, CompressionMode.Compress)));
        Opens("deflate", Packed(stream => new DeflateStream(stream, CompressionMode.Compress)));
    }

    [Theory]
    [InlineData("gzip"), InlineData("br"), InlineData("deflate")]
    public void What_is_not_in_its_encoding_is_corrupt(string encoding) =>
        Assert.Equal(Inflation.Corrupt, Result(new byte[] { 0xFF, 0xFE, 0xFD, 0xFC }, encoding, 1000));

    [Fact]
    public void A_gzip_body_that_was_cut_anywhere_is_corrupt()
    {
        var whole = Packed(stream => new GZipStream(stream, CompressionMode.Compress));
        for (var length = 1; length < whole.Length; length++)
            Assert.Equal(Inflation.Corrupt, Result(whole.AsMemory(0, length), "gzip", 1000));
    }

    [Fact]
    public void A_gzip_body_in_several_members_is_one_body_and_none_of_them_may_be_cut()
    {
        var (first, second) = (Packed(Gzip, Body[..5]), Packed(Gzip, Body[5..]));
        Opens("gzip", [.. first, .. second]);
        Assert.Equal(Inflation.Corrupt, Result((byte[])[.. first, .. second[..^1]], "gzip", 1000));
        Assert.Equal(Inflation.Corrupt, Result((byte[])[.. first[..^1], .. second], "gzip", 1000));

        static Stream Gzip(Stream stream) => new GZipStream(stream, CompressionMode.Compress);
    }

    [Fact]
    public void Another_encoding_is_unknown() => Assert.Equal(Inflation.UnknownEncoding, Result(Body, "zstd", 1000));

    [Fact]
    public void The_limit_is_that_of_what_comes_out()
    {
        var bomb = Packed(stream => new GZipStream(stream, CompressionMode.Compress), new byte[1_000_000]);
        Assert.True(bomb.Length < 2000);
        Assert.Equal(Inflation.TooLarge, Result(bomb, "gzip", 999_999));
        Assert.Equal(Inflation.Done, Result(bomb, "gzip", 1_000_000));
    }

    private static void Opens(string? encoding, byte[] packed)
    {
        using var inflated = new PooledBuffer();
        var (result, body) = BodyEncoding.Inflate(packed, encoding, 1000, inflated);
        Assert.Equal(Inflation.Done, result);
        Assert.Equal(Body, body.ToArray());
    }

    private static Inflation Result(ReadOnlyMemory<byte> packed, string encoding, int max)
    {
        using var inflated = new PooledBuffer();
        return BodyEncoding.Inflate(packed, encoding, max, inflated).Result;
    }

    private static byte[] Packed(Func<Stream, Stream> pack, byte[]? body = null)
    {
        var packed = new MemoryStream();
        using (var stream = pack(packed)) stream.Write(body ?? Body);
        return packed.ToArray();
    }
}
