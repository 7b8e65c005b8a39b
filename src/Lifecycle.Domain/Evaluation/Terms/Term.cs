using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation.Terms;

/// <summary>An expression of the rules language, checked: it knows its type, its value at an instant and when that value may next change by
/// itself.</summary>
/// <remarks>
/// While nothing happens to the customer, a term's value is constant or, where <see cref="Slope"/> is not zero, a straight line in time. That is
/// what lets the engine sleep until the next instant at which an answer can change. Evaluating never throws: what cannot be computed is missing.
/// </remarks>
public abstract class Term(RuleType type, string text)
{
    /// <summary>The type of its value; missing is a value of every type.</summary>
    public RuleType Type { get; } = type;

    /// <summary>The term as the language writes it.</summary>
    public string Text { get; } = text;

    /// <summary>The terms it is made from, in order.</summary>
    public virtual ImmutableArray<Term> Parts => [];

    public abstract Value Evaluate(in Reading reading);

    /// <summary>The first instant after the reading's clock at which the value may leave its constant or its line; <see cref="Instants.Never"/> if
    /// none.</summary>
    /// <remarks>An answer at or after the reading's horizon only says that nothing changes before the horizon.</remarks>
    public virtual Instant NextChange(in Reading reading) => Horizon.Earliest(Parts, reading);

    /// <summary>By how many milliseconds, or what else it is measured in, the value grows per millisecond until then.</summary>
    public virtual decimal Slope(in Reading reading) => 0;

    /// <summary>From when on time alone only brings back what the value was seven days before, which most terms are from the start: they stay as they
    /// are.</summary>
    /// <remarks><see cref="Instants.Never"/> if the value may grow without end.</remarks>
    public virtual Instant Settled(in Reading reading)
    {
        if (Flows) return Instants.Never;
        var settled = reading.Clock;
        foreach (var part in Parts) settled = Instants.Later(settled, part.Settled(reading));
        return settled;
    }

    /// <summary>Whether the value may grow by itself as time passes, for some customer.</summary>
    public virtual bool Flows => false;

    /// <summary>Whether the value may grow in steps as time passes, as <c>floor(age / 1 day)</c> does.</summary>
    internal virtual bool Steps => Parts.Any(part => part.Steps);

    /// <summary>Which way time alone moves the value until <see cref="NextBreak"/>: 1 never down, -1 never up, 0 not at all; null if that cannot be
    /// said.</summary>
    internal virtual int? Trend(in Reading reading) => Math.Sign(Slope(reading));

    /// <summary>The first instant after the reading's clock at which <see cref="Trend"/> may end: as <see cref="NextChange"/>, but steps go
    /// on.</summary>
    internal virtual Instant NextBreak(in Reading reading)
    {
        if (Parts.IsEmpty) return NextChange(reading);
        var next = Instants.Never;
        foreach (var part in Parts) next = Instants.Earlier(next, part.NextBreak(reading));
        return next;
    }

    /// <summary>The aggregate whose value this term is, by itself or by name; null for all else.</summary>
    public virtual Lifecycle.Domain.Metrics.Aggregate? AsAggregate => null;

    /// <summary>Whether the value is true; missing is not.</summary>
    public bool Holds(in Reading reading) => Evaluate(reading).IsTrue;

    /// <summary>When time alone makes a truth true or no longer so; the change from false to missing is none.</summary>
    /// <remarks>Comparisons and what joins them look for flips themselves; a property of an event, seen through a window, comes and goes without
    /// one.</remarks>
    public Instant NextFlip(in Reading reading) =>
        this is AggregateTerm or MetricTerm or NotTerm ? Horizon.FirstFlip(this, reading) : NextChange(reading);

    /// <summary>The first instant after the reading's clock at which a truth may flip, which <see cref="Horizon.FirstFlip"/> visits to see whether it
    /// does.</summary>
    internal virtual Instant NextCandidate(in Reading reading) => NextChange(reading);

    /// <summary>The value with all that it was made from.</summary>
    public virtual Explanation Explain(in Reading reading)
    {
        var parts = Parts;
        if (parts.IsEmpty) return Explanation.Leaf(Kind, Text, Evaluate(reading));
        var explained = ImmutableArray.CreateBuilder<Explanation>(parts.Length);
        foreach (var part in parts) explained.Add(part.Explain(reading));
        var made = explained.MoveToImmutable();
        return new Explanation(Kind, Text, MadeOf(made, Evaluate(reading)), made, []);
    }

    /// <summary>What is worked out from something personal is personal too; whether a comparison with it holds is not.</summary>
    private static Value MadeOf(ImmutableArray<Explanation> parts, Value value) =>
        value.Type is not (RuleType.Truth or RuleType.Missing) && parts.Any(part => part.Value.Type == RuleType.Sealed) ? Value.Sealed : value;

    /// <summary>This term and all it is made from, through named metrics too.</summary>
    public IEnumerable<Term> WithParts() => Parts.SelectMany(part => part.WithParts()).Prepend(this);

    /// <summary>The node's kind in an explanation.</summary>
    protected abstract ExplanationKind Kind { get; }
}
