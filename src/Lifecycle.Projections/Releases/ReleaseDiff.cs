using System.Globalization;
using Lifecycle.Domain;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Values;

namespace Lifecycle.Projections.Releases;

/// <summary>In what two releases differ, as their readers see it: what was written otherwise and means the same is no change.</summary>
public static class ReleaseDiff
{
    public static IReadOnlyList<ReleaseChange> Between(Release before, Release after) =>
    [
        .. Changed("definition", "name", before.Name, after.Name),
        .. Changed("definition", "zone", before.Zone.Id, after.Zone.Id),
        .. Changed("definition", "currency", before.Currency, after.Currency),
        .. Pairs("exchange", before.Exchange, after.Exchange, one => one.Key, (name, old, now) =>
            Changed("exchange", name, Numbers.ToText(old.Value), Numbers.ToText(now.Value))),
        .. Pairs("attribute", before.Attributes, after.Attributes, one => one.Key, (name, old, now) =>
            Changed("attribute", name, $"{old.Value}", $"{now.Value}")),
        .. Pairs("metric", before.Metrics, after.Metrics, one => one.Name, (name, old, now) => Changed("metric", name, old.Term.Text, now.Term.Text)),
        .. Tracks(before, after),
        .. Points(before.Points, after.Points),
        .. Pairs("journey", before.Journeys, after.Journeys, one => one.Name, Journeys),
        .. Caps(before.Caps, after.Caps),
    ];

    private static IEnumerable<ReleaseChange> Tracks(Release before, Release after) =>
        Pairs("track", before.Tracks, after.Tracks, one => one.Name, (name, old, now) => Stages(name, old, now, after));

    private static IEnumerable<ReleaseChange> Stages(string track, Track before, Track after, Release release)
    {
        var renamed = release.Mappings.Where(mapping => mapping.Track == track && before.Find(mapping.From) is not null
            && before.Find(mapping.To) is null).ToList();
        foreach (var mapping in renamed)
            yield return new ReleaseChange("stage_renamed", $"{track}.{mapping.To}", mapping.From, mapping.To);
        foreach (var stage in before.Stages)
        {
            var now = after.Find(renamed.Find(mapping => mapping.From == stage.Name)?.To ?? stage.Name);
            if (now is null) yield return new ReleaseChange("stage_removed", $"{track}.{stage.Name}");
            else foreach (var change in Stage($"{track}.{now.Name}", stage, now)) yield return change;
        }
        foreach (var stage in after.Stages)
            if (before.Find(stage.Name) is null && !renamed.Exists(mapping => mapping.To == stage.Name))
                yield return new ReleaseChange("stage_added", $"{track}.{stage.Name}");
        var (was, are) = (before.Stages.Select(stage => stage.Name), after.Stages.Select(stage => stage.Name));
        var common = was.Intersect(are).ToHashSet();
        foreach (var change in Changed("stages", track, string.Join(", ", was.Where(common.Contains)), string.Join(", ", are.Where(common.Contains))))
            yield return change;
    }

    private static IEnumerable<ReleaseChange> Stage(string name, Stage before, Stage after) =>
    [
        .. Changed("stage", $"{name} when", before.When?.Text, after.When?.Text),
        .. Changed("stage", $"{name} keep", before.Keep?.Text, after.Keep?.Text),
        .. Changed("stage", $"{name} confirm", Length(before.Confirm), Length(after.Confirm)),
        .. Changed("stage", $"{name} minimum stay", Length(before.MinimumStay), Length(after.MinimumStay)),
        .. Changed("stage", $"{name} from", List(before.From), List(after.From)),
        .. Changed("stage", $"{name} group", before.Group, after.Group),
        .. Changed("stage", $"{name} benefits", List(before.Benefits), List(after.Benefits)),
        .. Changed("stage", $"{name} grace", Length(before.Grace), Length(after.Grace)),
    ];

    private static IEnumerable<ReleaseChange> Journeys(string name, Journey before, Journey after) =>
    [
        .. Changed("journey", $"{name} kind", before.Kind, after.Kind),
        .. Changed("journey", $"{name} trigger", Trigger(before.Trigger), Trigger(after.Trigger)),
        .. Changed("journey", $"{name} audience", before.Audience?.Text, after.Audience?.Text),
        .. Changed("journey", $"{name} exit", before.Exit?.Text, after.Exit?.Text),
        .. Changed("journey", $"{name} again", Again(before.Again), Again(after.Again)),
        .. Changed("journey", $"{name} priority", $"{before.Priority}", $"{after.Priority}"),
        .. Changed("journey", $"{name} steps", string.Join(" > ", before.Steps.Select(Written)), string.Join(" > ", after.Steps.Select(Written))),
    ];

    private static IEnumerable<ReleaseChange> Points(PointsRules? before, PointsRules? after) => (before, after) switch
    {
        (null, null) => [],
        (null, _) => [new ReleaseChange("points_added", "earn")],
        (_, null) => [new ReleaseChange("points_removed", "earn")],
        _ =>
        [
            .. Changed("points", "earn", string.Join(" | ", before.Earn.Select(Earn)), string.Join(" | ", after.Earn.Select(Earn))),
            .. Pairs("refund", before.Refunds, after.Refunds, one => one.Key, (name, old, now) => Changed("refund", name, old.Value, now.Value)),
            .. Changed("points", "expire", Length(before.Expire ?? 0), Length(after.Expire ?? 0)),
        ],
    };

    private static IEnumerable<ReleaseChange> Caps(IEnumerable<FrequencyCap> before, IEnumerable<FrequencyCap> after) =>
        Pairs("cap", before.GroupBy(cap => cap.Channel), after.GroupBy(cap => cap.Channel), caps => caps.Key,
            (channel, old, now) => Changed("cap", channel, string.Join(", ", old.Select(Cap)), string.Join(", ", now.Select(Cap))));

    /// <summary>What is on one side only, then what differs on both, each in the order of its side.</summary>
    private static IEnumerable<ReleaseChange> Pairs<T>(string kind, IEnumerable<T> before, IEnumerable<T> after, Func<T, string> name,
        Func<string, T, T, IEnumerable<ReleaseChange>> differences)
    {
        var (old, now) = (before.ToDictionary(name), after.ToDictionary(name));
        foreach (var gone in old.Keys.Where(key => !now.ContainsKey(key)).Order(StringComparer.Ordinal))
            yield return new ReleaseChange($"{kind}_removed", gone);
        foreach (var added in now.Keys.Where(key => !old.ContainsKey(key)).Order(StringComparer.Ordinal))
            yield return new ReleaseChange($"{kind}_added", added);
        foreach (var both in now.Keys.Where(old.ContainsKey).Order(StringComparer.Ordinal))
            foreach (var change in differences(both, old[both], now[both])) yield return change;
    }

    private static IEnumerable<ReleaseChange> Changed(string kind, string name, string? before, string? after) =>
        before == after ? [] : [new ReleaseChange($"{kind}_changed", name, before, after)];

    private static string? List(IEnumerable<string>? names) => names is null ? null : string.Join(", ", names);

    private static string? Length(long milliseconds) => milliseconds == 0 ? null : TimeSpan.FromMilliseconds(milliseconds) switch
    {
        { Ticks: var ticks } whole when ticks % TimeSpan.TicksPerDay == 0 => $"{whole.Days} days",
        var other => other.ToString("c", CultureInfo.InvariantCulture),
    };

    private static string Trigger(Trigger trigger) =>
        $"{(trigger.Entering ? "enter" : "leave")} {trigger.Track}: {string.Join(", ", trigger.Stages)}";

    private static string Again(Again again) => again.Pause == 0 ? $"{again.Mode}" : $"{again.Mode} {Length(again.Pause)}";

    private static string Cap(FrequencyCap cap) => $"{cap.Requests} in {Length(cap.Window)}";

    private static string Earn(EarnRule rule) => $"{rule.Event}{(rule.Where is null ? "" : $" where {rule.Where.Text}")}: {rule.Points.Text}";

    private static string Written(JourneyStep transaction) => transaction switch
    {
        Send send => $"send {send.Template} over {send.Channel}",
        Wait wait => $"wait {Length(wait.Duration)}",
        End end => $"end {end.Because}",
        _ => transaction.GetType().Name,
    };
}
