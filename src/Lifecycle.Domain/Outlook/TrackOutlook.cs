using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Stages;
using NodaTime;

namespace Lifecycle.Domain.Outlook;

/// <summary>Where a customer stands in a track, what keeps them there, and where they could go.</summary>
/// <param name="Since">When they entered the stage.</param>
/// <param name="Keeping">The threshold out with every value; null for a stage that has none and keeps whoever is in it.</param>
/// <param name="Keeps">Whether it holds: while it does, no stage listed earlier may claim the customer.</param>
/// <param name="Reachable">The stages that may be entered from this one, in the order of the definition.</param>
public sealed record TrackOutlook(
    Track Track, Stage Present, Instant Since, Explanation? Keeping, bool Keeps, ImmutableArray<ReachableStage> Reachable)
{
    /// <summary>Every track of the release in which the customer stands.</summary>
    internal static ImmutableArray<TrackOutlook> All(CustomerState state, Release release, Instant clock)
    {
        var tracks = ImmutableArray.CreateBuilder<TrackOutlook>();
        foreach (var track in release.Tracks)
            if (state.Decisions.In(track.Name) is { } standing)
                tracks.Add(Of(track, standing, release.Read(state, clock)));
        return tracks.ToImmutable();
    }

    private static TrackOutlook Of(Track track, TrackState state, in Reading reading)
    {
        var present = track.Find(state.Stage) ?? track.First;
        var keeps = present.Keeping?.Holds(reading) ?? true;
        var reachable = ImmutableArray.CreateBuilder<ReachableStage>();
        foreach (var stage in track.Stages)
            if (stage.When is not null && stage.MayFollow(present))
                reachable.Add(ReachableStage.Of(stage, present, state, keeps, reading));
        return new TrackOutlook(track, present, state.Since, present.Keeping?.Explain(reading), keeps, reachable.ToImmutable());
    }
}

/// <summary>A stage that may be entered from the present one, and what it is waiting for.</summary>
/// <param name="Holds">Whether its threshold in holds now.</param>
/// <param name="Missing">All that must still come true for that, at most <see cref="MissingMax"/> conditions, alternatives counted; empty where
/// it holds.</param>
/// <param name="HeldSince">Since when the threshold has held without a break, for a stage with <c>confirm</c>; null while it does not.</param>
/// <param name="WaitsUntil">The end of the present stage's minimum stay or of the confirmation that is running, whichever is later; null where
/// neither is to come.</param>
/// <param name="BlockedByKeep">It is listed earlier than the present stage, which still keeps its customer.</param>
public sealed record ReachableStage(
    Stage Stage, bool Holds, ImmutableArray<Shortfall> Missing, Instant? HeldSince, Instant? WaitsUntil, bool BlockedByKeep)
{
    public const int MissingMax = 20;

    internal static ReachableStage Of(Stage stage, Stage present, TrackState state, bool kept, in Reading reading)
    {
        var waits = state.Since.After(present.MinimumStay);
        Instant? held = state.HeldSince.TryGetValue(stage.Name, out var since) ? since : null;
        if (held is { } from) waits = Instants.Later(waits, from.After(stage.Confirm));
        var missing = ShortfallFinder.Of(stage.When!, reading);
        return new ReachableStage(stage, stage.When!.Holds(reading), ShortfallFinder.Limit(missing, MissingMax), held,
            waits > reading.Clock ? waits : null, kept && !stage.IsAfter(present));
    }
}
