using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Domain.Metrics;

/// <summary>Counts and lists different values: dates for <c>days</c>, properties for <c>distinct</c> and <c>all</c>.</summary>
/// <remarks>Where the window ends at the clock a series keeps the latest entry of each value alone, so that its length is the answer.</remarks>
internal static class Different
{
    /// <summary>As many values as a list shows: the last ones.</summary>
    public const int ListedMax = 64;

    // Clocks are set back by a few hours at most, so that no date comes back later than this.
    public const long DateReturnsWithin = 26 * Durations.Hour;

    public static long Count(Aggregate aggregate, Series series, int start, int end)
    {
        if (aggregate.Window.EndsNow) return end - start;
        if (aggregate.Kind == AggregateKind.Days) return Dates(series, start, end);
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
        return Value.Of(new Items<Value>([.. values]));
    }

    private static long Dates(Series series, int start, int end)
    {
        var dates = 0L;
        for (var i = start; i < end; i++)
        {
            var isNew = true;
            for (var j = i - 1; isNew && j >= start && series.At(j) > series.At(i) - DateReturnsWithin; j--) isNew = series.ValueAt(j) != series.ValueAt(i);
            if (isNew) dates++;
        }
        return dates;
    }
}
