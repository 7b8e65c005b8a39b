using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Domain;

/// <summary>One settling of one customer: what one input, one due instant or one shard input leads to, in a fixed order: points, tracks as they are
/// listed, benefits, journeys.</summary>
/// <param name="Quiet">Nothing starts and nothing is requested: what is judged here is history, or the work of a release.</param>
internal sealed record InstantEvaluation(
    string Tenant, Func<int, Release> Releases, CustomerState State, FactList Facts, MoveCause Cause, RecordId? CauseEvent, bool Quiet)
{
    /// <summary>How often a settling goes through all of it, because of what its own facts and steps changed.</summary>
    private const int RoundsMax = 8;

    // Most settlings move nobody, so these are made when they are needed.
    private List<(int Track, string Stage)>? _entered;
    private List<TrackState>? _refused;
    private HashSet<Journey>? _setOff;

    public Release Release { get; } = Releases(State.Release);

    public Reading Reading => Release.Read(State, State.Clock);

    private ConditionMemory Memory => State.MemoryFor(Release);

    /// <summary>Conditions that read what has changed.</summary>
    public void Touch(ReadOnlySpan<int> conditions) => Memory.Touch(conditions);

    /// <summary>A journey is set off once in a settling. Answers whether this is the first time.</summary>
    public bool SetsOff(Journey journey) => (_setOff ??= new(ReferenceEqualityComparer.Instance)).Add(journey);

    /// <param name="input">What came in; null where time passed or a shard input came.</param>
    public void Settle(Recorded? input = null)
    {
        State.ForgetDue();
        if (!State.IsBorn) return;
        var before = StagesNow();
        var conferring = before;
        Rewards.Expire(this);
        if (input is not null)
        {
            Rewards.Earn(this, input);
            Rewards.Expire(this);
        }
        for (var round = 1; round <= RoundsMax; round++)
        {
            Memory.Touched = false;
            for (var track = 0; track < Release.Tracks.Length; track++) SettleTrack(track);
            // The facts of these moves may move the customer on, and a stage that is only passed through confers nothing and starts nothing.
            if (Memory.Touched && round < RoundsMax) continue;
            if (HasMoved(conferring) || Cause == MoveCause.Activation || Rewards.NextChange(State) <= State.Clock) Rewards.SettleBenefits(this);
            conferring = StagesNow();
            if (Memory.Touched && round < RoundsMax) continue;
            JourneyRunner.Advance(this, before);
            if (!Memory.Touched) break;
        }
        if (Memory.Touched) RefuseTheRest();
        NoteWatched();
    }

    /// <summary>The customer's stage in each track of the release, in its order; null where they have none yet.</summary>
    private string?[] StagesNow()
    {
        var stages = new string?[Release.Tracks.Length];
        for (var i = 0; i < stages.Length; i++) stages[i] = State.Decisions.In(Release.Tracks[i].Name)?.Stage;
        return stages;
    }

    /// <summary>Whether some stage is another than it was: nothing else sets off journeys, and little else changes benefits.</summary>
    public bool HasMoved(IReadOnlyList<string?> before)
    {
        for (var i = 0; i < Release.Tracks.Length; i++)
            if (State.Decisions.In(Release.Tracks[i].Name)?.Stage != before[i]) return true;
        return false;
    }

    /// <summary>Moves until the customer stays, noting before each look since when thresholds have held.</summary>
    /// <remarks>A stage is entered once in a settling, and time alone makes a bounded number of moves between two inputs: rules that ask for more
    /// have no end.</remarks>
    private void SettleTrack(int index)
    {
        var (track, plan) = (Release.Tracks[index], Release.Conditions.Plans[index]);
        if (State.Decisions.In(track.Name) is not { } state)
        {
            state = new TrackState(track.Name, track.First.Name, State.Clock, State.Inputs);
            State.Decisions.Tracks.Add(state);
            Entered(index, null, track.First.Name, null);
        }
        if (track.Find(state.Stage) is null)
        {
            // The stage is gone with the release before.
            Enter(index, state, Release.Heir(track, state.Stage), null);
        }
        if (plan.Rests(State.Decisions) || !IsJudged(plan, state)) return;
        while (true)
        {
            StageEvaluator.Hold(plan, state, Memory, Reading);
            var decision = StageEvaluator.Decide(plan, state, Memory, Reading);
            if (decision.To is not { } stage) return;
            if (_entered?.Contains((index, stage.Name)) == true)
            {
                Refuse(state, stage, TrackPause.UntilChange);
                return;
            }
            if (Cause == MoveCause.Time && ++state.MovesByTime > TrackState.MovesByTimeMax)
            {
                Refuse(state, stage, TrackPause.UntilInput);
                return;
            }
            Enter(index, state, stage, decision.Because);
        }
    }

    /// <summary>Whether a track is judged. One that rests from an earlier settling wakes when a condition that it watches has another value than it
    /// had then.</summary>
    private bool IsJudged(TrackPlan plan, TrackState state)
    {
        if (state.Pause == TrackPause.None) return true;
        if (state.Pause == TrackPause.UntilInput || IsRefused(state)) return false;
        if (state.Watched.SequenceEqual(StageEvaluator.Watched(plan, state, Memory, Reading))) return false;
        state.Resume();
        return true;
    }

    private bool IsRefused(TrackState state) => _refused?.Contains(state) == true;

    private void Enter(int index, TrackState state, Stage stage, Explanation? because)
    {
        var from = state.Stage;
        state.Enter(stage.Name, State.Clock, State.Inputs);
        Entered(index, from, stage.Name, because);
    }

    private void Entered(int index, string? from, string to, Explanation? because)
    {
        var track = Release.Tracks[index].Name;
        (_entered ??= []).Add((index, to));
        Touch(Release.Conditions.ByTrack(index));
        Facts.Add(new StageChanged(track, from, to, Release.Number, Cause, CauseEvent, because));
    }

    private void Refuse(TrackState state, Stage stage, TrackPause until)
    {
        state.PauseUntil(until);
        (_refused ??= []).Add(state);
        Facts.Add(new StageConflict(state.Track, stage.Name));
    }

    /// <summary>After the last round, every track that would still move rests where it is. A refusal is a fact that may make another track
    /// move.</summary>
    private void RefuseTheRest()
    {
        for (var isRefused = true; isRefused;)
        {
            isRefused = false;
            for (var index = 0; index < Release.Tracks.Length; index++)
            {
                var plan = Release.Conditions.Plans[index];
                if (State.Decisions.In(plan.Track.Name) is not { } state || plan.Rests(State.Decisions) || !IsJudged(plan, state)) continue;
                StageEvaluator.Hold(plan, state, Memory, Reading);
                if (StageEvaluator.Decide(plan, state, Memory, Reading).To is not { } stage) continue;
                Refuse(state, stage, TrackPause.UntilChange);
                isRefused = true;
            }
        }
    }

    /// <summary>Tracks that have come to rest note what their conditions say where the settling ends: a later change is told from that.</summary>
    private void NoteWatched()
    {
        if (_refused is null) return;
        for (var index = 0; index < Release.Tracks.Length; index++)
        {
            var plan = Release.Conditions.Plans[index];
            if (State.Decisions.In(plan.Track.Name) is not { Pause: TrackPause.UntilChange } state || !IsRefused(state)) continue;
            StageEvaluator.Hold(plan, state, Memory, Reading);
            state.Note(StageEvaluator.Watched(plan, state, Memory, Reading));
        }
    }
}
