using System.IO.Compression;
using System.Text;

namespace Lifecycle.Ingestion;

/// <summary>What came of opening a compressed body.</summary>
public enum Inflation : byte { Done, Corrupt, TooLarge, UnknownEncoding }

/// <summary>Opens compressed bodies, bounded by what comes out of them and not by what went in.</summary>
public static class BodyEncoding
{
    /// <summary>What may be sent, as the Accept-Encoding of a refusal says it.</summary>
    public const string Accepted = "gzip, br, deflate, identity";

    // A gzip body may have several members, and .NET takes one whose last bytes are missing for whole. So a member of ours goes behind the
    // sender's: what was cut swallows it or contradicts it, and only a whole body is followed by what is in it.
    private static readonly byte[] Ending = Encoding.ASCII.GetBytes("end of the body");
    private static readonly byte[] EndingMember = Compressed(Ending);

    /// <summary>The body's bytes without their encoding.</summary>
    /// <param name="encoding">The Content-Encoding header; null or empty for none.</param>
    /// <param name="max">The most bytes that may come out.</param>
    public static (Inflation Result, ReadOnlyMemory<byte> Body) Inflate(ReadOnlyMemory<byte> body, string? encoding, int max)
    {
        Func<Stream, Stream> open;
        switch (encoding?.Trim().ToLowerInvariant())
        {
            case null or "" or "identity": return body.Length > max ? (Inflation.TooLarge, default) : (Inflation.Done, body);
            case "gzip" or "x-gzip": return InflateMembers(body, max);
            case "br": open = static bytes => new BrotliStream(bytes, CompressionMode.Decompress); break;
            case "deflate": open = HasZlibHeader(body.Span) ? static bytes => new ZLibStream(bytes, CompressionMode.Decompress)
                : static bytes => new DeflateStream(bytes, CompressionMode.Decompress); break;
            default: return (Inflation.UnknownEncoding, default);
        }
        return Inflate(body, open, max);
    }

    private static (Inflation, ReadOnlyMemory<byte>) InflateMembers(ReadOnlyMemory<byte> body, int max)
    {
        var (result, inflated) = Inflate((byte[])[.. body.Span, .. EndingMember],
            static bytes => new GZipStream(bytes, CompressionMode.Decompress), max + Ending.Length);
        if (result != Inflation.Done) return (result, default);
        return inflated.Span.EndsWith(Ending) ? (Inflation.Done, inflated[..^Ending.Length]) : (Inflation.Corrupt, default);
    }

    private static (Inflation, ReadOnlyMemory<byte>) Inflate(ReadOnlyMemory<byte> body, Func<Stream, Stream> open, int max)
    {
        try
        {
            using var stream = open(new MemoryStream(body.ToArray(), writable: false));
            using var inflated = new MemoryStream();
            var buffer = new byte[32 * 1024];
            for (int read; (read = stream.Read(buffer)) > 0;)
            {
                if (inflated.Length + read > max) return (Inflation.TooLarge, default);
                inflated.Write(buffer, 0, read);
            }
            return (Inflation.Done, inflated.GetBuffer().AsMemory(0, (int)inflated.Length));
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or EndOfStreamException)
        {
            return (Inflation.Corrupt, default);
        }
    }

    private static byte[] Compressed(byte[] plain)
    {
        var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest)) stream.Write(plain);
        return compressed.ToArray();
    }

    /// <summary>RFC 9110's deflate has zlib's header; much that calls itself deflate has none.</summary>
    private static bool HasZlibHeader(ReadOnlySpan<byte> body) =>
        body.Length >= 2 && (body[0] & 0x0F) == 8 && ((body[0] << 8) | body[1]) % 31 == 0;
}
