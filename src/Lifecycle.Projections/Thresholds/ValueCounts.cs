using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;

namespace Lifecycle.Projections.Thresholds;

/// <summary>Values with how many customers have each, from the least upwards, as compact bytes that can be merged exactly.</summary>
/// <remarks>A value is its billionths, a whole number of 128 bits. Written are how many customers there are, the power of ten that all values are
/// multiples of, and then for each value its distance from the one before and its count: three to five bytes for an amount of money that nobody else
/// has.</remarks>
internal static class ValueCounts
{
    private const int PowerMax = 18;

    /// <summary>The bytes of some values in any order, each with at most nine decimals.</summary>
    public static byte[] Write(IEnumerable<decimal> values)
    {
        var sorted = values.Select(ToBillionths).ToArray();
        Array.Sort(sorted);
        var (power, unit) = CommonUnit(sorted);
        var bytes = new MemoryStream();
        WriteWhole(bytes, (UInt128)sorted.Length);
        bytes.WriteByte((byte)power);
        Int128 before = 0;
        for (var first = 0; first < sorted.Length;)
        {
            var next = first + 1;
            while (next < sorted.Length && sorted[next] == sorted[first]) next++;
            var value = sorted[first] / unit;
            // The first alone may lie below zero.
            if (first == 0) WriteWhole(bytes, (UInt128)((value << 1) ^ (value >> 127)));
            else WriteWhole(bytes, (UInt128)(value - before));
            WriteWhole(bytes, (UInt128)(next - first));
            (before, first) = (value, next);
        }
        return bytes.ToArray();
    }

    /// <summary>The answers to some questions about one metric, from the counts of all shards.</summary>
    public static IReadOnlyList<CutPoints> Answer(IReadOnlyList<TopThreshold> cuts, IReadOnlyList<byte[]> counts)
    {
        var customers = counts.Sum(CustomersIn);
        var ranks = cuts.Select(threshold => threshold.RanksAmong(customers)).ToList();
        var found = new Dictionary<long, decimal>();
        var wanted = new Queue<long>(ranks.SelectMany(ranks => ranks).Distinct().Order());
        var passed = 0L;
        foreach (var (value, count) in Merge(counts))
        {
            passed += count;
            while (wanted.TryPeek(out var rank) && rank <= passed) found[wanted.Dequeue()] = ToDecimal(value);
            if (wanted.Count == 0) break;
        }
        return [.. cuts.Select((threshold, i) => new CutPoints(threshold.Key, customers, [.. ranks[i].Select(rank => found[rank])]))];
    }

    private static long CustomersIn(byte[] counts)
    {
        var place = 0;
        return (long)ReadWhole(counts, ref place);
    }

    private static IEnumerable<(Int128 Value, long Count)> Read(byte[] counts)
    {
        var place = 0;
        var left = (long)ReadWhole(counts, ref place);
        var unit = UnitOf(counts[place++]);
        Int128 value = 0;
        for (var isFirst = true; left > 0; isFirst = false)
        {
            var written = ReadWhole(counts, ref place);
            if (isFirst) value = (Int128)(written >> 1) ^ -(Int128)(written & 1);
            else value += (Int128)written;
            var count = (long)ReadWhole(counts, ref place);
            left -= count;
            yield return (value * unit, count);
        }
    }

    /// <summary>All values from the least upwards; one that several have counted comes several times.</summary>
    private static IEnumerable<(Int128 Value, long Count)> Merge(IReadOnlyList<byte[]> counts)
    {
        var next = new PriorityQueue<IEnumerator<(Int128 Value, long Count)>, Int128>();
        foreach (var part in counts) Enqueue(Read(part).GetEnumerator());
        while (next.TryDequeue(out var part, out _))
        {
            yield return part.Current;
            Enqueue(part);
        }

        void Enqueue(IEnumerator<(Int128 Value, long Count)> part)
        {
            if (part.MoveNext()) next.Enqueue(part, part.Current.Value);
            else part.Dispose();
        }
    }

    private static (int Power, Int128 Unit) CommonUnit(Int128[] values)
    {
        var (power, unit) = (PowerMax, UnitOf(PowerMax));
        foreach (var value in values)
            while (value % unit != 0) (power, unit) = (power - 1, unit / 10);
        return (power, unit);
    }

    private static Int128 UnitOf(int power)
    {
        Int128 unit = 1;
        for (var i = 0; i < power; i++) unit *= 10;
        return unit;
    }

    private static Int128 ToBillionths(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var digits = (Int128)new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        for (var decimals = (bits[3] >> 16) & 0xff; decimals < 9; decimals++) digits *= 10;
        return value < 0 ? -digits : digits;
    }

    private static decimal ToDecimal(Int128 billionths)
    {
        var (decimals, digits) = (9, Int128.Abs(billionths));
        for (; decimals > 0 && digits % 10 == 0; decimals--) digits /= 10;
        return new decimal((int)(uint)(digits & uint.MaxValue), (int)(uint)((digits >> 32) & uint.MaxValue), (int)(uint)(digits >> 64),
            billionths < 0, (byte)decimals);
    }

    private static void WriteWhole(MemoryStream bytes, UInt128 number)
    {
        for (; number >= 128; number >>= 7) bytes.WriteByte((byte)((byte)(number & 127) | 128));
        bytes.WriteByte((byte)number);
    }

    private static UInt128 ReadWhole(byte[] bytes, ref int place)
    {
        UInt128 number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[place++];
            number |= (UInt128)(byte)(part & 127) << shift;
            if (part < 128) return number;
        }
    }
}
