using System.Buffers.Binary;
using System.Buffers.Text;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Tenants;
using NodaTime;

namespace Lifecycle.Projections.Queries;

/// <summary>Where a page of a timeline ended. Positions count the events of all tenants, so clients see it sealed for their own tenant.</summary>
/// <param name="Taken">How many of the items of the event at that place are on the pages before.</param>
public readonly record struct TimelineCursor(Instant Clock, long Position, int Taken)
{
    private const string Purpose = "timeline";
    private const int Size = 20;

    /// <summary>Reads what <see cref="For"/> wrote for this tenant; false for anything else.</summary>
    public static bool TryRead(Tenant tenant, string text, out TimelineCursor cursor)
    {
        cursor = default;
        if (TokenCipher.Decrypt(tenant, Purpose, text) is not { Length: Size } opened) return false;
        ReadOnlySpan<byte> bytes = opened;
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (milliseconds < Instants.Beginning.ToUnixTimeMilliseconds() || milliseconds > Instants.Never.ToUnixTimeMilliseconds()) return false;
        cursor = new(Instant.FromUnixTimeMilliseconds(milliseconds), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[16..]));
        return cursor.Position >= 0 && cursor.Taken >= 0;
    }

    /// <summary>The text for the tenant's clients.</summary>
    public string For(Tenant tenant)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Clock.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Position);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], Taken);
        return TokenCipher.Encrypt(tenant, Purpose, bytes);
    }
}

/// <summary>Where a page of members ended. As text it is opaque.</summary>
public readonly record struct MembersCursor(int Shard, CustomerKey Customer)
{
    // Of another length than other lists' cursors, so that none is taken for another.
    private const int Size = 21;

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string text, out MembersCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (!CursorText.TryRead(text, bytes)) return false;
        cursor = new(BinaryPrimitives.ReadInt32BigEndian(bytes), new CustomerKey(new Guid(bytes[4..20], bigEndian: true)));
        return cursor.Shard >= 0;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes.Clear();
        BinaryPrimitives.WriteInt32BigEndian(bytes, Shard);
        Customer.Value.TryWriteBytes(bytes[4..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}

internal static class CursorText
{
    public static bool TryRead(string text, Span<byte> bytes) =>
        text.Length == Base64Url.GetEncodedLength(bytes.Length) && Base64Url.IsValid(text)
        && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == bytes.Length;
}
