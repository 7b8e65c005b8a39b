using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation.Terms;

public enum Comparison { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual }

internal static class Comparisons
{
    /// <summary>False where either is missing or the two are of different types.</summary>
    public static bool Holds(this Comparison comparison, Value a, Value b) => Value.Compare(a, b) is { } order && comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        Comparison.GreaterOrEqual => order >= 0,
    };
}

/// <summary>A comparison of two values of one type; false where either is missing.</summary>
public sealed class CompareTerm(Term left, Comparison comparison, Term right, string text) : Term(RuleType.Truth, text)
{
    public Comparison Comparison { get; } = comparison;
    public override ImmutableArray<Term> Parts { get; } = [left, right];
    protected override ExplanationKind Kind => ExplanationKind.Compare;

    public override Value Evaluate(in Reading reading) => Value.Of(Comparison.Holds(left.Evaluate(reading), right.Evaluate(reading)));

    public override Instant NextChange(in Reading reading)
    {
        // An aggregate against a constant is what most rules are made of: its own entries tell when it passes the threshold.
        if (right is ConstantTerm threshold && left.AsAggregate is { } aggregate)
            return reading.SeriesOf(aggregate) is { } series
                ? Instants.At(LookAhead.FirstFlip(aggregate, series, reading, Comparison, threshold.Value))
                : Instants.Never;
        return Horizon.FirstFlip(this, reading);
    }

    internal override Instant NextCandidate(in Reading reading) => Horizon.NextMeeting(left, right, reading);
}

/// <summary><c>x in ['CN', 'TW']</c>: whether a value equals one of some constants.</summary>
public sealed class InListTerm(Term value, ImmutableArray<Value> list, string text) : Term(RuleType.Truth, text)
{
    public ImmutableArray<Value> List { get; } = list;
    public override ImmutableArray<Term> Parts { get; } = [value];
    protected override ExplanationKind Kind => ExplanationKind.In;

    public override Value Evaluate(in Reading reading)
    {
        var actual = value.Evaluate(reading);
        foreach (var constant in List)
            if (Value.Compare(actual, constant) == 0) return Value.True;
        return Value.False;
    }

    public override Instant NextChange(in Reading reading) => Horizon.FirstFlip(this, reading);

    internal override Instant NextCandidate(in Reading reading)
    {
        var next = Instants.Never;
        foreach (var constant in List) next = Instants.Earlier(next, Horizon.NextMeeting(value, new ConstantTerm(constant, ""), reading));
        return next;
    }
}

/// <summary><c>known(x)</c>: whether there is a value at all; of a list, whether there is anything in it.</summary>
public sealed class KnownTerm(Term value, string text) : Term(RuleType.Truth, text)
{
    public override ImmutableArray<Term> Parts { get; } = [value];
    protected override ExplanationKind Kind => ExplanationKind.Call;

    public override Value Evaluate(in Reading reading) => Value.Of(value.Evaluate(reading) switch
    {
        { Type: RuleType.List } list => list.Items.Count > 0,
        var found => !found.IsMissing,
    });

    public override Instant NextChange(in Reading reading) => Horizon.FirstFlip(this, reading);
    internal override Instant NextCandidate(in Reading reading) => value.NextBreak(reading);
}

/// <summary>True while its part is not.</summary>
public sealed class NotTerm(Term part, string text) : Term(RuleType.Truth, text)
{
    public override ImmutableArray<Term> Parts { get; } = [part];
    protected override ExplanationKind Kind => ExplanationKind.Not;
    public override Value Evaluate(in Reading reading) => Value.Of(!part.Holds(reading));
}

/// <summary><c>and</c> or <c>or</c> over two parts or more.</summary>
/// <remarks>One part settles the whole: a false one an <c>and</c>, a true one an <c>or</c>. While parts that settle it stand, nothing can change, so
/// the earliest possible flip is when the last of them may give way.</remarks>
public sealed class JunctionTerm(bool all, ImmutableArray<Term> parts, string text) : Term(RuleType.Truth, text)
{
    /// <summary>True for <c>and</c>, false for <c>or</c>.</summary>
    public bool All { get; } = all;
    public override ImmutableArray<Term> Parts { get; } = parts;
    protected override ExplanationKind Kind => All ? ExplanationKind.And : ExplanationKind.Or;

    public override Value Evaluate(in Reading reading)
    {
        foreach (var part in Parts)
            if (part.Holds(reading) != All) return Value.Of(!All);
        return Value.Of(All);
    }

    public override Instant NextChange(in Reading reading) => Horizon.FirstFlip(this, reading);

    internal override Instant NextCandidate(in Reading reading)
    {
        Instant? lastSettling = null;
        foreach (var part in Parts)
        {
            if (part.Holds(reading) == All) continue;
            var next = part.NextChange(reading);
            lastSettling = lastSettling is { } last ? Instants.Later(last, next) : next;
            if (lastSettling >= reading.Horizon) return lastSettling.Value;
        }
        return lastSettling ?? Horizon.Earliest(Parts, reading);
    }
}
