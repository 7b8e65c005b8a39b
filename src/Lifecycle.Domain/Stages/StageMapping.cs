namespace Lifecycle.Domain.Stages;

/// <summary>Where the customers of a stage go that a release no longer has.</summary>
/// <param name="To">A stage of the track in the release.</param>
public sealed record StageMapping(string Track, string From, string To);
