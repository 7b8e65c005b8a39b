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
    /// <param name="inflated">Empty. What comes out of an encoding lies there; what has none is given back as it is.</param>
    public static (Inflation Result, ReadOnlyMemory<byte> Body) Inflate(ReadOnlyMemory<byte> body, string? encoding, int max, PooledBuffer inflated)
    {
        Func<Stream, Stream> open;
        switch (encoding?.Trim().ToLowerInvariant())
        {
            case null or "" or "identity": return body.Length > max ? (Inflation.TooLarge, default) : (Inflation.Done, body);
            case "gzip" or "x-gzip": return InflateMembers(body, max, inflated);
            case "br": open = static bytes => new BrotliStream(bytes, CompressionMode.Decompress); break;
            case "deflate": open = HasZlibHeader(body.Span) ? static bytes => new ZLibStream(bytes, CompressionMode.Decompress)
                : static bytes => new DeflateStream(bytes, CompressionMode.Decompress); break;
            default: return (Inflation.UnknownEncoding, default);
        }
        var result = Inflate(body.ToArray(), open, max, inflated);
        return (result, result == Inflation.Done ? inflated.Bytes : default);
    }

    private static (Inflation, ReadOnlyMemory<byte>) InflateMembers(ReadOnlyMemory<byte> body, int max, PooledBuffer inflated)
    {
        var result = Inflate([.. body.Span, .. EndingMember], static bytes => new GZipStream(bytes, CompressionMode.Decompress), max + Ending.Length,
            inflated);
        if (result != Inflation.Done) return (result, default);
        return inflated.Bytes.Span.EndsWith(Ending) ? (Inflation.Done, inflated.Bytes[..^Ending.Length]) : (Inflation.Corrupt, default);
    }

    private static Inflation Inflate(byte[] body, Func<Stream, Stream> open, int max, PooledBuffer inflated)
    {
        try
        {
            using var stream = open(new MemoryStream(body, writable: false));
            for (int read; (read = stream.Read(inflated.Room().Span)) > 0;)
            {
                inflated.Add(read);
                if (inflated.Length > max) return Inflation.TooLarge;
            }
            return Inflation.Done;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or EndOfStreamException)
        {
            return Inflation.Corrupt;
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
