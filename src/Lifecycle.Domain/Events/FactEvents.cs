using System.Collections.Frozen;
using System.Collections.Immutable;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Events;

/// <summary>Facts as rules read them: as events with a name and properties. Said here and nowhere else.</summary>
public static class FactEvents
{
    private static readonly ImmutableArray<(Type Type, string[] Texts, string[] Numbers)> Facts =
    [
        (typeof(StageChanged), ["track", "from", "to", "cause"], []),
        (typeof(StageConflict), ["track", "stage"], []),
        (typeof(JourneyStarted), ["journey"], []),
        (typeof(JourneyMoved), ["journey"], ["step"]),
        (typeof(JourneyEnded), ["journey", "because"], []),
        (typeof(ActionRequested), ["journey", "channel", "template"], []),
        (typeof(ActionWithheld), ["journey", "channel", "template", "because"], []),
        (typeof(PointsEarned), ["event"], ["points"]),
        (typeof(PointsExpired), [], ["points"]),
        (typeof(BenefitGranted), ["benefit", "track", "stage"], []),
        (typeof(BenefitRevoked), ["benefit"], []),
    ];

    /// <summary>What each fact that rules may read has, by name.</summary>
    public static readonly FrozenDictionary<string, FrozenDictionary<string, RuleType>> Properties = Facts.ToFrozenDictionary(
        fact => EventCatalog.NameOf(fact.Type),
        fact => fact.Texts.Concat(fact.Numbers).ToFrozenDictionary(name => name, name => fact.Texts.Contains(name) ? RuleType.Text
            : RuleType.Number));

    /// <summary>The name that rules know a fact by; null for a fact that they do not read.</summary>
    public static string? NameOf(Fact fact) => EventCatalog.Of(fact)?.Name is { } name && Properties.ContainsKey(name) ? name : null;

    /// <summary>A property of a fact as rules read it; missing where the fact has none of that name.</summary>
    public static Value Read(Fact fact, string property) => (fact, property) switch
    {
        (StageChanged moved, "track") => Value.Of(moved.Track),
        (StageChanged { From: { } from }, "from") => Value.Of(from),
        (StageChanged moved, "to") => Value.Of(moved.To),
        (StageChanged moved, "cause") => Value.Of(moved.Cause.ToString().ToLowerInvariant()),
        (StageConflict conflict, "track") => Value.Of(conflict.Track),
        (StageConflict conflict, "stage") => Value.Of(conflict.Stage),
        (JourneyStarted started, "journey") => Value.Of(started.Journey),
        (JourneyMoved moved, "journey") => Value.Of(moved.Journey),
        (JourneyMoved moved, "step") => Value.Of(moved.Step),
        (JourneyEnded ended, "journey") => Value.Of(ended.Journey),
        (JourneyEnded ended, "because") => Value.Of(ended.Because),
        (ActionRequested asked, "journey") => Value.Of(asked.Journey),
        (ActionRequested asked, "channel") => Value.Of(asked.Channel),
        (ActionRequested asked, "template") => Value.Of(asked.Template),
        (ActionWithheld held, "journey") => Value.Of(held.Journey),
        (ActionWithheld held, "channel") => Value.Of(held.Channel),
        (ActionWithheld held, "template") => Value.Of(held.Template),
        (ActionWithheld held, "because") => Value.Of(held.Because),
        (PointsEarned earned, "event") => Value.Of(earned.Event),
        (PointsEarned earned, "points") => Value.Of(earned.Points),
        (PointsExpired expired, "points") => Value.Of(expired.Points),
        (BenefitGranted granted, "benefit") => Value.Of(granted.Benefit),
        (BenefitGranted granted, "track") => Value.Of(granted.Track),
        (BenefitGranted granted, "stage") => Value.Of(granted.Stage),
        (BenefitRevoked revoked, "benefit") => Value.Of(revoked.Benefit),
        _ => Value.Missing,
    };
}
