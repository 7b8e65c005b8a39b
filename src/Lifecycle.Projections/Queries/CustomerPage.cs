using System.Text.Json.Nodes;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Projections.Queries;

/// <summary>A customer at one instant.</summary>
/// <param name="FirstSeen">When the earliest of their events occurred; null where nothing of theirs is a sighting.</param>
/// <param name="LastSeen">When the latest of their events occurred.</param>
/// <param name="Clock">The instant at which everything here is read.</param>
/// <param name="NextReview">When time alone may change something next; null for never, while only history is known, and for the past.</param>
/// <param name="Attributes">What was last said of them, personal members included.</param>
/// <param name="Metrics">In the order of the definition; missing where there is no value.</param>
/// <param name="Approximate">The metrics whose oldest events had to be merged, so that their values are near the truth and no longer exact.</param>
/// <param name="Points">The balance, below zero for a debt; null where the release gives no points.</param>
/// <param name="Tracks">In the order of the definition.</param>
/// <param name="Benefits">By name.</param>
public sealed record CustomerPage(string Id, Instant? FirstSeen, Instant? LastSeen, Instant Clock, Instant? NextReview, JsonObject Attributes,
    IReadOnlyList<KeyValuePair<string, Value>> Metrics, IReadOnlyList<string> Approximate, decimal? Points, IReadOnlyList<TrackPlace> Tracks,
    IReadOnlyList<HeldBenefit> Benefits);

/// <summary>A benefit that a customer has.</summary>
/// <param name="Until">When it ends unless a stage confers it again before; null while a stage confers it, and for the past.</param>
public sealed record HeldBenefit(string Name, Instant? Until);

/// <summary>Where a customer stands in a track.</summary>
/// <param name="Since">When they entered the stage.</param>
/// <param name="Release">The release under which they did.</param>
public sealed record TrackPlace(string Track, string Stage, Instant Since, int Release);
