using Lifecycle.Domain.Rules;

namespace Lifecycle.Domain.Metrics;

/// <summary>Forgets what can no longer matter, so that a customer's state stays small whatever they do.</summary>
/// <remarks>Nothing here changes a value up to <see cref="Series.EntriesMax"/> entries; beyond, the oldest are merged and the value is approximate.</remarks>
internal static class Trimming
{
    /// <summary>As many entries as an aggregate over all of time keeps to show what decided.</summary>
    private const int RecentMax = 3;

    /// <param name="inserted">Where the newest arrival was put.</param>
    public static void Trim(Aggregate aggregate, Series series, int inserted, in Reading reading)
    {
        if (aggregate.Window.Kind == WindowKind.First)
        {
            // The first days only ever move back, so what lies behind them now never comes into them again.
            var end = series.FirstAfter(aggregate.Window.Closes(reading));
            while (series.Count > end) series.RemoveAt(series.Count - 1);
            inserted = Math.Min(inserted, series.Count - 1);
        }
        if (aggregate.Window.EndsNow) inserted = Reduce(aggregate, series, inserted);
        else if (aggregate.Kind == AggregateKind.Days && aggregate.Window.From - aggregate.Window.To >= Different.DateReturnsWithin) KeepEndsOfDay(series, inserted);
        if (aggregate.Window.Kind != WindowKind.Always)
        {
            // A reading can be no earlier than the customer's clock, so what is outside now stays outside.
            var expired = series.FirstAfter(aggregate.Window.Expired(reading));
            series.RemoveFirst(expired);
            if (aggregate.Window.EndsNow && aggregate.TellsLatest) Anonymise(series, inserted - expired);
        }
        else if (aggregate.Kind is AggregateKind.Count or AggregateKind.Sum or AggregateKind.Avg && series.Count > RecentMax)
        {
            series.FoldOldest(series.Count - RecentMax);
        }
        if (series.Count > Series.EntriesMax) Shorten(aggregate, series);
    }

    /// <summary>Where later entries stay longer than earlier ones, many of the earlier ones are outdone for good.</summary>
    private static int Reduce(Aggregate aggregate, Series series, int inserted)
    {
        switch (aggregate.Kind)
        {
            case AggregateKind.First when aggregate.Window.Kind == WindowKind.Always:
                while (series.Count > 1) series.RemoveAt(series.Count - 1);
                return 0;
            case AggregateKind.Last or AggregateKind.Latest:
                series.RemoveFirst(series.Count - 1);
                return 0;
            case AggregateKind.Min or AggregateKind.Max:
                return KeepUnbeaten(aggregate, series, inserted);
            case AggregateKind.Days or AggregateKind.Distinct or AggregateKind.All or AggregateKind.TypicalGap:
                inserted = KeepLatestOfEach(aggregate, series, inserted);
                if (aggregate.Kind == AggregateKind.TypicalGap) series.RemoveFirst(Math.Max(0, series.Count - Gaps.DatesMax));
                if (aggregate.Kind == AggregateKind.All) series.RemoveFirst(Math.Max(0, series.Count - Different.ListedMax));
                return inserted;
            case AggregateKind.Weeks when Blocks.MayDropBetween(aggregate.Window):
                KeepEndsOfBlocks(series);
                return inserted;
            default:
                return inserted;
        }
    }

    /// <summary>The later of two entries of one value is enough.</summary>
    private static int KeepLatestOfEach(Aggregate aggregate, Series series, int inserted)
    {
        var entry = series[inserted];
        var reach = aggregate.Kind is AggregateKind.Days or AggregateKind.TypicalGap ? Different.DateReturnsWithin : long.MaxValue;
        for (var i = series.Count - 1; i >= 0; i--)
        {
            if (entry.At - series.At(i) > reach) break;
            if (i == inserted || series.ValueAt(i) != entry.Value) continue;
            var older = Math.Min(i, inserted);
            series.RemoveAt(older);
            return older < inserted ? inserted - 1 : inserted;
        }
        return inserted;
    }

    /// <summary>A window longer than a day never holds an entry without holding the first or the last of its date.</summary>
    private static void KeepEndsOfDay(Series series, int inserted)
    {
        for (var i = Math.Min(inserted + 1, series.Count - 2); i >= Math.Max(1, inserted - 1); i--)
            if (series.ValueAt(i - 1) == series.ValueAt(i) && series.ValueAt(i) == series.ValueAt(i + 1)) series.RemoveAt(i);
    }

    /// <summary>An entry that a later one outdoes or equals will never be the extreme again.</summary>
    private static int KeepUnbeaten(Aggregate aggregate, Series series, int inserted)
    {
        for (var i = inserted + 1; i < series.Count; i++)
        {
            if (aggregate.Loses(series.ValueAt(i), series.ValueAt(inserted))) continue;
            series.RemoveAt(inserted);
            return inserted;
        }
        for (var i = inserted - 1; i >= 0; i--)
        {
            if (aggregate.Loses(series.ValueAt(inserted), series.ValueAt(i))) continue;
            series.RemoveAt(i);
            inserted--;
        }
        return inserted;
    }

    private static void KeepEndsOfBlocks(Series series)
    {
        for (var i = series.Count - 2; i > 0; i--)
            if (Blocks.IsRedundant(series[i - 1], series[i + 1])) series.RemoveAt(i);
    }

    /// <summary>Only the latest events are ever told as those that decided, so that the others need no name.</summary>
    /// <remarks>One came in, so that besides it at most one fell behind the latest.</remarks>
    private static void Anonymise(Series series, int inserted)
    {
        var last = series.Count - 1 - Explanation.EventsMax;
        if (last < 0) return;
        series.Anonymise(last);
        if (inserted >= 0 && inserted < last) series.Anonymise(inserted);
    }

    private static void Shorten(Aggregate aggregate, Series series)
    {
        series.Approximate = true;
        if (aggregate.Kind is AggregateKind.Count or AggregateKind.Sum or AggregateKind.Avg) Merge(series);
        if (series.Count > Series.EntriesMax) series.FoldOldest(series.Count - Series.EntriesMax);
    }

    /// <summary>Entries of one stretch of time become one, oldest stretch first, until few enough remain. Stretches are hours; where that does not suffice, days, then thirty days.</summary>
    private static void Merge(Series series)
    {
        foreach (var stretch in (ReadOnlySpan<long>)[Durations.Hour, Durations.Day, 30 * Durations.Day])
        {
            for (var i = 0; i + 1 < series.Count && series.Count > Series.EntriesMax;)
            {
                var (older, newer) = (series[i], series[i + 1]);
                if (StretchOf(older.At, stretch) != StretchOf(newer.At, stretch))
                {
                    i++;
                    continue;
                }
                var sum = older.Value.IsMissing ? newer.Value : newer.Value.IsMissing ? older.Value
                    : newer.Value.With(Numbers.Add(older.Value.Magnitude, newer.Value.Magnitude) ?? newer.Value.Magnitude);
                series.Replace(i + 1, new Entry(newer.At, newer.Id, sum, older.Count + newer.Count, newer.Input));
                series.RemoveAt(i);
            }
        }
    }

    private static long StretchOf(long at, long stretch) => (long)Math.Floor((decimal)at / stretch);
}
