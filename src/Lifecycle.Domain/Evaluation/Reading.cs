using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation;

/// <summary>One look at one customer at one instant: all that a term may read. A reading changes nothing.</summary>
public readonly struct Reading(Release release, CustomerState state, Instant clock)
{
    public Release Release { get; } = release;
    public CustomerState State { get; } = state;
    public Instant Clock { get; private init; } = clock;

    /// <summary>The clock in milliseconds since 1970.</summary>
    public long Now { get; private init; } = clock.ToUnixTimeMilliseconds();

    /// <summary>The event a <c>where</c> looks at; null elsewhere.</summary>
    public Occurrence? Occurrence { get; init; }

    /// <summary>The event that a points rule is about, read as <c>trigger.x</c>; null elsewhere.</summary>
    public Occurrence? Trigger { get; init; }

    /// <summary>The enrolment whose condition is judged; null elsewhere.</summary>
    public Enrolment? Enrolment { get; init; }

    /// <summary>A look ahead need not go further than this: that nothing changes before it is answer enough.</summary>
    public Instant Horizon { get; init; } = Instants.Never;

    /// <summary>What is left for the look ahead that is under way; null outside of one.</summary>
    internal SearchBudget? Patience { get; init; }

    /// <summary>The same customer at another instant, had nothing happened in between.</summary>
    public Reading At(Instant clock) => this with { Clock = clock, Now = clock.ToUnixTimeMilliseconds() };

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
/// <param name="Input">The number, among the customer's inputs, of the one it is or follows from; 0 for a fact that follows from none.</param>
/// <param name="Fact">The fact that is read as an event; null for a touchpoint.</param>
public sealed record Occurrence(RecordId Id, Instant OccurredAt, Properties Properties, int Input = 0, Fact? Fact = null)
{
    private Value _date;

    /// <summary>The date on which it occurred, in the release's zone. Asked for by many aggregates and found once.</summary>
    internal Value DateIn(Release release) => _date.IsMissing ? _date = Value.Of(Dates.Of(OccurredAt, release.Zone)) : _date;

    /// <summary>A property as the type that it is read as; missing where it does not fit, and where it is money of a currency that the release does
    /// not convert.</summary>
    public Value Read(ImmutableArray<string> path, RuleType type, bool isMoney, Release release)
    {
        if (Fact is not null) return path.Length == 1 ? FactEvents.Read(Fact, path[0]) : Value.Missing;
        if (isMoney && Properties.Get(["currency"]) is { Type: RuleType.Text } currency
            && !string.Equals(currency.Text, release.Currency, StringComparison.OrdinalIgnoreCase))
            return Converted(Conversions.Read(Properties.Get(path.AsSpan()), type, release.Zone), currency.Text, release);
        return Conversions.Read(Properties.Get(path.AsSpan()), type, release.Zone);
    }

    /// <summary>An amount in the release's own currency, rounded as all numbers that are kept; missing where the release has no rate for
    /// it.</summary>
    private static Value Converted(Value amount, string currency, Release release) => amount.Type == RuleType.Number
        && release.Exchange.TryGetValue(currency, out var rate) && Numbers.Multiply(amount.Magnitude, rate) is { } converted
        && Numbers.Entering(converted) is { } entered ? Value.Of(entered) : Value.Missing;
}
