using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>How long a customer usually lets pass between two days with an event.</summary>
internal static class TypicalGap
{
    private const int GapsMin = 3, GapsMax = 5;

    /// <summary>As many dates as the gaps lie between.</summary>
    public const int DatesMax = GapsMax + 1;

    /// <summary>The median of the last five gaps if there are at least three, else missing. A gap is a number of dates, each counted as 24
    /// hours.</summary>
    /// <param name="series">One entry for each date.</param>
    public static Value Typical(Series series) => series.Count > GapsMin ? series.Gap ??= Median(series) : Value.Missing;

    private static Value Median(Series series)
    {
        var count = Math.Min(series.Count, DatesMax) - 1;
        Span<decimal> gaps = stackalloc decimal[count];
        var first = series.Count - 1 - count;
        for (var i = 0; i < count; i++) gaps[i] = series.ValueAt(first + i + 1).Magnitude - series.ValueAt(first + i).Magnitude;
        gaps.Sort();
        var median = count % 2 == 1 ? gaps[count / 2] : (gaps[count / 2 - 1] + gaps[count / 2]) / 2;
        return Value.OfDuration(median * Durations.Day);
    }
}
