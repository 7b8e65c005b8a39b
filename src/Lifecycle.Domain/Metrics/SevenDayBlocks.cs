using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>Blocks of seven days counted back from the clock: block k holds <c>clock − (k+1)·7 days &lt; at ≤ clock − k·7 days</c>. They move with
/// the clock.</summary>
internal static class SevenDayBlocks
{
    /// <summary>In how many blocks there is an entry.</summary>
    public static long Count(Series series, int start, int end, long now)
    {
        var (count, last) = (0L, -1L);
        for (var i = start; i < end; i++)
        {
            var block = (now - series.At(i)) / Durations.Week;
            if (block != last) count++;
            last = block;
        }
        return count;
    }

    /// <summary>When next an entry passes into an older block.</summary>
    public static long NextBoundary(Series series, int start, int end, long now)
    {
        var next = Instants.NeverMilliseconds;
        for (var i = start; i < end; i++) next = Math.Min(next, now + Durations.Week - (now - series.At(i)) % Durations.Week);
        return next;
    }

    /// <summary>Whether an entry between two others can be told from neither of them: with less than a block from the first to the last, it shares
    /// the block of one.</summary>
    /// <remarks>That stays true when the window drops the first, provided that its edge lies on the edge of a block or drops all three
    /// together.</remarks>
    public static bool IsRedundant(long before, long after) => after - before < Durations.Week;

    public static bool MayDropBetween(Window window) => window.Kind is WindowKind.Always or WindowKind.Stage
        || (window.Kind == WindowKind.Sliding && window.EndsNow && window.From % Durations.Week == 0);
}
