using System.Runtime.CompilerServices;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;

namespace Lifecycle.Domain.Metrics;

/// <summary>One remembered event of a series, or several merged.</summary>
/// <param name="At">When it occurred, in milliseconds since 1970; of merged events, the latest.</param>
/// <param name="Id">All zeros where it is no longer needed: it is told for the latest events only.</param>
/// <param name="Value">What the aggregate reads of it; of merged events, what they come to. Missing for a mere count.</param>
/// <param name="Count">How many events this entry stands for: 1 unless merged.</param>
public readonly record struct Entry(long At, EventId Id, Value Value, int Count) : IComparable<Entry>
{
    /// <summary>By time, then by id, so that the order of arrival leaves no trace.</summary>
    public int CompareTo(Entry other) => At != other.At ? At.CompareTo(other.At) : Id.CompareTo(other.Id);
}

/// <summary>What one aggregate remembers of one customer: entries in order of time, and the total of those it need no longer tell apart.</summary>
public sealed class Series
{
    /// <summary>As many entries as a series remembers one by one; beyond, the oldest are merged and the value is approximate.</summary>
    public const int EntriesMax = 512;

    /// <summary>What a customer's history holds until there is something to remember. Nothing may be put into it.</summary>
    public static readonly Series Empty = new();

    // Most series of most customers hold none or a few, so they start without any room.
    private Entry[] _entries = [];
    private int _count;

    // Sums of all values up to and including each, beginning from what lay before the first; valid for the first _summed of them.
    // A stretch's sum is a difference of two, and an event at the end costs one addition.
    private decimal[] _sums = [];
    private int _summed;
    private decimal _before;

    /// <summary>Sorted.</summary>
    public ReadOnlySpan<Entry> Entries => _entries.AsSpan(0, _count);
    public int Count => _count;

    /// <summary>How many bytes of memory it takes, nearly.</summary>
    public int Size => _entries.Length * Unsafe.SizeOf<Entry>() + _sums.Length * sizeof(decimal);

    public Entry this[int index] => Entries[index];
    public long FoldedCount { get; set; }
    public decimal FoldedSum { get; set; }

    /// <summary>Entries had to be merged or dropped, so that the value is near the truth and no longer exact.</summary>
    public bool Approximate { get; set; }

    /// <summary>Puts an entry in its place and answers which that is.</summary>
    /// <param name="asItCame">Of entries at one instant the one that came last is the latest; else the one with the greater id, whatever the order of arrival.</param>
    public int Insert(Entry entry, bool asItCame = false)
    {
        if (ReferenceEquals(this, Empty)) throw new InvalidOperationException("The empty series is everybody's.");
        var index = asItCame ? FirstAfter(entry.At)
            : _count == 0 || _entries[_count - 1].CompareTo(entry) <= 0 ? _count
            : Entries.BinarySearch(entry);
        if (index < 0) index = ~index;
        if (_count == _entries.Length) Array.Resize(ref _entries, Math.Max(1, _count * 2));
        Array.Copy(_entries, index, _entries, index + 1, _count - index);
        _entries[index] = entry;
        _count++;
        ForgetSumsFrom(index);
        return index;
    }

    public void RemoveAt(int index)
    {
        _count--;
        Array.Copy(_entries, index + 1, _entries, index, _count - index);
        _entries[_count] = default;
        ForgetSumsFrom(index);
    }

    /// <summary>Removes the oldest entries.</summary>
    public void RemoveFirst(int count)
    {
        if (count == 0) return;
        _count -= count;
        Array.Copy(_entries, count, _entries, 0, _count);
        Array.Clear(_entries, _count, count);
        if (_count == 0 || count > _summed)
        {
            ForgetSumsFrom(0);
            return;
        }
        _before = _sums[count - 1];
        _summed -= count;
        Array.Copy(_sums, count, _sums, 0, _summed);
    }

    public void Replace(int index, Entry entry)
    {
        _entries[index] = entry;
        ForgetSumsFrom(index);
    }

    /// <summary>Takes the id from an entry, which nobody will ask for again.</summary>
    public void Anonymise(int index) => _entries[index] = _entries[index] with { Id = default };

    /// <summary>How many events the entries from one index up to another stand for.</summary>
    public long Events(int start, int end)
    {
        // Only what is approximate has entries that stand for several.
        if (!Approximate) return Math.Max(0, end - start);
        var events = 0L;
        for (var i = start; i < end; i++) events += _entries[i].Count;
        return events;
    }

    /// <summary>The sum of the values of the entries from one index up to another.</summary>
    /// <remarks>Two places of the decimal's 28 are lost to every hundredfold that a sum exceeds its parts; no sum of money comes near.</remarks>
    public decimal Sum(int start, int end)
    {
        if (start >= end) return 0;
        if (_sums.Length < end) Array.Resize(ref _sums, _entries.Length);
        for (; _summed < end; _summed++)
        {
            var sum = _summed == 0 ? _before : _sums[_summed - 1];
            _sums[_summed] = Numbers.Add(sum, _entries[_summed].Value.Magnitude) ?? sum;
        }
        return Numbers.Subtract(_sums[end - 1], start == 0 ? _before : _sums[start - 1]) ?? 0;
    }

    /// <summary>The index of the first entry after an instant.</summary>
    public int FirstAfter(long instant)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].At > instant) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Moves the oldest entries into the total.</summary>
    public void FoldOldest(int count)
    {
        for (var i = 0; i < count; i++)
        {
            FoldedCount += _entries[i].Count;
            FoldedSum = Numbers.Add(FoldedSum, _entries[i].Value.Magnitude) ?? FoldedSum;
        }
        RemoveFirst(count);
    }

    /// <summary>Restores what was stored, sorted as it was.</summary>
    internal void Restore(Entry[] entries) => (_entries, _count) = (entries, entries.Length);

    private void ForgetSumsFrom(int index)
    {
        if (index == 0) _before = 0;
        _summed = Math.Min(_summed, index);
    }
}
