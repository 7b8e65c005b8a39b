using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using NodaTime;

namespace Lifecycle.Domain.Rules;

/// <summary>One look at one customer at one instant: all that a term may read.</summary>
/// <remarks>Within a <c>where</c> also the event that is looked at. A reading changes nothing.</remarks>
public readonly struct Reading(Release release, CustomerState state, Instant clock, Occurrence? occurrence = null)
{
    public Release Release { get; } = release;
    public CustomerState State { get; } = state;
    public Instant Clock { get; } = clock;

    /// <summary>The event a <c>where</c> looks at; null elsewhere.</summary>
    public Occurrence? Occurrence { get; } = occurrence;

    /// <summary>The same customer at another instant, had nothing happened in between.</summary>
    public Reading At(Instant clock) => new(Release, State, clock, Occurrence);

    /// <summary>What an aggregate remembers; null where the present release does not keep it.</summary>
    /// <remarks>An enrolment may still run on an earlier release, whose aggregates are found again by their key.</remarks>
    public Series? SeriesOf(Aggregate aggregate)
    {
        var kept = Release.Aggregates;
        var slot = aggregate.Slot < kept.Length && ReferenceEquals(kept[aggregate.Slot], aggregate)
            ? aggregate.Slot
            : Release.SlotOf(aggregate.Key);
        return slot < 0 ? null : State.History.Series[slot];
    }
}

/// <summary>An event as a <c>where</c> sees it.</summary>
public sealed record Occurrence(EventId Id, Instant OccurredAt, Properties Properties);
