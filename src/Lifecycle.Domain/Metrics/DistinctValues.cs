using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>Counts and lists different values: dates for <c>days</c>, properties for <c>distinct</c> and <c>all</c>.</summary>
/// <remarks>Where the window ends at the clock a series keeps the latest entry of each value alone, so that its length is the answer.</remarks>
internal static class DistinctValues
{
    /// <summary>As many values as a list shows: the last ones.</summary>
    public const int ListedMax = 64;

    /// <summary>What is remembered of a value, to tell it from others: of a text 64 bits of its hash, of all else the value.</summary>
    public static Value Remembered(Value value) => value.Type == RuleType.Text
        ? Value.Of(BitConverter.ToUInt64(StableHash.Of(value.Text).ToByteArray(), 0))
        : value;

    public static long Count(Aggregate aggregate, Series series, int start, int end)
    {
        if (aggregate.Window.EndsNow) return end - start;
        if (aggregate.Kind == AggregateKind.Days) return CountDates(series, start, end);
        var seen = new HashSet<Value>();
        for (var i = start; i < end; i++) seen.Add(series.ValueAt(i));
        return seen.Count;
    }

    /// <summary>The different values in the order of their latest occurrence.</summary>
    public static Value List(Series series, int start, int end)
    {
        var values = new List<Value>();
        for (var i = end - 1; i >= start && values.Count < ListedMax; i--)
            if (!values.Contains(series.ValueAt(i))) values.Add(series.ValueAt(i));
        values.Reverse();
        return Value.Of(new EquatableList<Value>([.. values]));
    }

    /// <summary>Dates begin in their order, so that events of one date follow each other.</summary>
    private static long CountDates(Series series, int start, int end)
    {
        var dates = 0L;
        for (var i = start; i < end; i++)
            if (i == start || !series.AreEqual(i, i - 1)) dates++;
        return dates;
    }
}
