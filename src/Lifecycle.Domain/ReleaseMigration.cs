using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Domain;

/// <summary>What of a customer's standing loses its ground when one release follows another.</summary>
internal static class ReleaseMigration
{
    /// <summary>A hold survives where its threshold is written as before; conflicts are forgotten, for the rules that made them are gone.</summary>
    /// <remarks>A track that the release drops rests where it is: nobody is judged in it, and it goes on from there if a later release brings it
    /// back.</remarks>
    public static void ResetStaleHolds(CustomerState state, Release before, Release after)
    {
        foreach (var standing in state.Decisions.Tracks)
        {
            standing.Resume();
            var (then, now) = (before.FindTrack(standing.Track), after.FindTrack(standing.Track));
            foreach (var (stage, _) in standing.HeldSince)
                if (Threshold(then, stage) is not { } old || old != Threshold(now, stage)) standing.HeldSince = standing.HeldSince.Without(stage);
        }
    }

    /// <summary>The threshold as written, with the metrics it names and those that they name.</summary>
    private static string? Threshold(Track? track, string stage)
    {
        if (track?.Find(stage)?.When is not { } when) return null;
        var metrics = when.WithParts().OfType<MetricTerm>().Select(named => $"{named.Metric.Name}: {named.Metric.Term.Text}");
        return string.Join('\n', metrics.Distinct().Prepend(when.Text));
    }
}
