using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Lifecycle.Domain.Events;

/// <summary>A hash that gives the same answer on every machine, in every process, for ever.</summary>
/// <remarks>SHA-256 over the parts, each preceded by its length in bytes so that ("ab", "c") and ("a", "bc") differ;
/// the first 128 bits are kept, enough that two of 2^50 ids collide with a chance below 2^-28.</remarks>
public static class StableHash
{
    /// <summary>The hash of <paramref name="parts"/> as UTF-8, in order.</summary>
    public static Guid Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts) Add(hash, Encoding.UTF8.GetBytes(part));
        return First128Bits(hash);
    }

    /// <summary>The hash of raw bytes, for instance of a request's content.</summary>
    public static Guid Of(ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, bytes);
        return First128Bits(hash);
    }

    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    private static Guid First128Bits(IncrementalHash hash)
    {
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return new Guid(digest[..16], bigEndian: true);
    }
}
