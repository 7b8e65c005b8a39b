using System.Buffers.Binary;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Tenants;

namespace Lifecycle.Ingestion;

/// <summary>How far a sender's events reach: for each shard they went to, the position of the last. A reader hands it back as
/// <c>?after=</c>.</summary>
/// <remarks>Positions count the events of all tenants, so clients see them sealed for their own tenant.</remarks>
public sealed class SeenToken
{
    private const string Purpose = "seen";
    private const int TextLengthMax = 160_000;

    // The shard in two bytes and the position in eight, so that the length tells nothing of the positions.
    private const int EntrySize = 10;

    private readonly SortedDictionary<int, long> _positions;

    private SeenToken(SortedDictionary<int, long> positions) => _positions = positions;

    /// <summary>Nothing was sent, so there is nothing to wait for.</summary>
    public static readonly SeenToken Nothing = new([]);

    /// <summary>The token that reaches as far as every one of these; positions of zero count for nothing.</summary>
    public static SeenToken Of(IEnumerable<(int Shard, long Position)> positions)
    {
        var furthest = new SortedDictionary<int, long>();
        foreach (var (shard, position) in positions)
        {
            if (position > furthest.GetValueOrDefault(shard)) furthest[shard] = position;
        }
        return new(furthest);
    }

    /// <summary>By shard, the position up to which to wait.</summary>
    public IReadOnlyDictionary<int, long> Positions => _positions;

    /// <summary>The text for the tenant's clients; empty where there is nothing to wait for.</summary>
    public string For(Tenant tenant)
    {
        if (_positions.Count == 0) return "";
        var bytes = new byte[_positions.Count * EntrySize];
        var rest = bytes.AsSpan();
        foreach (var (shard, position) in _positions)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)shard);
            BinaryPrimitives.WriteInt64BigEndian(rest[2..], position);
            rest = rest[EntrySize..];
        }
        return TokenCipher.Encrypt(tenant, Purpose, bytes);
    }

    /// <summary>The token that <see cref="For"/> wrote for this tenant; null for any other text.</summary>
    public static SeenToken? Read(Tenant tenant, string text)
    {
        if (text.Length == 0) return Nothing;
        if (text.Length > TextLengthMax || TokenCipher.Decrypt(tenant, Purpose, text) is not { } bytes || bytes.Length % EntrySize != 0) return null;
        return Of(bytes.Chunk(EntrySize)
            .Select(entry => ((int)BinaryPrimitives.ReadUInt16BigEndian(entry), BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(2)))));
    }
}
