using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lifecycle.Domain.Events;

/// <summary>A hash that gives the same answer on every machine, in every process, for ever.</summary>
/// <remarks>SHA-256 over the parts, each preceded by its length in bytes so that ("ab", "c") and ("a", "bc") differ;
/// the first 128 bits are kept, enough that two of 2^50 ids collide with a chance below 2^-28.</remarks>
public static class StableHash
{
    private const int LengthSize = 4, OnStackMax = 512;

    /// <summary>The hash of <paramref name="parts"/> as UTF-8, in order.</summary>
    public static Guid Of(params ReadOnlySpan<string> parts)
    {
        var size = 0;
        foreach (var part in parts) size += LengthSize + Encoding.UTF8.GetByteCount(part);
        var buffer = size <= OnStackMax ? stackalloc byte[OnStackMax] : new byte[size];
        var end = 0;
        foreach (var part in parts)
        {
            var length = Encoding.UTF8.GetBytes(part, buffer[(end + LengthSize)..]);
            BinaryPrimitives.WriteInt32BigEndian(buffer[end..], length);
            end += LengthSize + length;
        }
        return First128Bits(buffer[..end]);
    }

    /// <summary>The hash of raw bytes, for instance of a request's content.</summary>
    public static Guid Of(ReadOnlySpan<byte> bytes)
    {
        var size = LengthSize + bytes.Length;
        var buffer = size <= OnStackMax ? stackalloc byte[OnStackMax] : new byte[size];
        BinaryPrimitives.WriteInt32BigEndian(buffer, bytes.Length);
        bytes.CopyTo(buffer[LengthSize..]);
        return First128Bits(buffer[..size]);
    }

    private static Guid First128Bits(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        return new Guid(digest[..16], bigEndian: true);
    }
}
