using System.Collections.Immutable;
using Lifecycle.Domain.Stages;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Checks where customers are to go whose stage a release no longer has: <c>OLD</c> or <c>TRACK.OLD</c> to a stage of the release.
/// Stages that say what they were called take their people with them; what is said at publication goes before.</summary>
internal sealed class MappingChecker(Diagnostics diagnostics)
{
    public ImmutableArray<StageMapping> Check(IReadOnlyDictionary<string, string>? map, ImmutableArray<Track> tracks)
    {
        List<StageMapping> said = map is null ? []
            : [.. map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => Mapping(entry.Key, entry.Value, tracks))
            .OfType<StageMapping>()];
        var renamed = tracks.SelectMany(track => track.Stages.Where(stage => stage.Was is not null)
            .Select(stage => new StageMapping(track.Name, stage.Was!, stage.Name)));
        return [.. said, .. renamed.Where(mapping => !said.Exists(other => other.Track == mapping.Track && other.From == mapping.From))];
    }

    private StageMapping? Mapping(string from, string to, ImmutableArray<Track> tracks)
    {
        var parts = from.Split('.');
        if (parts.Length > 2) return Wrong(from, to, $"`{from}` is no stage; write OLD or TRACK.OLD");
        var named = parts.Length == 2 ? tracks.Where(track => track.Name == parts[0]).ToList() : [.. tracks];
        if (named.Count == 0) return Wrong(from, to, $"the release has no track `{parts[0]}`");
        var having = named.Where(track => track.Find(to) is not null).ToList();
        if (having.Count == 0) return Wrong(from, to, $"the release has no stage `{to}` to take those of `{parts[^1]}`");
        if (having.Count > 1) return Wrong(from, to, $"several tracks have a stage `{to}`; write TRACK.{parts[^1]}={to}");
        if (having[0].Find(parts[^1]) is not null)
            return Wrong(from, to, $"`{parts[^1]}` is still a stage of `{having[0].Name}`, so nobody has to leave it");
        return new StageMapping(having[0].Name, parts[^1], to);
    }

    private StageMapping? Wrong(string from, string to, string message)
    {
        diagnostics.Add(new SourceFile("map", $"{from}={to}"), new Span(0, Math.Max(1, from.Length)), ErrorCodes.Rule, message);
        return null;
    }
}
