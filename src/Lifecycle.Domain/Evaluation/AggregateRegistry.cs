using System.Collections.Immutable;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Evaluation;

/// <summary>What an aggregate does with a property of its events.</summary>
public enum PropertyUse : byte
{
    /// <summary>It reads none: it is about the events themselves.</summary>
    None,

    /// <summary>It counts or lists values of any type.</summary>
    Any,

    /// <summary>It reckons with numbers.</summary>
    Numbers,

    /// <summary>It looks for the least or the greatest, so the values need an order.</summary>
    Ordered,
}

/// <summary>What an aggregate is when there are no events.</summary>
public enum OfNothing : byte { Zero, Missing, EmptyList }

/// <summary>All that is known of one kind of aggregate: parser, checker, machine, printer, schema and sentences read it here.</summary>
/// <param name="Name">As rules write it.</param>
/// <param name="Meaning">A sentence for whoever writes rules.</param>
/// <param name="Result">The type of its value; null where it is the property's own.</param>
public sealed record AggregateEntry(AggregateKind Kind, string Name, string Meaning, PropertyUse Property, RuleType? Result, OfNothing OfNothing)
{
    /// <summary>It is written like a function, with the event's name and nothing else: <c>typical_gap(order_completed)</c>.</summary>
    public bool IsCall { get; init; }

    /// <summary>Its value is decided by the latest events that the window holds, rather than by one of them.</summary>
    public bool TellsLatest { get; init; }

    /// <summary>It counts something, so that one more event makes it more.</summary>
    public bool Counts { get; init; }

    /// <summary>The value is read from a property, and events that lack it are passed over.</summary>
    public bool ReadsProperty => Property != PropertyUse.None;

    /// <summary>The value is one of the property's own, so that the rule around it may say what the type of an undeclared one is.</summary>
    public bool GivesProperty => Result is null;
}

/// <summary>The one list of aggregates.</summary>
public static class AggregateRegistry
{
    /// <summary>Every kind once, in the order of the enum.</summary>
    public static readonly ImmutableArray<AggregateEntry> All =
    [
        new(AggregateKind.Count, "count", "How many events there were.", PropertyUse.None, RuleType.Number, OfNothing.Zero)
            { TellsLatest = true, Counts = true },
        new(AggregateKind.Sum, "sum", "The sum of a property.", PropertyUse.Numbers, RuleType.Number, OfNothing.Zero) { TellsLatest = true },
        new(AggregateKind.Avg, "avg", "The mean of a property.", PropertyUse.Numbers, RuleType.Number, OfNothing.Missing) { TellsLatest = true },
        new(AggregateKind.Min, "min", "The least value of a property.", PropertyUse.Ordered, null, OfNothing.Missing),
        new(AggregateKind.Max, "max", "The greatest value of a property.", PropertyUse.Ordered, null, OfNothing.Missing),
        new(AggregateKind.Distinct, "distinct", "How many different values a property had.", PropertyUse.Any, RuleType.Number, OfNothing.Zero)
            { TellsLatest = true, Counts = true },
        new(AggregateKind.Days, "days", "On how many days of the calendar there were events.", PropertyUse.None, RuleType.Number, OfNothing.Zero)
            { TellsLatest = true, Counts = true },
        new(AggregateKind.Weeks, "weeks", "In how many blocks of seven days there were events.", PropertyUse.None, RuleType.Number, OfNothing.Zero)
            { TellsLatest = true, Counts = true },
        new(AggregateKind.First, "first", "When the first event occurred.", PropertyUse.None, RuleType.Time, OfNothing.Missing),
        new(AggregateKind.Last, "last", "When the last event occurred.", PropertyUse.None, RuleType.Time, OfNothing.Missing),
        new(AggregateKind.Latest, "latest", "A property of the last event that had it.", PropertyUse.Any, null, OfNothing.Missing),
        new(AggregateKind.All, "all", "The different values of a property, as a list.", PropertyUse.Any, RuleType.List, OfNothing.EmptyList)
            { TellsLatest = true },
        new(AggregateKind.Median, "median", "The middle value of a property.", PropertyUse.Numbers, RuleType.Number, OfNothing.Missing)
            { TellsLatest = true },
        new(AggregateKind.TypicalGap, "typical_gap", "The usual time between the days with an event.", PropertyUse.None, RuleType.Duration,
            OfNothing.Missing) { IsCall = true },
    ];

    /// <summary>What is known of a kind.</summary>
    public static AggregateEntry Of(AggregateKind kind) => All[(int)kind];
}
