using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Lifecycle.Ingestion;

/// <summary>How far a sender's events reach: for each shard they went to, the position of the last. A reader hands it back as <c>?after=</c>.</summary>
/// <remarks>As text it is opaque: base64url of <c>shard:position,…</c>.</remarks>
public sealed class SeenToken
{
    private const int TextLengthMax = 160_000;

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

    /// <summary>The token that reaches as far as both.</summary>
    public SeenToken And(SeenToken other) => Of(_positions.Concat(other._positions).Select(entry => (entry.Key, entry.Value)));

    /// <summary>The token that <see cref="ToString"/> wrote, or null when the text is none.</summary>
    public static SeenToken? Parse(string text)
    {
        if (text.Length > TextLengthMax || !Base64Url.IsValid(text)) return null;
        var positions = new List<(int, long)>();
        foreach (var entry in Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) return null;
            if (!int.TryParse(entry.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var shard)) return null;
            if (!long.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return null;
            positions.Add((shard, position));
        }
        return Of(positions);
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
        string.Join(',', _positions.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key}:{entry.Value}")))));
}
