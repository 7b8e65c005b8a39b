using Lifecycle.Domain;
using NodaTime;

namespace Lifecycle.Wording;

/// <summary>What a sentence about a customer is told against.</summary>
/// <param name="Release">The one whose rules are told.</param>
/// <param name="Zone">In which instants are told.</param>
/// <param name="At">The instant spoken of: the move's, or the present.</param>
/// <param name="Titles">Of a stage, by track and name, by language; null for a stage that is called by its name.</param>
internal sealed record WordingContext(
    Release Release, DateTimeZone Zone, Instant At, Func<string, string, IReadOnlyDictionary<string, string>?> Titles)
{
    /// <summary>The track whose rule is told; null where that is not known.</summary>
    public string? Track { get; init; }

    /// <summary>The customer's stage there when the rule was judged.</summary>
    public string? Stage { get; init; }

    /// <summary>A release in its own words.</summary>
    public static WordingContext Of(Release release, Instant at) =>
        new(release, release.Zone, at, (track, stage) => release.FindTrack(track)?.Find(stage)?.Titles);
}
