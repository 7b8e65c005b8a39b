using System.Collections.Immutable;
using NodaTime;

namespace Lifecycle.Domain.Rules.Terms;

/// <summary>A checked expression, bound to what it reads, ready to run.</summary>
/// <remarks>
/// A term can look ahead: between now and <see cref="NextChange"/>, if nothing happens to the customer, its value is constant or, where
/// <see cref="Slope"/> is not zero, a straight line in time. That is what lets the engine sleep until the next instant at which an answer can change.
/// Evaluating never throws: what cannot be computed is missing.
/// </remarks>
public abstract class Term(ValueType type, string text)
{
    /// <summary>The type of its value; missing is a value of every type.</summary>
    public ValueType Type { get; } = type;

    /// <summary>The term as the language writes it.</summary>
    public string Text { get; } = text;

    public abstract Value Evaluate(in Reading reading);

    /// <summary>The first instant after the reading's clock at which the value may leave its constant or its line; <see cref="Events.Instants.Never"/> if none.</summary>
    public virtual Instant NextChange(in Reading reading) => Events.Instants.Never;

    /// <summary>By how many milliseconds the value grows per millisecond until then: 0 for all but durations since an instant.</summary>
    public virtual decimal Slope(in Reading reading) => 0;

    /// <summary>The aggregate whose value this term is, by itself or by name; null for all else.</summary>
    public virtual Metrics.Aggregate? AsAggregate => null;

    /// <summary>Whether the value is true; missing is not.</summary>
    public bool Holds(in Reading reading) => Evaluate(reading).IsTrue;

    /// <summary>The value with all that it was made from.</summary>
    public virtual Explanation Explain(in Reading reading) => Explanation.Leaf(Op, Text, Evaluate(reading));

    /// <summary>The node's kind in an explanation.</summary>
    protected abstract string Op { get; }

    protected Explanation Explain(in Reading reading, ImmutableArray<Term> parts)
    {
        var explained = ImmutableArray.CreateBuilder<Explanation>(parts.Length);
        foreach (var part in parts) explained.Add(part.Explain(reading));
        return new Explanation(Op, Text, Evaluate(reading), explained.MoveToImmutable(), []);
    }
}
