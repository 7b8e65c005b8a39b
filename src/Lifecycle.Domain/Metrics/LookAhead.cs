using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>Finds when an aggregate, moved by time alone, passes a threshold.</summary>
internal static class LookAhead
{
    /// <summary>The first instant after the clock at which a comparison with a constant flips; at or after the horizon it only says that none comes
    /// before.</summary>
    public static long FirstFlip(Aggregate aggregate, Series series, in Reading reading, Comparison comparison, Value threshold)
    {
        var window = aggregate.Window;
        if (aggregate.OnlyEventsMoveIt && aggregate.Kind != AggregateKind.Weeks) return Instants.NeverMilliseconds;
        if (window.EndsNow && aggregate.Kind is AggregateKind.Count or AggregateKind.Sum or AggregateKind.Days or AggregateKind.Distinct)
            return Walk(aggregate, series, reading, comparison, threshold);

        // Events that never leave fall into the same blocks again after seven days.
        var end = aggregate.OnlyEventsMoveIt ? reading.Now + Durations.Week : Instants.NeverMilliseconds;
        var horizon = reading.Horizon.ToUnixTimeMilliseconds();
        var visited = reading;
        bool? holds = null;
        for (var next = aggregate.NextChange(series, visited); next < end; next = aggregate.NextChange(series, visited))
        {
            if (next >= horizon) return next;
            holds ??= comparison.Holds(aggregate.Compute(series, reading), threshold);
            visited = visited.At(Instants.At(next));
            if (comparison.Holds(aggregate.Compute(series, visited), threshold) != holds) return next;
        }
        return Instants.NeverMilliseconds;
    }

    /// <summary>A window that ends at the clock only loses entries, so one walk over them is enough.</summary>
    private static long Walk(Aggregate aggregate, Series series, in Reading reading, Comparison comparison, Value threshold)
    {
        var (start, end) = aggregate.Range(series, reading);
        var (zone, horizon) = (reading.Release.Zone, reading.Horizon.ToUnixTimeMilliseconds());
        if (start == end) return Instants.NeverMilliseconds;
        var first = aggregate.Window.LeavesAt(series.At(start), zone);
        if (first >= horizon) return first;
        var count = aggregate.Kind == AggregateKind.Count ? aggregate.Count(series, reading) : end - start;
        var (isSum, sum) = (aggregate.Kind == AggregateKind.Sum, aggregate.Kind == AggregateKind.Sum ? aggregate.Sum(series, start, end) : default);
        var holds = comparison.Holds(isSum ? Value.Of(sum) : Value.Of(count), threshold);
        for (var i = start; i < end;)
        {
            var leaves = aggregate.Window.LeavesAt(series.At(i), zone);
            if (leaves >= horizon) return leaves;
            // What leaves at one instant leaves together.
            for (; i < end && aggregate.Window.LeavesAt(series.At(i), zone) == leaves; i++)
            {
                sum -= series.AmountAt(i);
                count -= aggregate.Kind == AggregateKind.Count ? series.EventsAt(i) : 1;
            }
            if (comparison.Holds(isSum ? Value.Of(sum) : Value.Of(count), threshold) != holds) return leaves;
        }
        return Instants.NeverMilliseconds;
    }
}
