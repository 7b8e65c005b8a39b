using Lifecycle.Domain.Events;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Which names of events a release knows, and what to tell about the others.</summary>
internal sealed class EventNames(ReleaseNames names)
{
    public static bool IsFact(string name) => FactEvents.Properties.ContainsKey(name);

    /// <summary>Declared, or one whose meaning every definition shares.</summary>
    public bool IsTouchpoint(string name) => names.Contracts.ContainsKey(name) || Vocabulary.CanonicalEvents.Contains(name);

    public bool IsKnown(string name) => IsFact(name) || IsTouchpoint(name);

    /// <summary>The same events by the names that they have once they are in, where these are known and the ones written are not.</summary>
    public EventChoice AsTheyComeIn(EventChoice events) => events.Names.All(named => IsKnown(named.Name)) ? events
        : new EventChoice([.. events.Names.Select(named => !IsKnown(named.Name) && EventNaming.ToSnakeCase(named.Name) is var normal
            && names.Contracts.ContainsKey(normal) ? new NamedEvent(normal) { Span = named.Span } : named)]);

    public static string Unknown(string name) => Vocabulary.FactsNotYet.Contains(name)
        ? $"reading the fact `{name}` as an event is not known to this version"
        : $"there is no event `{TermBinder.Shorten(name)}`";

    public string Hint(string name)
    {
        if (Vocabulary.FactsNotYet.Contains(name)) return "known facts are "
            + string.Join(", ", FactEvents.Properties.Keys.Order(StringComparer.Ordinal));
        if (names.Metrics.Has(name)) return $"`{name}` is a metric, and stands without an aggregate";
        if (name == "any") return "name one event";
        var normal = EventNaming.ToSnakeCase(name);
        IEnumerable<string> known = [.. names.Contracts.Keys, .. Vocabulary.CanonicalEvents, .. FactEvents.Properties.Keys];
        return SpellingHint.Hint(normal, known) ?? $"declare it under `events`: `{normal}: {{}}`";
    }
}
