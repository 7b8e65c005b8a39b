using Lifecycle.Domain;

namespace Lifecycle.Projections.Releases;

/// <summary>How many customers are in a stage.</summary>
public sealed record StagePopulation(string Track, string Stage, long Customers);

/// <summary>Who would be left without a stage by a release.</summary>
public static class StrandedStages
{
    /// <summary>The stages with people in them which a release neither has nor maps to another, in order.</summary>
    /// <remarks>A track that the release drops rests with everybody where they are, and strands nobody.</remarks>
    public static IReadOnlyList<StagePopulation> Of(IEnumerable<StagePopulation> present, Release release) =>
    [
        .. present.Where(stage => stage.Customers > 0 && release.FindTrack(stage.Track) is { } track && track.Find(stage.Stage) is null
                && !release.Mappings.Any(mapping => mapping.Track == stage.Track && mapping.From == stage.Stage))
            .GroupBy(stage => (stage.Track, stage.Stage))
                .Select(same => new StagePopulation(same.Key.Track, same.Key.Stage, same.Sum(stage => stage.Customers)))
            .OrderBy(stage => stage.Track, StringComparer.Ordinal).ThenBy(stage => stage.Stage, StringComparer.Ordinal),
    ];
}
