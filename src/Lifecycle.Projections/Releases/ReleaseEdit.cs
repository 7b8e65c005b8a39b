using System.Collections.Immutable;
using Lifecycle.Definitions;

namespace Lifecycle.Projections.Releases;

/// <summary>What is to change in the release in force. What is not named stays, while the definition keeps its name.</summary>
/// <param name="Definition">Replaces the definition; null leaves it.</param>
/// <param name="Journeys">Each replaces the journey of its name, or is added.</param>
/// <param name="Settings">Replaces the settings; null leaves them.</param>
/// <param name="Removed"><c>journey:NAME</c> or <c>settings</c>.</param>
/// <param name="Map">Where customers go whose stage is gone: <c>OLD</c> or <c>TRACK.OLD</c>, and the stage they take.</param>
public sealed record ReleaseEdit(string? Definition, IReadOnlyList<string> Journeys, string? Settings, IReadOnlyList<string> Removed,
    IReadOnlyDictionary<string, string> Map)
{
    private const string JourneyPrefix = "journey:";

    /// <summary>The release that comes of it, or in a sentence why there is none.</summary>
    /// <param name="present">The release in force; null before any.</param>
    public (ReleaseText? Text, string? Problem) ApplyTo(ReleaseText? present)
    {
        if ((Definition ?? present?.Definition) is not { } definition) return (null, "There is no release yet, so a definition is needed.");
        var journeys = (present?.Journeys ?? []).Select(text => (Name: ReleaseReader.JourneyName(text), Text: text)).ToList();
        var settings = Settings ?? present?.Settings;
        foreach (var removed in Removed)
        {
            if (removed == "settings")
            {
                if (Settings is not null) return (null, "The settings cannot be given and removed at once.");
                settings = null;
                continue;
            }
            if (!removed.StartsWith(JourneyPrefix, StringComparison.Ordinal))
                return (null, $"'{removed}' cannot be removed; write journey:NAME or settings.");
            var name = removed[JourneyPrefix.Length..];
            if (journeys.RemoveAll(journey => journey.Name == name) == 0)
                return (null, NoSuchJourney(name, journeys.Select(journey => journey.Name)));
        }
        if (!GoesOn(definition, present)) journeys.Clear();
        var given = Journeys.Select(ReleaseReader.JourneyName).ToHashSet();
        var kept = journeys.Where(journey => journey.Name is null || !given.Contains(journey.Name)).Select(journey => journey.Text);
        return (new ReleaseText(definition, [.. kept, .. Journeys], settings) { Map = Map.ToImmutableSortedDictionary(StringComparer.Ordinal) },
            null);
    }

    /// <summary>Whether a definition goes on from the one in force. One of another name is another business: its release begins without the journeys
    /// of the one before, which read that one's stages and metrics. The changes of the release list them as removed.</summary>
    public static bool GoesOn(string definition, ReleaseText? present) =>
        present is null || ReleaseReader.DefinitionName(definition) is not { } name || name == ReleaseReader.DefinitionName(present.Definition);

    private static string NoSuchJourney(string name, IEnumerable<string?> present)
    {
        var names = string.Join(", ", present.OfType<string>().Order(StringComparer.Ordinal));
        return names.Length == 0 ? $"There is no journey '{name}'; the release has none." : $"There is no journey '{name}'; there are {names}.";
    }
}
