using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Domain;

/// <summary>One instant of one customer's life, settled in a fixed order: points, tracks as they are listed, benefits, journeys.</summary>
/// <param name="Quiet">Nothing starts and nothing is requested: what is judged here is history, or the work of a release.</param>
internal sealed record Moment(
    string Tenant, Func<int, Release> Releases, CustomerState State, FactList Facts, MoveCause Cause, EventId? CauseEvent, bool Quiet)
{
    /// <summary>How often an instant is judged again because of what its own facts and steps changed.</summary>
    private const int RoundsMax = 8;

    public Release Release { get; } = Releases(State.Release);

    public Reading Reading => Release.Read(State, State.Clock);

    private ConditionMemory Memory => State.MemoryFor(Release);

    /// <summary>Conditions whose ground has moved.</summary>
    public void Touch(ReadOnlySpan<int> conditions) => Memory.Touch(conditions);

    /// <param name="input">What came in at this instant; null where time passed or a release was activated.</param>
    public void Settle(Recorded? input = null)
    {
        State.ForgetDue();
        if (!State.IsBorn) return;
        var before = StagesNow();
        var conferring = before;
        Rewards.Expire(this);
        if (input is not null) Rewards.Earn(this, input);
        for (var round = 1; round <= RoundsMax; round++)
        {
            Memory.Touched = false;
            for (var track = 0; track < Release.Tracks.Length; track++) SettleTrack(track);
            // The facts of these moves may move the customer on, and a stage that is only passed through confers nothing and starts nothing.
            if (Memory.Touched && round < RoundsMax) continue;
            if (HasMoved(conferring) || Cause == MoveCause.Activation || Rewards.NextChange(State) <= State.Clock) Rewards.SettleBenefits(this);
            conferring = StagesNow();
            if (Memory.Touched && round < RoundsMax) continue;
            Walk.Go(this, before);
            if (!Memory.Touched) return;
            before = StagesNow();
        }
    }

    /// <summary>The customer's stage in each track of the release, in its order; null where they have none yet.</summary>
    private string?[] StagesNow()
    {
        var stages = new string?[Release.Tracks.Length];
        for (var i = 0; i < stages.Length; i++) stages[i] = State.Standing.In(Release.Tracks[i].Name)?.Stage;
        return stages;
    }

    /// <summary>Whether some stage is another than it was: nothing else sets off journeys, and little else changes benefits.</summary>
    public bool HasMoved(IReadOnlyList<string?> before)
    {
        for (var i = 0; i < Release.Tracks.Length; i++)
            if (State.Standing.In(Release.Tracks[i].Name)?.Stage != before[i]) return true;
        return false;
    }

    /// <summary>Moves until the customer stays, noting before each look since when thresholds have held.</summary>
    /// <remarks>A stage is entered once in an instant, and time alone makes a bounded number of moves; beyond, the rules chase their own tail.</remarks>
    private void SettleTrack(int index)
    {
        var (track, plan) = (Release.Tracks[index], Release.Conditions.Plans[index]);
        if (State.Standing.In(track.Name) is not { } standing)
        {
            standing = new TrackStanding(track.Name, track.First.Name, State.Clock);
            State.Standing.Tracks.Add(standing);
            Touch(Release.Conditions.ByTrack(index));
            Facts.Add(new StageChanged(track.Name, null, track.First.Name, Release.Number, Cause, CauseEvent, null));
        }
        if (track.Find(standing.Stage) is null)
        {
            // The stage is gone with the release before; the customer begins again in the first.
            Facts.Add(new StageChanged(track.Name, standing.Stage, track.First.Name, Release.Number, Cause, CauseEvent, null));
            standing.Enter(track.First.Name, State.Clock);
            Touch(Release.Conditions.ByTrack(index));
        }
        while (!standing.Conflicted)
        {
            Judge.Hold(plan, standing, Memory, Reading);
            var verdict = Judge.Decide(plan, standing, Memory, Reading);
            if (verdict.To is not { } stage) return;
            if (standing.EnteredAt(stage.Name, State.Clock) || (Cause == MoveCause.Time && ++standing.MovesByTime > TrackStanding.MovesByTimeMax))
            {
                standing.Conflicted = true;
                Facts.Add(new StageConflict(track.Name, stage.Name));
                return;
            }
            var from = standing.Stage;
            standing.Enter(stage.Name, State.Clock);
            Touch(Release.Conditions.ByTrack(index));
            Facts.Add(new StageChanged(track.Name, from, stage.Name, Release.Number, Cause, CauseEvent, verdict.Because));
        }
    }
}
