using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Domain.Metrics;

/// <summary>One remembered event of a series, or several merged.</summary>
/// <param name="At">When it occurred, in milliseconds since 1970; of merged events, the latest.</param>
/// <param name="Id">All zeros where it is no longer needed: it is told for the latest events only.</param>
/// <param name="Value">What the aggregate reads of it; of merged events, what they come to. Missing for a mere count.</param>
/// <param name="Count">How many events this entry stands for: 1 unless merged.</param>
/// <param name="Input">The number of the customer's input that it belongs to; 0 where no window asks for it.</param>
public readonly record struct Entry(long At, EventId Id, Value Value, int Count, int Input = 0);

/// <summary>What one aggregate remembers of one customer: entries in order of time, and the total of those it need no longer tell apart.</summary>
public sealed class Series
{
    /// <summary>As many entries as a series remembers one by one; beyond, the oldest are merged and the value is approximate.</summary>
    public const int EntriesMax = 512;

    /// <summary>What a customer's history holds until there is something to remember. Nothing may be put into it.</summary>
    public static readonly Series Empty = new();

    /// <summary>Nearly all get a second entry, if only beside the one that it replaces.</summary>
    private const int RoomAtFirst = 2;

    // Most series of most customers hold none or a few, so they start without any room. There are millions of entries in memory: they hold no
    // reference, so that the garbage collector never looks into them, and the texts and lists that few series have lie beside them.
    private Kept[] _kept = [];
    private object?[]? _contents;

    // Only what is counted since something that the customer did needs the numbers of inputs.
    private int[]? _inputs;
    private int _count;
    private Totals? _totals;

    public int Count => _count;

    /// <summary>In order of time.</summary>
    public Entry this[int index] => new(_kept[index].At, _kept[index].Id, ValueAt(index), _kept[index].Count, InputAt(index));

    /// <summary>When an entry occurred, in milliseconds since 1970.</summary>
    public long At(int index) => _kept[index].At;

    /// <summary>What the aggregate reads of an entry.</summary>
    public Value ValueAt(int index)
    {
        ref readonly var kept = ref _kept[index];
        return Value.Restore(kept.Type, kept.Number, _contents?[index]);
    }

    /// <summary>The number of the customer's input that an entry belongs to; 0 where no window asks for it.</summary>
    public int InputAt(int index) => _inputs?[index] ?? 0;

    public long FoldedCount
    {
        get => _totals?.FoldedCount ?? 0;
        set => (_totals ??= new Totals()).FoldedCount = value;
    }

    public decimal FoldedSum
    {
        get => _totals?.FoldedSum ?? 0;
        set => (_totals ??= new Totals()).FoldedSum = value;
    }

    /// <summary>What <see cref="Gaps"/> last made of the entries; null when they have changed since. Conditions ask for it at every instant that they look ahead to.</summary>
    internal Value? Gap
    {
        get => _totals?.Gap;
        set => (_totals ??= new Totals()).Gap = value;
    }

    /// <summary>Entries had to be merged or dropped, so that the value is near the truth and no longer exact.</summary>
    public bool Approximate { get; set; }

    /// <summary>Something personal was put in, so that its values stand in no fact.</summary>
    public bool IsPersonal { get; set; }

    /// <summary>Puts an entry in its place and answers which that is.</summary>
    /// <param name="asItCame">Of entries at one instant the one that came last is the latest; else the one with the greater id, whatever the order of arrival.</param>
    public int Insert(Entry entry, bool asItCame = false)
    {
        if (ReferenceEquals(this, Empty)) throw new InvalidOperationException("The empty series is everybody's.");
        var kept = new Kept(entry);
        var index = asItCame ? FirstAfter(entry.At)
            : _count == 0 || _kept[_count - 1].CompareTo(kept) <= 0 ? _count
            : _kept.AsSpan(0, _count).BinarySearch(kept);
        if (index < 0) index = ~index;
        if (_count == _kept.Length) Grow();
        Move(index, index + 1, _count - index);
        _count++;
        Put(index, entry);
        return index;
    }

    public void RemoveAt(int index)
    {
        _count--;
        Move(index + 1, index, _count - index);
        if (_contents is { } contents) contents[_count] = null;
        _totals?.ForgetFrom(index);
    }

    /// <summary>Removes the oldest entries.</summary>
    public void RemoveFirst(int count)
    {
        if (count == 0) return;
        _count -= count;
        Move(count, 0, _count);
        if (_contents is { } contents) Array.Clear(contents, _count, count);
        _totals?.RemoveFirst(count, _count);
    }

    public void Replace(int index, Entry entry) => Put(index, entry);

    /// <summary>Takes the id from an entry, which nobody will ask for again.</summary>
    public void Anonymise(int index) => _kept[index].Id = default;

    /// <summary>How many events the entries from one index up to another stand for.</summary>
    public long Events(int start, int end)
    {
        // Only what is approximate has entries that stand for several.
        if (!Approximate) return Math.Max(0, end - start);
        var events = 0L;
        for (var i = start; i < end; i++) events += _kept[i].Count;
        return events;
    }

    /// <summary>The sum of the values of the entries from one index up to another.</summary>
    /// <remarks>Two places of the decimal's 28 are lost to every hundredfold that a sum exceeds its parts; no sum of money comes near.</remarks>
    public decimal Sum(int start, int end)
    {
        if (start >= end) return 0;
        var totals = _totals ??= new Totals();
        if (totals.Sums.Length < end) Array.Resize(ref totals.Sums, _kept.Length);
        for (; totals.Summed < end; totals.Summed++)
        {
            var sum = totals.UpTo(totals.Summed);
            totals.Sums[totals.Summed] = Numbers.Add(sum, _kept[totals.Summed].Number) ?? sum;
        }
        return Numbers.Subtract(totals.UpTo(end), totals.UpTo(start)) ?? 0;
    }

    /// <summary>The index of the first entry after an instant.</summary>
    public int FirstAfter(long instant)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_kept[middle].At > instant) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>The index of the first entry after an instant, or at that instant and of a later input than the one with a number.</summary>
    public int FirstAfter((long At, int Input) opening)
    {
        if (_inputs is null || opening.Input == int.MaxValue) return FirstAfter(opening.At);
        var index = FirstAfter(opening.At - 1);
        while (index < _count && _kept[index].At == opening.At && _inputs[index] <= opening.Input) index++;
        return index;
    }

    /// <summary>Moves the oldest entries into the total.</summary>
    public void FoldOldest(int count)
    {
        for (var i = 0; i < count; i++)
        {
            FoldedCount += _kept[i].Count;
            FoldedSum = Numbers.Add(FoldedSum, _kept[i].Number) ?? FoldedSum;
        }
        RemoveFirst(count);
    }

    /// <summary>Makes room for exactly as many entries as were stored; each is then to be put in its place by <see cref="Replace"/>.</summary>
    internal void Restore(int count) => (_kept, _count) = (new Kept[count], count);

    private void Grow()
    {
        Array.Resize(ref _kept, Math.Max(RoomAtFirst, _count * 2));
        if (_contents is not null) Array.Resize(ref _contents, _kept.Length);
        if (_inputs is not null) Array.Resize(ref _inputs, _kept.Length);
    }

    private void Move(int from, int to, int count)
    {
        if (count == 0) return;
        Array.Copy(_kept, from, _kept, to, count);
        if (_contents is { } contents) Array.Copy(contents, from, contents, to, count);
        if (_inputs is { } inputs) Array.Copy(inputs, from, inputs, to, count);
    }

    private void Put(int index, Entry entry)
    {
        _kept[index] = new Kept(entry);
        if (entry.Input != 0 || _inputs is not null) (_inputs ??= new int[_kept.Length])[index] = entry.Input;
        if (entry.Value.Content is not null || _contents is not null) (_contents ??= new object?[_kept.Length])[index] = entry.Value.Content;
        _totals?.ForgetFrom(index);
    }

    /// <summary>An entry as it lies in memory: all but the text or the list that its value may have.</summary>
    private struct Kept(Entry entry) : IComparable<Kept>
    {
        public readonly long At = entry.At;
        public readonly decimal Number = entry.Value.Magnitude;
        public readonly int Count = entry.Count;
        public readonly ValueType Type = entry.Value.Type;
        public EventId Id = entry.Id;

        /// <summary>By time, then by id, so that the order of arrival leaves no trace.</summary>
        public readonly int CompareTo(Kept other) => At != other.At ? At.CompareTo(other.At) : Id.CompareTo(other.Id);
    }

    /// <summary>What only those series have that are summed, or asked for gaps, or whose oldest entries went into the total.</summary>
    private sealed class Totals
    {
        public long FoldedCount;
        public decimal FoldedSum;
        public Value? Gap;

        // Sums of all values up to and including each, beginning from what lay before the first; valid for the first Summed of them.
        // A stretch's sum is a difference of two, and an event at the end costs one addition.
        public decimal[] Sums = [];
        public int Summed;
        private decimal _before;

        /// <summary>The sum of the values before an index.</summary>
        public decimal UpTo(int index) => index == 0 ? _before : Sums[index - 1];

        public void ForgetFrom(int index)
        {
            if (index == 0) _before = 0;
            Summed = Math.Min(Summed, index);
            Gap = null;
        }

        /// <param name="left">How many entries are left.</param>
        public void RemoveFirst(int count, int left)
        {
            if (left == 0 || count > Summed)
            {
                ForgetFrom(0);
                return;
            }
            _before = Sums[count - 1];
            Summed -= count;
            Array.Copy(Sums, count, Sums, 0, Summed);
            Gap = null;
        }
    }
}
