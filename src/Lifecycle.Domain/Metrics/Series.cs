using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>One remembered event of a series, or several merged.</summary>
/// <param name="At">When it occurred, in milliseconds since 1970; of merged events, the latest.</param>
/// <param name="Id">All zeros where it is no longer needed: it is told for the latest events only.</param>
/// <param name="Value">What the aggregate reads of it; of merged events, what they come to. Missing for a mere count.</param>
/// <param name="Count">How many events this entry stands for: 1 unless merged.</param>
/// <param name="Input">The number of the customer's input that it belongs to; 0 where no window asks for it.</param>
public readonly record struct SeriesEntry(long At, RecordId Id, Value Value, int Count, int Input = 0);

/// <summary>What one aggregate remembers of one customer: entries in order of time, and the total of those it need no longer tell apart.</summary>
public sealed class Series
{
    /// <summary>As many events as a series remembers that must be told apart; beyond, the oldest are merged and the value is approximate.</summary>
    public const int EntriesMax = 512;

    /// <summary>As many different days, weeks or values, or entries that can still be the least or the greatest, as a series remembers.</summary>
    public const int KindsMax = 4096;

    /// <summary>What a customer's history holds until there is something to remember. Nothing may be put into it.</summary>
    public static readonly Series Empty = new();

    /// <summary>Nearly all get a second entry, if only beside the one that it replaces.</summary>
    private const int RoomAtFirst = 2;

    // Most series of most customers hold none or a few, so they start without any room. There are millions of entries in memory: they hold no
    // reference, so that the garbage collector never looks into them, and the texts and lists that few series have lie beside them.
    private StoredEntry[] _kept = [];
    private object?[]? _contents;
    private int _contentsWeight;
    private int? _bytes;

    // Only what is counted since something that the customer did needs the numbers of inputs.
    private int[]? _inputs;
    private int _count;
    private Totals? _totals;

    public int Count => _count;

    /// <summary>In order of time; of one instant, in order of arrival.</summary>
    public SeriesEntry this[int index] => new(_kept[index].At, _kept[index].Id, ValueAt(index), _kept[index].Count, InputAt(index));

    /// <summary>When an entry occurred, in milliseconds since 1970.</summary>
    public long At(int index) => _kept[index].At;

    /// <summary>What the aggregate reads of an entry.</summary>
    public Value ValueAt(int index)
    {
        ref readonly var kept = ref _kept[index];
        return Value.Restore(kept.Type, kept.Amount.ToDecimal() ?? 0, _contents?[index]);
    }

    /// <summary>The number of the customer's input that an entry belongs to; 0 where no window asks for it.</summary>
    public int InputAt(int index) => _inputs?[index] ?? 0;

    /// <summary>The number of an entry's value; of merged events what they come to.</summary>
    public ExactTotal AmountAt(int index) => _kept[index].Amount;

    public RecordId IdAt(int index) => _kept[index].Id;

    /// <summary>How many events an entry stands for.</summary>
    public int EventsAt(int index) => _kept[index].Count;

    public RuleType TypeAt(int index) => _kept[index].Type;

    /// <summary>The text that an entry's value is; null for any other.</summary>
    public string? TextAt(int index) => _contents?[index] as string;

    /// <summary>Whether two entries have one value.</summary>
    public bool AreEqual(int index, int other) => _kept[index].Type == _kept[other].Type && _kept[index].Amount == _kept[other].Amount
        && Equals(_contents?[index], _contents?[other]);

    public long FoldedCount
    {
        get => _totals?.FoldedCount ?? 0;
        set => (_totals ??= new Totals()).FoldedCount = value;
    }

    public ExactTotal FoldedSum
    {
        get => _totals?.FoldedSum ?? default;
        set => (_totals ??= new Totals()).FoldedSum = value;
    }

    /// <summary>What <see cref="TypicalGap"/> last made of the entries; null when they have changed since. Conditions ask for it at every instant
    /// that they look ahead to.</summary>
    internal Value? Gap
    {
        get => _totals?.Gap;
        set => (_totals ??= new Totals()).Gap = value;
    }

    /// <summary>Entries had to be merged or dropped, so that the value is near the truth and no longer exact.</summary>
    public bool Approximate { get; set; }

    /// <summary>Something personal was put in, so that its values stand in no fact.</summary>
    public bool IsPersonal { get; set; }

    /// <summary>No less than the bytes that it takes when it is stored, without looking at its entries.</summary>
    internal int Weight => _count * SeriesCodec.EntryBytesMax + _contentsWeight;

    /// <summary>No less than the bytes that it takes when it is stored, and little more.</summary>
    public int Bytes => _bytes ??= SeriesCodec.Bytes(this);

    /// <summary>Puts an entry in its place, behind those of its instant, and answers which that is.</summary>
    public int Insert(SeriesEntry entry)
    {
        if (ReferenceEquals(this, Empty)) throw new InvalidOperationException("The empty series is everybody's.");
        var index = _count == 0 || _kept[_count - 1].At <= entry.At ? _count : FirstAfter(entry.At);
        if (_count == _kept.Length) Grow();
        Move(index, index + 1, _count - index);
        _count++;
        Put(index, new StoredEntry(entry.At, entry.Id, entry.Value.Type, ExactTotal.Of(entry.Value.Magnitude), entry.Count), entry.Value.Content,
            entry.Input);
        return index;
    }

    public void RemoveAt(int index)
    {
        Unweigh(index, 1);
        _bytes = null;
        _count--;
        Move(index + 1, index, _count - index);
        if (_contents is { } contents) contents[_count] = null;
        _totals?.ForgetFrom(index);
    }

    /// <summary>Removes the oldest entries.</summary>
    public void RemoveFirst(int count)
    {
        if (count == 0) return;
        Unweigh(0, count);
        _bytes = null;
        _count -= count;
        Move(count, 0, _count);
        if (_contents is { } contents) Array.Clear(contents, _count, count);
        _totals?.RemoveFirst(count, _count);
    }

    /// <summary>Adds an entry to the one after it, which stands for the events of both from then on.</summary>
    public void AddToNext(int index)
    {
        ref var later = ref _kept[index + 1];
        (later.Amount, later.Count) = (later.Amount + _kept[index].Amount, later.Count + _kept[index].Count);
        RemoveAt(index);
    }

    /// <summary>Takes the id from an entry, which nobody will ask for again.</summary>
    public void Anonymise(int index)
    {
        _kept[index].Id = default;
        _bytes = null;
    }

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
    public ExactTotal Sum(int start, int end)
    {
        if (start >= end) return default;
        var totals = _totals ??= new Totals();
        if (totals.Sums.Length < end) Array.Resize(ref totals.Sums, _kept.Length);
        for (; totals.Summed < end; totals.Summed++) totals.Sums[totals.Summed] = totals.UpTo(totals.Summed) + _kept[totals.Summed].Amount;
        return totals.UpTo(end) - totals.UpTo(start);
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
            FoldedSum += _kept[i].Amount;
        }
        RemoveFirst(count);
    }

    /// <summary>Makes room for exactly as many entries as were stored; each is then to be put in its place.</summary>
    internal void Restore(int count) => (_kept, _count) = (new StoredEntry[count], count);

    /// <summary>Puts what was stored in its place.</summary>
    internal void Restore(int index, long at, RecordId id, RuleType type, ExactTotal amount, object? content, int count, int input) =>
        Put(index, new StoredEntry(at, id, type, amount, count), content, input);

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

    private void Put(int index, StoredEntry kept, object? content, int input)
    {
        _kept[index] = kept;
        _bytes = null;
        if (input != 0 || _inputs is not null) (_inputs ??= new int[_kept.Length])[index] = input;
        if (content is not null || _contents is not null) (_contents ??= new object?[_kept.Length])[index] = content;
        if (content is string text) _contentsWeight += SeriesCodec.BytesMax(text);
        _totals?.ForgetFrom(index);
    }

    /// <summary>Takes the weight of the contents of some entries away, which are about to go.</summary>
    private void Unweigh(int start, int count)
    {
        if (_contentsWeight == 0) return;
        for (var i = start; i < start + count; i++)
            if (_contents?[i] is string text) _contentsWeight -= SeriesCodec.BytesMax(text);
    }

    /// <summary>An entry as it lies in memory: all but the text or the list that its value may have.</summary>
    private struct StoredEntry(long at, RecordId id, RuleType type, ExactTotal amount, int count)
    {
        public readonly long At = at;

        // In two halves, for a whole 128 bits would be aligned to sixteen bytes.
        private ulong _low = (ulong)amount.Billionths;
        private ulong _high = (ulong)(amount.Billionths >> 64);
        public int Count = count;
        public readonly RuleType Type = type;
        public RecordId Id = id;

        public ExactTotal Amount
        {
            readonly get => new(new Int128(_high, _low));
            set => (_low, _high) = ((ulong)value.Billionths, (ulong)(value.Billionths >> 64));
        }
    }

    /// <summary>What only those series have that are summed, or asked for gaps, or whose oldest entries went into the total.</summary>
    private sealed class Totals
    {
        public long FoldedCount;
        public ExactTotal FoldedSum;
        public Value? Gap;

        // Sums of all values up to and including each, beginning from what lay before the first; valid for the first Summed of them.
        // A stretch's sum is a difference of two, and an event at the end costs one addition.
        public ExactTotal[] Sums = [];
        public int Summed;
        private ExactTotal _before;

        /// <summary>The sum of the values before an index.</summary>
        public ExactTotal UpTo(int index) => index == 0 ? _before : Sums[index - 1];

        public void ForgetFrom(int index)
        {
            if (index == 0) _before = default;
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
