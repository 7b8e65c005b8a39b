using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using NodaTime;

namespace Lifecycle.Domain.Metrics;

/// <summary>One remembered event of a series, or several of one hour merged.</summary>
/// <param name="At">When it occurred; of merged events, the latest.</param>
/// <param name="Value">The property that the aggregate reads, or the sum over merged events; missing for a mere count.</param>
/// <param name="Count">How many events this entry stands for: 1 unless merged.</param>
public readonly record struct Entry(Instant At, EventId Id, Value Value, int Count) : IComparable<Entry>
{
    /// <summary>By time, then by id, so that the order of arrival leaves no trace.</summary>
    public int CompareTo(Entry other) => At != other.At ? At.CompareTo(other.At) : Id.CompareTo(other.Id);
}

/// <summary>What one aggregate remembers of one customer: entries in order of time, and the total of those it need no longer tell apart.</summary>
public sealed class Series
{
    /// <summary>As many entries as a series remembers one by one; beyond, the oldest are merged and the value is approximate.</summary>
    public const int EntriesMax = 512;

    /// <summary>Sorted.</summary>
    public List<Entry> Entries { get; } = [];
    public long FoldedCount { get; set; }
    public decimal FoldedSum { get; set; }
    public bool Approximate { get; set; }

    public void Insert(Entry entry)
    {
        var index = Entries.BinarySearch(entry);
        Entries.Insert(index < 0 ? ~index : index, entry);
    }

    /// <summary>The index of the first entry after an instant.</summary>
    public int FirstAfter(Instant instant)
    {
        var (low, high) = (0, Entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Entries[middle].At > instant) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Entries of one stretch of time become one, oldest stretch first, until few enough remain. Stretches are hours; where that does not suffice, days, then thirty days.</summary>
    public void Merge()
    {
        foreach (var stretch in (ReadOnlySpan<long>)[Durations.Hour, Durations.Day, 30 * Durations.Day])
        {
            for (var i = 0; i + 1 < Entries.Count && Entries.Count > EntriesMax;)
            {
                var (older, newer) = (Entries[i], Entries[i + 1]);
                if (StretchOf(older.At, stretch) != StretchOf(newer.At, stretch))
                {
                    i++;
                    continue;
                }
                var sum = older.Value.IsMissing ? newer.Value : newer.Value.IsMissing ? older.Value
                    : newer.Value.With(Numbers.Add(older.Value.Magnitude, newer.Value.Magnitude) ?? newer.Value.Magnitude);
                Entries[i] = new Entry(newer.At, newer.Id, sum, older.Count + newer.Count);
                Entries.RemoveAt(i + 1);
                Approximate = true;
            }
            if (Entries.Count <= EntriesMax) return;
        }
        FoldOldest(Entries.Count - EntriesMax);
        Approximate = true;
    }

    /// <summary>Moves the oldest entries into the total.</summary>
    public void FoldOldest(int count)
    {
        for (var i = 0; i < count; i++)
        {
            FoldedCount += Entries[i].Count;
            FoldedSum = Numbers.Add(FoldedSum, Entries[i].Value.Magnitude) ?? FoldedSum;
        }
        Entries.RemoveRange(0, count);
    }

    private static long StretchOf(Instant at, long stretch) => (long)Math.Floor((decimal)at.ToUnixTimeMilliseconds() / stretch);
}
