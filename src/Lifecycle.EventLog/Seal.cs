using System.Security.Cryptography;
using Lifecycle.Domain.Events;

namespace Lifecycle.EventLog;

/// <summary>Closes what is personal under a customer's own key: AES-256-GCM, a random nonce of 12 bytes, the ciphertext, a tag of 16 bytes.</summary>
/// <remarks>The event's id is bound in as associated data, so a sealed part cannot be moved to another event. When the key is destroyed, so
/// is everything sealed under it, in the log, its archives and its backups.</remarks>
public static class Seal
{
    private const int NonceSize = 12, TagSize = 16;

    /// <param name="key">The customer's key, 32 bytes.</param>
    public static byte[] Close(ReadOnlySpan<byte> key, EventId id, ReadOnlySpan<byte> plain)
    {
        var result = new byte[NonceSize + plain.Length + TagSize];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> associated = stackalloc byte[16];
        id.Value.TryWriteBytes(associated, bigEndian: true, out _);
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(nonce, plain, result.AsSpan(NonceSize, plain.Length), result.AsSpan(NonceSize + plain.Length), associated);
        return result;
    }

    /// <summary>What was closed; null when key, event or bytes are not those it was closed with.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, EventId id, ReadOnlySpan<byte> closed)
    {
        if (closed.Length < NonceSize + TagSize) return null;
        var plain = new byte[closed.Length - NonceSize - TagSize];
        Span<byte> associated = stackalloc byte[16];
        id.Value.TryWriteBytes(associated, bigEndian: true, out _);
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(closed[..NonceSize], closed[NonceSize..^TagSize], closed[^TagSize..], plain, associated);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
