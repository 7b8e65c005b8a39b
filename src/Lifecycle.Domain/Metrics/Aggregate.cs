using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Rules.Terms;
using NodaTime;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Domain.Metrics;

public enum AggregateKind { Count, Sum, Days, First, Last, Latest }

/// <summary>A stretch of time before the clock: events with <c>clock − From &lt; occurred_at ≤ clock − To</c>, in milliseconds; all of time where From is null.</summary>
public readonly record struct Window(long? From, long To)
{
    public static readonly Window Always = new(null, 0);

    public bool Holds(Instant at, Instant clock) =>
        From is not { } from || (at > clock.After(-from) && at <= clock.After(-To));
}

/// <summary>An aggregate over a customer's events, such as <c>sum(order_completed.revenue in 30 days where revenue &gt;= 100)</c>.</summary>
/// <remarks>Exact to the millisecond, late events included, up to <see cref="Series.EntriesMax"/> remembered entries.
/// <c>count</c> and <c>sum</c> of nothing are 0, <c>days</c> too; <c>first</c>, <c>last</c> and <c>latest</c> of nothing are missing.</remarks>
public sealed class Aggregate
{
    /// <summary>As many entries as an aggregate over all of time keeps to show what decided.</summary>
    private const int RecentMax = 3;

    /// <summary>Where its series is kept in a customer's history.</summary>
    public required int Slot { get; init; }
    public required AggregateKind Kind { get; init; }

    /// <summary>Names of the events it is over; empty for <c>any</c>.</summary>
    public required ImmutableArray<string> Events { get; init; }

    /// <summary>The path of the property it reads; empty for those that read none.</summary>
    public ImmutableArray<string> Property { get; init; } = [];
    public Window Window { get; init; } = Window.Always;
    public Term? Where { get; init; }

    /// <summary>The property is money: an amount in another currency than the definition's is missing.</summary>
    public bool IsMoney { get; init; }

    /// <summary>The type that <c>latest</c> gives.</summary>
    public ValueType PropertyType { get; init; } = ValueType.Number;

    /// <summary>The aggregate in canonical writing; two with the same text are one.</summary>
    public required string Text { get; init; }
    public string Key => Text;

    public ValueType Type => Kind switch
    {
        AggregateKind.First or AggregateKind.Last => ValueType.Time,
        AggregateKind.Latest => PropertyType,
        _ => ValueType.Number,
    };

    /// <summary>Takes an event in, if it is one that this aggregate is over. Any order of arrival leaves the same series.</summary>
    public void Take(Series series, in Reading reading, Occurrence occurrence)
    {
        if (Where is { } where && !where.Holds(new Reading(reading.Release, reading.State, reading.Clock, occurrence))) return;
        var value = Kind == AggregateKind.Days
            ? Value.Of(occurrence.OccurredAt.InZone(reading.Release.Zone).Date)
            : ValueOf(occurrence, reading.Release);
        if (Kind is AggregateKind.Sum or AggregateKind.Latest && value.IsMissing) return;
        series.Insert(new Entry(occurrence.OccurredAt, occurrence.Id, value, 1));
        Trim(series, reading);
    }

    /// <summary>The aggregate's value at an instant.</summary>
    public Value Compute(Series series, Instant clock)
    {
        var (start, end) = Range(series, clock);
        switch (Kind)
        {
            case AggregateKind.Count:
                return Value.Of(series.Total(start, end).Count + (Window.From is null ? series.FoldedCount : 0));
            case AggregateKind.Sum:
                var sum = series.Total(start, end).Sum;
                return Value.Of(Window.From is null ? Numbers.Add(sum, series.FoldedSum) ?? sum : sum);
            case AggregateKind.Days:
                var days = Window.From is null ? series.FoldedCount : 0;
                for (var i = start; i < end; i++)
                    if (i == start || !IsSameDay(series.Entries[i], series.Entries[i - 1])) days++;
                return Value.Of(days);
            case AggregateKind.First:
                return start < end ? Value.Of(series.Entries[start].At) : Value.Missing;
            case AggregateKind.Last:
                return start < end ? Value.Of(series.Entries[end - 1].At) : Value.Missing;
            default:
                return start < end ? series.Entries[end - 1].Value : Value.Missing;
        }
    }

    /// <summary>The next instant at which an entry enters or leaves the window.</summary>
    public Instant NextChange(Series series, Instant clock)
    {
        if (Window.From is not { } from) return Instants.Never;
        var (start, end) = Range(series, clock);
        var leaves = start < end ? series.Entries[start].At.After(from) : Instants.Never;
        var enters = end < series.Entries.Count ? series.Entries[end].At.After(Window.To) : Instants.Never;
        return Instants.Earlier(leaves, enters);
    }

    /// <summary>The first instant after the clock at which the value, moved by time alone, is one that is looked for.</summary>
    /// <remarks>A window that ends at the clock only loses entries, so one walk over them is enough.</remarks>
    public Instant FirstInstant(Series series, Instant clock, Func<Value, bool> isLookedFor)
    {
        if (Window.From is not { } from) return Instants.Never;
        if (Window.To != 0 || Kind is not (AggregateKind.Count or AggregateKind.Sum or AggregateKind.Days))
        {
            var next = NextChange(series, clock);
            while (next < Instants.Never && !isLookedFor(Compute(series, next))) next = NextChange(series, next);
            return next;
        }
        var (start, end) = Range(series, clock);
        var left = Compute(series, clock).Magnitude;
        for (var i = start; i < end; i++)
        {
            var entry = series.Entries[i];
            left = Kind switch
            {
                AggregateKind.Count => left - entry.Count,
                AggregateKind.Days => left - 1,
                _ => Numbers.Subtract(left, entry.Value.Magnitude) ?? left,
            };
            var leavesWithTheNext = i + 1 < end && series.Entries[i + 1].At == entry.At;
            if (!leavesWithTheNext && isLookedFor(Value.Of(left))) return entry.At.After(from);
        }
        return Instants.Never;
    }

    /// <summary>The events that make up the value, the latest first.</summary>
    public ImmutableArray<EventId> Deciding(Series series, Instant clock)
    {
        var (start, end) = Range(series, clock);
        if (Kind == AggregateKind.First) end = Math.Min(end, start + 1);
        if (Kind is AggregateKind.Last or AggregateKind.Latest) start = Math.Max(start, end - 1);
        var deciding = ImmutableArray.CreateBuilder<EventId>();
        for (var i = end - 1; i >= start && deciding.Count < Explanation.EventsMax; i--) deciding.Add(series.Entries[i].Id);
        return deciding.ToImmutable();
    }

    private (int Start, int End) Range(Series series, Instant clock) => Window.From is { } from
        ? (series.FirstAfter(clock.After(-from)), series.FirstAfter(clock.After(-Window.To)))
        : (0, series.Entries.Count);

    private Value ValueOf(Occurrence occurrence, Release release)
    {
        if (Property.IsEmpty) return Value.Missing;
        if (IsMoney && occurrence.Properties.Get(["currency"]) is { Type: ValueType.Text } currency
            && !string.Equals(currency.Text, release.Currency, StringComparison.OrdinalIgnoreCase)) return Value.Missing;
        var value = occurrence.Properties.Get(Property.AsSpan());
        if (Kind == AggregateKind.Sum || PropertyType == ValueType.Number)
            return value.Type switch
            {
                ValueType.Number => value,
                ValueType.Text when decimal.TryParse(value.Text, System.Globalization.NumberStyles.Float,
                    System.Globalization.CultureInfo.InvariantCulture, out var number) => Value.Of(number),
                _ => Value.Missing,
            };
        return value;
    }

    /// <summary>Forgets what can no longer matter: entries that have left the window for good, and those of which the total is enough.</summary>
    private void Trim(Series series, in Reading reading)
    {
        if (Window.From is { } from)
        {
            // A reading can be no earlier than the customer's clock, so what is outside now stays outside.
            series.Remove(0, series.FirstAfter(reading.Clock.After(-from)));
            if (Kind == AggregateKind.Days && Window.To == 0) KeepLatestOfEachDay(series);
            if (series.Entries.Count > Series.EntriesMax) series.Merge();
            return;
        }
        switch (Kind)
        {
            case AggregateKind.First when series.Entries.Count > 1:
                series.Remove(1, series.Entries.Count - 1);
                break;
            case AggregateKind.Last or AggregateKind.Latest when series.Entries.Count > 1:
                series.Remove(0, series.Entries.Count - 1);
                break;
            case AggregateKind.Count or AggregateKind.Sum when series.Entries.Count > RecentMax:
                series.FoldOldest(series.Entries.Count - RecentMax);
                break;
            case AggregateKind.Days:
                KeepLatestOfEachDay(series);
                if (series.Entries.Count > Series.EntriesMax)
                {
                    series.FoldOldest(1);
                    series.Approximate = true;
                }
                break;
        }
    }

    /// <summary>A day counts until its latest event leaves, so the others of that day need not be kept.</summary>
    private static void KeepLatestOfEachDay(Series series)
    {
        for (var i = series.Entries.Count - 2; i >= 0; i--)
            if (IsSameDay(series.Entries[i], series.Entries[i + 1])) series.Remove(i, 1);
    }

    /// <summary>What is counted by days remembers for each event its day in the tenant's zone.</summary>
    private static bool IsSameDay(Entry a, Entry b) => a.Value.Magnitude == b.Value.Magnitude;
}
