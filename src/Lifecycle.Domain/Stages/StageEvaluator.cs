using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Stages;

/// <summary>What a judgement says: stay, or move to a stage because of a condition.</summary>
public sealed record StageDecision(Stage? To, Explanation? Because)
{
    public static readonly StageDecision Stay = new(null, null);
}

/// <summary>Decides where a customer stands in a track, at one instant and at the next that may matter.</summary>
/// <remarks>Judged at the customer's own clock. What was seen of a condition before stands until its ground moves or its time comes.</remarks>
internal static class StageEvaluator
{
    /// <summary>The one stage a customer moves to at this instant, or none.</summary>
    /// <remarks>Stages are listed from the weakest claim to the strongest, and the last that qualifies wins. A later stage may always
    /// claim the customer; an earlier one only when the present stage no longer keeps them.</remarks>
    public static StageDecision Decide(TrackPlan plan, TrackState state, ConditionMemory memory, in Reading reading)
    {
        var here = plan.In(state.Stage);
        var present = here.Stage;
        if (present.MinimumStay > 0 && reading.Clock < state.Since.After(present.MinimumStay)) return StageDecision.Stay;
        var kept = here.Keeping == TrackPlan.None || memory.Holds(here.Keeping, reading);
        foreach (var claim in here.Claims)
        {
            var stage = plan.Track.Stages[claim];
            if ((stage.IsAfter(present) || !kept) && Qualifies(plan[claim], state, memory, reading))
                return new StageDecision(stage, Explain(present, stage, reading));
        }
        return StageDecision.Stay;
    }

    /// <summary>Notes since when each threshold with <c>confirm</c> has held, whether or not its stage could be entered.</summary>
    public static void Hold(TrackPlan plan, TrackState state, ConditionMemory memory, in Reading reading)
    {
        foreach (var confirming in plan.Confirming)
        {
            var (stage, since) = (confirming.Stage.Name, state.HeldSince);
            if (!memory.Holds(confirming.When, reading)) state.HeldSince = since.Without(stage);
            else if (!since.ContainsKey(stage)) state.HeldSince = since.With(stage, reading.Clock);
        }
    }

    /// <summary>The values of the conditions that are watched from the present stage.</summary>
    public static ImmutableArray<bool> Watched(TrackPlan plan, TrackState state, ConditionMemory memory, in Reading reading)
    {
        var watched = plan.In(state.Stage).Watched;
        var values = ImmutableArray.CreateBuilder<bool>(watched.Length);
        foreach (var condition in watched) values.Add(memory.Holds(condition, reading));
        return values.MoveToImmutable();
    }

    /// <summary>The next instant at which time alone can change a verdict or a hold, or can end a rest. Nothing changes before it.</summary>
    /// <remarks>Beyond the reading's horizon nobody looks: the answer is the horizon where nothing changes before it. What is known is asked first,
    /// so that the other conditions need not be followed beyond it.</remarks>
    public static Instant NextReview(TrackPlan plan, TrackState state, ConditionMemory memory, Reading reading)
    {
        var here = plan.In(state.Stage);
        var next = reading.Horizon;
        if (state.Pause == TrackPause.UntilInput) return next;
        if (state.Pause == TrackPause.None) next = Instants.Earlier(next, NextEnd(plan, here, state, reading));
        foreach (var condition in here.Watched)
            if (memory.KnownFlip(condition, reading) is { } flip) next = Instants.Earlier(next, flip);
        foreach (var condition in here.Watched) next = Instants.Earlier(next, memory.Flip(condition, reading with { Horizon = next }));
        return next;
    }

    /// <summary>When the minimum stay or a confirmation next ends.</summary>
    private static Instant NextEnd(TrackPlan plan, TrackPlan.StagePlan here, TrackState state, in Reading reading)
    {
        var next = Instants.Never;
        if (here.Stage.MinimumStay > 0) next = Instants.Earlier(next, Later(state.Since.After(here.Stage.MinimumStay), reading.Clock));
        if (state.HeldSince.Count > 0)
            foreach (var claim in here.Claims)
                if (state.HeldSince.TryGetValue(plan[claim].Stage.Name, out var held))
                    next = Instants.Earlier(next, Later(held.After(plan[claim].Stage.Confirm), reading.Clock));
        return next;
    }

    private static bool Qualifies(TrackPlan.StagePlan plan, TrackState state, ConditionMemory memory, in Reading reading) => plan.Stage.Confirm == 0
        ? memory.Holds(plan.When, reading)
        : state.HeldSince.TryGetValue(plan.Stage.Name, out var held) && held.After(plan.Stage.Confirm) <= reading.Clock;

    /// <summary>Why the customer moves: the threshold in; for a move to an earlier stage also the threshold out, which no longer holds.</summary>
    private static Explanation Explain(Stage present, Stage stage, in Reading reading)
    {
        var entered = stage.When!.Explain(reading);
        if (stage.IsAfter(present) || present.Keeping is not { } keeping) return entered;
        ImmutableArray<Explanation> parts = [entered, keeping.Explain(reading)];
        return new Explanation(ExplanationKind.Move, $"({stage.When.Text}) and not ({keeping.Text})", Value.True, parts, []);
    }

    private static Instant Later(Instant candidate, Instant clock) => candidate > clock ? candidate : Instants.Never;
}
