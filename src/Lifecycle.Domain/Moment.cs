using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Domain;

/// <summary>One instant of one customer's life, settled in a fixed order: tracks as they are listed, then journeys.</summary>
/// <param name="Quiet">Nothing starts and nothing is requested: what is judged here is history, or the work of a release.</param>
internal sealed record Moment(
    string Tenant, Func<int, Release> Releases, CustomerState State, FactList Facts, MoveCause Cause, EventId? CauseEvent, bool Quiet)
{
    public Release Release { get; } = Releases(State.Release);

    public Reading Reading => Release.Read(State, State.Clock);

    public void Settle()
    {
        State.NextDue = null;
        if (!State.IsBorn) return;
        var before = StagesNow();
        foreach (var track in Release.Tracks) SettleTrack(track);
        Walk.Go(this, before);
    }

    /// <summary>The customer's stage in each track of the release, in its order; null where they have none yet.</summary>
    private string?[] StagesNow()
    {
        var stages = new string?[Release.Tracks.Length];
        for (var i = 0; i < stages.Length; i++) stages[i] = State.Standing.In(Release.Tracks[i].Name)?.Stage;
        return stages;
    }

    /// <summary>Moves until the customer stays, noting before each look since when thresholds have held.</summary>
    /// <remarks>A stage is entered once in an instant; a second entry means that the rules chase their own tail.</remarks>
    private void SettleTrack(Track track)
    {
        if (State.Standing.In(track.Name) is not { } standing)
        {
            standing = new TrackStanding(track.Name, track.First.Name, State.Clock);
            State.Standing.Tracks.Add(standing);
            Facts.Add(new StageChanged(track.Name, null, track.First.Name, Release.Number, Cause, CauseEvent, null));
        }
        if (track.Find(standing.Stage) is null)
        {
            // The stage is gone with the release before; the customer begins again in the first.
            Facts.Add(new StageChanged(track.Name, standing.Stage, track.First.Name, Release.Number, Cause, CauseEvent, null));
            standing.Enter(track.First.Name, State.Clock);
        }
        while (!standing.Conflicted)
        {
            Judge.Hold(track, standing, Reading);
            var verdict = Judge.Decide(track, standing, Reading);
            if (verdict.To is not { } stage) return;
            if (standing.EnteredAt(stage.Name, State.Clock))
            {
                standing.Conflicted = true;
                Facts.Add(new StageConflict(track.Name, stage.Name));
                return;
            }
            var from = standing.Stage;
            standing.Enter(stage.Name, State.Clock);
            Facts.Add(new StageChanged(track.Name, from, stage.Name, Release.Number, Cause, CauseEvent, verdict.Because));
        }
    }
}
