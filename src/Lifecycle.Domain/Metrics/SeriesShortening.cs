using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>Makes shorter what is more than is remembered of a customer. The values of a series that was shortened are near the truth and no longer
/// exact.</summary>
/// <remarks>It depends on nothing but the events folded so far, so that every replay shortens the same series at the same events.</remarks>
internal static class SeriesShortening
{
    /// <summary>As many bytes as all series of a customer take when they are stored; with the rest a state stays below 64 KiB.</summary>
    public const int BytesMax = 56 * 1024;

    /// <summary>As many of the entries that come next as the extreme keep their event's id once the state is full.</summary>
    private const int NamedMax = 256;

    /// <summary>As many entries as a series of an aggregate remembers.</summary>
    public static int EntriesMax(Aggregate aggregate) => aggregate.Kind is AggregateKind.Days or AggregateKind.Weeks or AggregateKind.Distinct
        or AggregateKind.Min or AggregateKind.Max ? Series.KindsMax : Series.EntriesMax;

    /// <summary>Shortens the largest series until all of them together are small enough.</summary>
    public static void Fit(MetricHistory history, Release release)
    {
        while (Largest(history) is { } slot)
        {
            var (aggregate, series) = (release.Aggregates[slot], history.Series[slot]);
            history.Weight -= series.Weight;
            if (!Unname(aggregate, series)) Shorten(aggregate, series, series.Count - 1 - series.Count / 8);
            history.Weight += series.Weight;
        }
    }

    /// <summary>Merges or drops the oldest entries until so many are left.</summary>
    public static void Shorten(Aggregate aggregate, Series series, int entries)
    {
        series.Approximate = true;
        if (aggregate.Kind is AggregateKind.Count or AggregateKind.Sum or AggregateKind.Avg or AggregateKind.First or AggregateKind.Last
            or AggregateKind.Latest
            or AggregateKind.Min or AggregateKind.Max) Merge(aggregate, series, entries);
        if (series.Count > entries) series.FoldOldest(series.Count - entries);
    }

    /// <summary>The first of the series with the most bytes; null where all together are small enough, or none has more than one entry.</summary>
    private static int? Largest(MetricHistory history)
    {
        int? largest = null;
        var (bytes, most) = (0, 0);
        for (var slot = 0; slot < history.Series.Length; slot++)
        {
            var size = history.Series[slot].Bytes;
            bytes += size;
            if (size <= most || history.Series[slot].Count < 2) continue;
            (largest, most) = (slot, size);
        }
        return bytes > BytesMax ? largest : null;
    }

    /// <summary>Takes the ids from entries that are the extreme only long after others; answers whether there were any.</summary>
    private static bool Unname(Aggregate aggregate, Series series)
    {
        if (aggregate.Kind is not (AggregateKind.Min or AggregateKind.Max)) return false;
        var found = false;
        for (var i = NamedMax; i < series.Count; i++)
        {
            found |= series.IdAt(i) != default;
            series.Anonymise(i);
        }
        return found;
    }

    /// <summary>Entries of one stretch of time become one, oldest stretch first, until few enough remain. Stretches are hours; where that does not
    /// suffice, days, then thirty days.</summary>
    private static void Merge(Aggregate aggregate, Series series, int entries)
    {
        foreach (var stretch in (ReadOnlySpan<long>)[Durations.Hour, Durations.Day, 30 * Durations.Day])
        {
            for (var i = 0; i + 1 < series.Count && series.Count > entries;)
            {
                if (StretchOf(series.At(i), stretch) != StretchOf(series.At(i + 1), stretch)) i++;
                else if (aggregate.Kind is AggregateKind.First or AggregateKind.Min or AggregateKind.Max) series.RemoveAt(i + 1);
                else if (aggregate.Kind is AggregateKind.Last or AggregateKind.Latest) series.RemoveAt(i);
                else series.AddToNext(i);
            }
        }
    }

    private static long StretchOf(long at, long stretch) => (long)Math.Floor((decimal)at / stretch);
}
