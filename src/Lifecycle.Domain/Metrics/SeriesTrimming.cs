using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;

namespace Lifecycle.Domain.Metrics;

/// <summary>Forgets what can no longer matter, so that a customer's state stays small whatever they do.</summary>
/// <remarks>Nothing here changes a value. What is more than a series remembers goes by <see cref="SeriesShortening"/>, and the value is
/// approximate.</remarks>
internal static class SeriesTrimming
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
        if (aggregate.Window.Kind != WindowKind.Always)
        {
            // A reading can be no earlier than the customer's clock, so what is outside now stays outside. It goes first: an entry inside needs no
            // other only where that other is inside too.
            var expired = series.FirstAfter(aggregate.Window.Expired(reading));
            series.RemoveFirst(expired);
            inserted -= expired;
            if (inserted < 0) return;
        }
        if (aggregate.Window.EndsNow) inserted = Reduce(aggregate, series, inserted);
        else if (aggregate.Kind == AggregateKind.Days && aggregate.Window.From - aggregate.Window.To >= Dates.LongestMax.TotalMilliseconds)
            KeepEndsOfDay(series, inserted);
        if (aggregate.Window.Kind != WindowKind.Always)
        {
            if (aggregate.Window.EndsNow && aggregate.TellsLatest) Anonymise(series, inserted);
        }
        else if (aggregate.Kind is AggregateKind.Count or AggregateKind.Sum or AggregateKind.Avg && series.Count > RecentMax)
        {
            series.FoldOldest(series.Count - RecentMax);
        }
        if (series.Count > SeriesShortening.EntriesMax(aggregate))
            SeriesShortening.Shorten(aggregate, series, SeriesShortening.EntriesMax(aggregate));
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
            case AggregateKind.Min or AggregateKind.Max when aggregate.Window.Kind == WindowKind.Always:
                return KeepExtreme(aggregate, series);
            case AggregateKind.Min or AggregateKind.Max:
                return KeepUnbeaten(aggregate, series, inserted);
            case AggregateKind.Days or AggregateKind.TypicalGap:
                inserted = KeepLatestOfDay(series, inserted);
                if (aggregate.Kind == AggregateKind.TypicalGap) series.RemoveFirst(Math.Max(0, series.Count - TypicalGap.DatesMax));
                return inserted;
            case AggregateKind.Distinct or AggregateKind.All:
                inserted = KeepLatestOfEach(series, inserted);
                if (aggregate.Kind == AggregateKind.All) series.RemoveFirst(Math.Max(0, series.Count - DistinctValues.ListedMax));
                return inserted;
            case AggregateKind.Weeks when SevenDayBlocks.MayDropBetween(aggregate.Window):
                KeepEndsOfBlocks(series, inserted);
                return inserted;
            default:
                return inserted;
        }
    }

    /// <summary>The later of two entries of one value is enough.</summary>
    private static int KeepLatestOfEach(Series series, int inserted)
    {
        for (var i = series.Count - 1; i >= 0; i--)
        {
            if (i == inserted || !series.AreEqual(i, inserted)) continue;
            var older = Math.Min(i, inserted);
            series.RemoveAt(older);
            return older < inserted ? inserted - 1 : inserted;
        }
        return inserted;
    }

    /// <summary>The same of dates, which begin in their order, so that events of one date follow each other.</summary>
    private static int KeepLatestOfDay(Series series, int inserted)
    {
        if (inserted + 1 < series.Count && series.AreEqual(inserted, inserted + 1)) series.RemoveAt(inserted);
        else if (inserted > 0 && series.AreEqual(inserted - 1, inserted)) series.RemoveAt(--inserted);
        return inserted;
    }

    /// <summary>A window longer than a day never holds an entry without holding the first or the last of its date.</summary>
    private static void KeepEndsOfDay(Series series, int inserted)
    {
        for (var i = Math.Min(inserted + 1, series.Count - 2); i >= Math.Max(1, inserted - 1); i--)
            if (series.AreEqual(i - 1, i) && series.AreEqual(i, i + 1)) series.RemoveAt(i);
    }

    /// <summary>An entry that a later one outdoes or equals will never be the extreme again, so that each that is left outdoes all later
    /// ones.</summary>
    private static int KeepUnbeaten(Aggregate aggregate, Series series, int inserted)
    {
        if (inserted + 1 < series.Count && !aggregate.Loses(series, inserted + 1, inserted))
        {
            series.RemoveAt(inserted);
            return inserted;
        }
        for (; inserted > 0 && !aggregate.Loses(series, inserted, inserted - 1); inserted--) series.RemoveAt(inserted - 1);
        return inserted;
    }

    /// <summary>Where nothing ever leaves, the extreme alone matters; of equal ones the latest.</summary>
    private static int KeepExtreme(Aggregate aggregate, Series series)
    {
        while (series.Count > 1) series.RemoveAt(aggregate.Loses(series, 1, 0) ? 1 : 0);
        return 0;
    }

    private static void KeepEndsOfBlocks(Series series, int inserted)
    {
        for (var i = Math.Min(inserted + 1, series.Count - 2); i >= Math.Max(1, inserted - 1); i--)
            if (SevenDayBlocks.IsRedundant(series.At(i - 1), series.At(i + 1))) series.RemoveAt(i);
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
}
