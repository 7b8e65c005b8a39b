using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using NodaTime;

namespace Lifecycle.Domain.Stages;

/// <summary>What a judgement says: stay, or move to a stage because of a condition.</summary>
public sealed record Verdict(Stage? To, Explanation? Because)
{
    public static readonly Verdict Stay = new(null, null);
}

/// <summary>Decides where a customer stands in a track, at one instant and at the next that may matter.</summary>
public static class Judge
{
    /// <summary>The one stage a customer moves to at this instant, or none.</summary>
    /// <remarks>Stages are listed from the weakest claim to the strongest, and the last that qualifies wins. A later stage may always
    /// claim the customer; an earlier one only when the present stage no longer keeps them.</remarks>
    public static Verdict Decide(Track track, TrackStanding standing, in Reading reading)
    {
        var present = track.Find(standing.Stage) ?? track.First;
        if (reading.Clock < standing.Since.After(present.MinimumStay)) return Verdict.Stay;
        var kept = present.Keeping?.Holds(reading) ?? true;
        for (var i = track.Stages.Length - 1; i >= 0; i--)
        {
            var stage = track.Stages[i];
            if (stage.MayFollow(present) && (stage.IsAfter(present) || !kept) && Qualifies(stage, standing, reading))
                return new Verdict(stage, Explain(present, stage, reading));
        }
        return Verdict.Stay;
    }

    /// <summary>Notes since when each threshold with <c>confirm</c> has held, whether or not its stage could be entered.</summary>
    public static void Hold(Track track, TrackStanding standing, in Reading reading)
    {
        foreach (var stage in track.Stages)
        {
            if (stage.Confirm == 0) continue;
            if (stage.When?.Holds(reading) == true) standing.HeldSince.TryAdd(stage.Name, reading.Clock);
            else standing.HeldSince.Remove(stage.Name);
        }
    }

    /// <summary>The next instant at which time alone can change a verdict or a hold. Nothing changes before it.</summary>
    public static Instant NextReview(Track track, TrackStanding standing, in Reading reading)
    {
        var present = track.Find(standing.Stage) ?? track.First;
        var next = Later(standing.Since.After(present.MinimumStay), reading.Clock);
        var canReturn = false;
        foreach (var stage in track.Stages)
        {
            if (stage.When is not { } when) continue;
            var reachable = stage.MayFollow(present);
            canReturn |= reachable && !stage.IsAfter(present);
            if (reachable || stage.Confirm > 0) next = Instants.Earlier(next, when.NextChange(reading));
            if (reachable && standing.HeldSince.TryGetValue(stage.Name, out var held))
                next = Instants.Earlier(next, Later(held.After(stage.Confirm), reading.Clock));
        }
        return canReturn && present.Keeping is { } keeping ? Instants.Earlier(next, keeping.NextChange(reading)) : next;
    }

    private static bool Qualifies(Stage stage, TrackStanding standing, in Reading reading) => stage switch
    {
        { When: null } => false,
        { Confirm: 0 } => stage.When.Holds(reading),
        _ => standing.HeldSince.TryGetValue(stage.Name, out var held) && held.After(stage.Confirm) <= reading.Clock,
    };

    /// <summary>Why the customer moves: the threshold in; for a move to an earlier stage also the threshold out, which no longer holds.</summary>
    private static Explanation Explain(Stage present, Stage stage, in Reading reading)
    {
        var entered = stage.When!.Explain(reading);
        if (stage.IsAfter(present) || present.Keeping is not { } keeping) return entered;
        ImmutableArray<Explanation> parts = [entered, keeping.Explain(reading)];
        return new Explanation("move", $"({stage.When.Text}) and not ({keeping.Text})", Value.True, parts, []);
    }

    private static Instant Later(Instant candidate, Instant clock) => candidate > clock ? candidate : Instants.Never;
}
