using System.Buffers.Binary;
using System.Security.Cryptography;
using Lifecycle.Domain.Events;

namespace Lifecycle.EventLog.Encryption;

/// <summary>Closes what is personal under a customer's own key: AES-256-GCM behind a header of four bytes.</summary>
/// <remarks>
/// The header: one byte for the form, which is 1; two for the id of the wrapping key under which the customer's key lay, big-endian, 0 for none; one
/// for what is inside, 1 where rules may read some of it. Then a random nonce of 12 bytes, the ciphertext, a tag of 16 bytes. The event's id and the
/// header are bound in as associated data, so a sealed part cannot be moved to another event. When the key is destroyed, so is everything sealed
/// under it, in the log, its archives and its backups.
/// </remarks>
public static class PersonalCipher
{
    private const int HeaderSize = 4, NonceSize = 12, TagSize = 16;

    private const byte Form = 1;

    /// <param name="key">The customer's key, 32 bytes.</param>
    /// <param name="forRules">Rules may read some of it, so that whoever judges the customer has to open it.</param>
    /// <param name="wrappingKey">The id of the key under which the customer's own key lies; 0 for none.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> key, RecordId id, ReadOnlySpan<byte> plain, bool forRules, ushort wrappingKey = 0)
    {
        var result = new byte[HeaderSize + NonceSize + plain.Length + TagSize];
        result[0] = Form;
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(1), wrappingKey);
        result[3] = forRules ? (byte)1 : (byte)0;
        var nonce = result.AsSpan(HeaderSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> associated = stackalloc byte[16 + HeaderSize];
        Associate(associated, id, result);
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(nonce, plain, result.AsSpan(HeaderSize + NonceSize, plain.Length), result.AsSpan(HeaderSize + NonceSize + plain.Length),
            associated);
        return result;
    }

    /// <summary>What was closed; null when key, event or bytes are not those it was closed with.</summary>
    public static byte[]? Decrypt(ReadOnlySpan<byte> key, RecordId id, ReadOnlySpan<byte> closed)
    {
        if (closed.Length < HeaderSize + NonceSize + TagSize || closed[0] != Form) return null;
        var plain = new byte[closed.Length - HeaderSize - NonceSize - TagSize];
        Span<byte> associated = stackalloc byte[16 + HeaderSize];
        Associate(associated, id, closed);
        var sealedPart = closed[HeaderSize..];
        try
        {
            using var cipher = new AesGcm(key, TagSize);
            cipher.Decrypt(sealedPart[..NonceSize], sealedPart[NonceSize..^TagSize], sealedPart[^TagSize..], plain, associated);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>Whether rules may read some of what is closed. Told without the key.</summary>
    public static bool IsForRules(ReadOnlySpan<byte> closed) => closed.Length > HeaderSize && closed[0] == Form && (closed[3] & 1) != 0;

    /// <summary>The id of the wrapping key under which the customer's key lay when this was closed; 0 for none.</summary>
    public static ushort WrappingKeyOf(ReadOnlySpan<byte> closed) =>
        closed.Length > HeaderSize && closed[0] == Form ? BinaryPrimitives.ReadUInt16BigEndian(closed[1..]) : (ushort)0;

    private static void Associate(Span<byte> associated, RecordId id, ReadOnlySpan<byte> header)
    {
        id.Value.TryWriteBytes(associated, bigEndian: true, out _);
        header[..HeaderSize].CopyTo(associated[16..]);
    }
}
