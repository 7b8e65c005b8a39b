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

    private readonly List<Entry> _entries = [];

    /// <summary>Count and sum of all entries before each, so that those of a stretch are a difference; null when entries have changed since.</summary>
    private (long Count, decimal Sum)[]? _totals;

    /// <summary>Sorted.</summary>
    public IReadOnlyList<Entry> Entries => _entries;
    public long FoldedCount { get; set; }
    public decimal FoldedSum { get; set; }
    public bool Approximate { get; set; }

    public void Insert(Entry entry)
    {
        var index = _entries.BinarySearch(entry);
        _entries.Insert(index < 0 ? ~index : index, entry);
        _totals = null;
    }

    public void Remove(int start, int count)
    {
        if (count == 0) return;
        _entries.RemoveRange(start, count);
        _totals = null;
    }

    /// <summary>How many events the entries from one index up to another stand for, and the sum of their values.</summary>
    /// <remarks>Two places of the decimal's 28 are lost to every hundredfold that a sum exceeds its parts; no sum of money comes near.</remarks>
    public (long Count, decimal Sum) Total(int start, int end)
    {
        _totals ??= Totals();
        return (_totals[end].Count - _totals[start].Count, Numbers.Subtract(_totals[end].Sum, _totals[start].Sum) ?? 0);
    }

    private (long Count, decimal Sum)[] Totals()
    {
        var totals = new (long Count, decimal Sum)[_entries.Count + 1];
        for (var i = 0; i < _entries.Count; i++)
            totals[i + 1] = (totals[i].Count + _entries[i].Count, Numbers.Add(totals[i].Sum, _entries[i].Value.Magnitude) ?? totals[i].Sum);
        return totals;
    }

    /// <summary>The index of the first entry after an instant.</summary>
    public int FirstAfter(Instant instant)
    {
        var (low, high) = (0, _entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].At > instant) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Entries of one stretch of time become one, oldest stretch first, until few enough remain. Stretches are hours; where that does not suffice, days, then thirty days.</summary>
    public void Merge()
    {
        _totals = null;
        foreach (var stretch in (ReadOnlySpan<long>)[Durations.Hour, Durations.Day, 30 * Durations.Day])
        {
            for (var i = 0; i + 1 < _entries.Count && _entries.Count > EntriesMax;)
            {
                var (older, newer) = (_entries[i], _entries[i + 1]);
                if (StretchOf(older.At, stretch) != StretchOf(newer.At, stretch))
                {
                    i++;
                    continue;
                }
                var sum = older.Value.IsMissing ? newer.Value : newer.Value.IsMissing ? older.Value
                    : newer.Value.With(Numbers.Add(older.Value.Magnitude, newer.Value.Magnitude) ?? newer.Value.Magnitude);
                _entries[i] = new Entry(newer.At, newer.Id, sum, older.Count + newer.Count);
                _entries.RemoveAt(i + 1);
                Approximate = true;
            }
            if (_entries.Count <= EntriesMax) return;
        }
        FoldOldest(_entries.Count - EntriesMax);
        Approximate = true;
    }

    /// <summary>Moves the oldest entries into the total.</summary>
    public void FoldOldest(int count)
    {
        for (var i = 0; i < count; i++)
        {
            FoldedCount += _entries[i].Count;
            FoldedSum = Numbers.Add(FoldedSum, _entries[i].Value.Magnitude) ?? FoldedSum;
        }
        Remove(0, count);
    }

    private static long StretchOf(Instant at, long stretch) => (long)Math.Floor((decimal)at.ToUnixTimeMilliseconds() / stretch);
}
