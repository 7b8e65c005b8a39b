using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Metrics;

public enum AggregateKind : byte { Count, Sum, Avg, Min, Max, Distinct, Days, Weeks, First, Last, Latest, All, Median, TypicalGap }

/// <summary>An aggregate over a customer's events, such as <c>sum(order_completed.revenue in 30 days where revenue &gt;= 100)</c>.</summary>
/// <remarks>Exact to the millisecond, late events included, up to <see cref="Series.EntriesMax"/> remembered entries. <c>count sum days weeks
/// distinct</c>
/// of nothing are 0; <c>avg median min max first last latest typical_gap</c> of nothing are missing; <c>all</c> of nothing is the empty list.
/// What of a property does not fit its type, and an amount in another currency than the definition's, is missing, and missing values are passed
/// over.</remarks>
public sealed class Aggregate
{
    /// <summary>Where its series is kept in a customer's history.</summary>
    public required int Slot { get; init; }
    public required AggregateKind Kind { get; init; }

    /// <summary>Names of the events it is over; empty for any touchpoint.</summary>
    public required ImmutableArray<string> Events { get; init; }

    /// <summary>Its events are facts, made by the customer's own machine.</summary>
    public bool OverFacts { get; init; }

    /// <summary>The path of the property it reads; empty for those that read none.</summary>
    public ImmutableArray<string> Property { get; init; } = [];
    public Window Window { get; init; } = Window.Always;
    public Term? Where { get; init; }

    /// <summary>The property is money: an amount in another currency than the definition's is missing.</summary>
    public bool IsMoney { get; init; }

    /// <summary>The type that the property is read as.</summary>
    public RuleType PropertyType { get; init; } = RuleType.Number;

    private AggregateEntry Entry => AggregateRegistry.Of(Kind);

    /// <summary>The same aggregate with its series kept elsewhere.</summary>
    internal Aggregate InSlot(int slot) => new()
    {
        Slot = slot, Kind = Kind, Events = Events, OverFacts = OverFacts, Property = Property, Window = Window, Where = Where, IsMoney = IsMoney,
        PropertyType = PropertyType, Text = Text,
    };

    /// <summary>The aggregate in canonical writing.</summary>
    public required string Text { get; init; }

    /// <summary>Two aggregates with the same key are one: the text, what the property is read as, and what a stage or journey window belongs
    /// to.</summary>
    /// <remarks>A property that nobody declared is read as the rule around it wants, so the text alone would not tell.</remarks>
    public string Key => Text + (ReadsProperty && (IsMoney || PropertyType != RuleType.Number) ? IsMoney ? " as money" : $" as {PropertyType}" : "")
        + (Window.Scope is { } scope ? $" of {scope}" : "");

    public RuleType Type => Entry.Result ?? PropertyType;

    /// <summary>The value is carried by the property of events, and those that lack it are passed over.</summary>
    internal bool ReadsProperty => Entry.ReadsProperty;

    /// <summary>The value says what a property of events was, and not only how many there were.</summary>
    private bool TellsProperty => ReadsProperty && Kind != AggregateKind.Distinct;

    /// <summary>What decides is the latest events that the window holds, rather than one of them.</summary>
    internal bool TellsLatest => Entry.TellsLatest;

    /// <summary>Whether an event is one that this aggregate is over, and what is remembered of it.</summary>
    internal bool Admits(in Reading reading, Occurrence occurrence, out SeriesEntry entry)
    {
        entry = default;
        if (Where is { } where && !where.Holds(reading with { Occurrence = occurrence })) return false;
        var value = Kind switch
        {
            AggregateKind.Days or AggregateKind.TypicalGap => occurrence.DateIn(reading.Release),
            AggregateKind.Distinct => DistinctValues.Remembered(occurrence.Read(Property, PropertyType, IsMoney, reading.Release)),
            AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Min or AggregateKind.Max or AggregateKind.Latest or AggregateKind.All
                or AggregateKind.Median => occurrence.Read(Property, PropertyType, IsMoney, reading.Release),
            AggregateKind.Count or AggregateKind.Weeks or AggregateKind.First or AggregateKind.Last => Value.Missing,
        };
        entry = new SeriesEntry(occurrence.OccurredAt.ToUnixTimeMilliseconds(), occurrence.Id, value, 1, Window.OpensWithInput ? occurrence.Input
            : 0);
        return !ReadsProperty || !value.IsMissing;
    }

    /// <summary>Takes an event in. Any order of arrival that keeps the order of events of one instant leaves the same value.</summary>
    internal void Take(Series series, in Reading reading, SeriesEntry entry) => SeriesTrimming.Trim(this, series, series.Insert(entry), reading);

    /// <summary>How many events it is over at an instant.</summary>
    internal long Count(Series series, in Reading reading)
    {
        var (start, end) = Range(series, reading);
        return series.Events(start, end) + Folded(series);
    }

    /// <summary>The aggregate's value at an instant.</summary>
    public Value Compute(Series series, in Reading reading)
    {
        var (start, end) = Range(series, reading);
        return Kind switch
        {
            AggregateKind.Count => Value.Of(series.Events(start, end) + Folded(series)),
            AggregateKind.Sum => Value.Of(Sum(series, start, end)),
            AggregateKind.Avg => Average(series, start, end),
            AggregateKind.Median => Median(series, start, end),
            AggregateKind.Min or AggregateKind.Max => start < end ? series.ValueAt(Extreme(series, start, end)) : Value.Missing,
            AggregateKind.Distinct => Value.Of(DistinctValues.Count(this, series, start, end) + Folded(series)),
            AggregateKind.Days => Value.Of(DistinctValues.Count(this, series, start, end) + Folded(series)),
            AggregateKind.Weeks => Value.Of(SevenDayBlocks.Count(series, start, end, reading.Now)),
            AggregateKind.First => start < end ? Value.OfTime(series.At(start)) : Value.Missing,
            AggregateKind.Last => start < end ? Value.OfTime(series.At(end - 1)) : Value.Missing,
            AggregateKind.All => DistinctValues.List(series, start, end),
            AggregateKind.TypicalGap => TypicalGap.Typical(series),
            AggregateKind.Latest => start < end ? series.ValueAt(end - 1) : Value.Missing,
        };
    }

    /// <summary>The next instant at which an entry enters or leaves the window or passes from one block of seven days to the next.</summary>
    public long NextChange(Series series, in Reading reading)
    {
        var (start, end) = Range(series, reading);
        var next = end < series.Count ? Window.EntersAt(series.At(end), reading.Release.Zone) : Instants.NeverMilliseconds;
        if (start < end) next = Math.Min(next, Window.LeavesAt(series.At(start), reading.Release.Zone));
        return Kind == AggregateKind.Weeks ? Math.Min(next, SevenDayBlocks.NextBoundary(series, start, end, reading.Now)) : next;
    }

    /// <summary>From when on time alone moves no entry out of the window; after that, at most the same blocks of seven days come round.</summary>
    public long Settled(Series series, in Reading reading) => OnlyEventsMoveIt || series.Count == 0
        ? reading.Now
        : Math.Max(reading.Now, Window.LeavesAt(series.At(series.Count - 1), reading.Release.Zone));

    /// <summary>No entry leaves the window while nothing happens.</summary>
    internal bool OnlyEventsMoveIt => Window.OnlyEventsMoveIt;

    /// <summary>The value with the events that make it up, the latest first, at most <see cref="Explanation.EventsMax"/>.</summary>
    public Explanation Explain(Series series, in Reading reading)
    {
        var (start, end) = Range(series, reading);
        if (start < end)
            (start, end) = Kind switch
            {
                AggregateKind.First => (start, start + 1),
                AggregateKind.Last or AggregateKind.Latest => (end - 1, end),
                AggregateKind.Min or AggregateKind.Max when Extreme(series, start, end) is var extreme => (extreme, extreme + 1),
                AggregateKind.Count or AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Min or AggregateKind.Max
                    or AggregateKind.Distinct or AggregateKind.Days or AggregateKind.Weeks or AggregateKind.All
                    or AggregateKind.Median or AggregateKind.TypicalGap => (start, end),
            };
        var (ids, times) = (ImmutableArray.CreateBuilder<RecordId>(), ImmutableArray.CreateBuilder<Instant>());
        for (var i = end - 1; i >= start && ids.Count < Explanation.EventsMax; i--)
        {
            if (series[i].Id == default) continue;
            ids.Add(series[i].Id);
            times.Add(Instants.At(series.At(i)));
        }
        var value = series.IsPersonal && TellsProperty ? Value.Sealed : Compute(series, reading);
        return new Explanation(ExplanationKind.Aggregate, Text, value, [], ids.ToImmutable()) { Times = times.ToImmutable() };
    }

    /// <summary>The entries that the window holds: from an index up to, and not including, another.</summary>
    internal (int Start, int End) Range(Series series, in Reading reading)
    {
        if (Window.Kind == WindowKind.Always || series.Count == 0) return (0, series.Count);
        var start = series.FirstAfter(Window.Opens(reading));
        return (start, Window.EndsNow ? series.Count : Math.Max(start, series.FirstAfter(Window.Closes(reading))));
    }

    private long Folded(Series series) => Window.Kind == WindowKind.Always ? series.FoldedCount : 0;

    /// <summary>What the entries from one index up to another come to, with what older ones did if the window holds them.</summary>
    internal ExactTotal Sum(Series series, int start, int end)
    {
        var sum = series.Sum(start, end);
        return Window.Kind == WindowKind.Always ? sum + series.FoldedSum : sum;
    }

    private Value Average(Series series, int start, int end)
    {
        var count = series.Events(start, end) + Folded(series);
        return Sum(series, start, end).ToDecimal() is { } sum && Numbers.Divide(sum, count) is { } average ? Value.Of(average) : Value.Missing;
    }

    /// <summary>The middle one, or of an even number the mean of the two in the middle.</summary>
    private static Value Median(Series series, int start, int end)
    {
        if (start >= end) return Value.Missing;
        var numbers = new decimal[end - start];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = series.ValueAt(start + i).Magnitude;
        Array.Sort(numbers);
        var (low, high) = (numbers[(numbers.Length - 1) / 2], numbers[numbers.Length / 2]);
        return low == high ? Value.Of(low) : Numbers.Add(low, high) is { } both && Numbers.Divide(both, 2) is { } middle ? Value.Of(middle)
            : Value.Missing;
    }

    /// <summary>Of equal ones the latest.</summary>
    private int Extreme(Series series, int start, int end)
    {
        var found = start;
        for (var i = start + 1; i < end; i++)
            if (!Loses(series, i, found)) found = i;
        return found;
    }

    /// <summary>Whether an entry's value is beaten by another's, in the sense of min or max.</summary>
    internal bool Loses(Series series, int index, int other)
    {
        var order = PropertyType is RuleType.Text or RuleType.List
            ? Value.Compare(series.ValueAt(index), series.ValueAt(other)) ?? 0
            : series.AmountAt(index).Billionths.CompareTo(series.AmountAt(other).Billionths);
        return Kind == AggregateKind.Min ? order > 0 : order < 0;
    }
}
