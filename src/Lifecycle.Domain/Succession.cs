using Lifecycle.Domain.Stages;

namespace Lifecycle.Domain;

/// <summary>What of a customer's standing loses its ground when one release follows another.</summary>
internal static class Succession
{
    /// <summary>Standing in tracks and stages that are gone is dropped, so that the customer begins them anew in the first stage; a hold survives where its threshold is written as before.</summary>
    public static void DropUnfounded(CustomerState state, Release before, Release after)
    {
        state.Standing.Tracks.RemoveAll(standing => after.FindTrack(standing.Track)?.Find(standing.Stage) is null);
        foreach (var standing in state.Standing.Tracks)
        {
            standing.Conflicted = false;
            var (then, now) = (before.FindTrack(standing.Track), after.FindTrack(standing.Track)!);
            foreach (var stage in standing.HeldSince.Keys.ToList())
                if (Threshold(then, stage, before) is not { } old || old != Threshold(now, stage, after)) standing.HeldSince.Remove(stage);
        }
    }

    /// <summary>The threshold as written, with the metrics it names written out.</summary>
    private static string? Threshold(Track? track, string stage, Release release)
    {
        if (track?.Find(stage)?.When is not { } when) return null;
        var metrics = release.Metrics.Where(metric => when.Text.Contains(metric.Name, StringComparison.Ordinal)).Select(metric => $"{metric.Name}: {metric.Term.Text}");
        return string.Join('\n', metrics.Prepend(when.Text));
    }
}
