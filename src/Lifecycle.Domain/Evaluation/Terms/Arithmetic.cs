using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation.Terms;

/// <summary><c>since(time)</c>: how long ago an instant was; negative for one to come.</summary>
public sealed class SinceTerm(Term time, string text) : Term(RuleType.Duration, text)
{
    public override ImmutableArray<Term> Parts { get; } = [time];
    public override bool Flows => true;
    protected override ExplanationKind Kind => ExplanationKind.Call;

    public override Value Evaluate(in Reading reading) => time.Evaluate(reading) is { IsMissing: false } value
        ? Value.OfDuration(reading.Now - value.Magnitude)
        : Value.Missing;

    public override decimal Slope(in Reading reading) => time.Evaluate(reading).IsMissing ? 0 : Numbers.Subtract(1, time.Slope(reading)) ?? 0;
}

/// <summary><c>default(x, y)</c>: x, or y where x is missing.</summary>
public sealed class DefaultTerm(Term value, Term fallback, string text) : Term(value.Type, text)
{
    public override ImmutableArray<Term> Parts { get; } = [value, fallback];
    public override bool Flows => value.Flows || fallback.Flows;
    protected override ExplanationKind Kind => ExplanationKind.Call;
    public override Value Evaluate(in Reading reading) => value.Evaluate(reading) is { IsMissing: false } known ? known : fallback.Evaluate(reading);
    public override decimal Slope(in Reading reading) => Chosen(reading).Slope(reading);
    internal override int? Trend(in Reading reading) => Chosen(reading).Trend(reading);
    private Term Chosen(in Reading reading) => value.Evaluate(reading).IsMissing ? fallback : value;
}

public enum ArithmeticOperation { Add, Subtract, Multiply, Divide }

/// <summary>Arithmetic on numbers and durations; missing where a part is, on division by zero, and beyond the range of a decimal or of
/// <see cref="Durations.Max"/>.</summary>
/// <remarks>The checker lets through: number with number; duration or time plus or minus duration; time minus time; duration times or by number;
/// duration by duration. Of a product at most one part flows, and no divisor does, so that the result is a line.</remarks>
public sealed class ArithmeticTerm(Term left, ArithmeticOperation operation, Term right, RuleType type, string text) : Term(type, text)
{
    public ArithmeticOperation Operation { get; } = operation;
    public override ImmutableArray<Term> Parts { get; } = [left, right];
    public override bool Flows => left.Flows || right.Flows;

    protected override ExplanationKind Kind => Operation switch
    {
        ArithmeticOperation.Add => ExplanationKind.Plus,
        ArithmeticOperation.Subtract => ExplanationKind.Minus,
        ArithmeticOperation.Multiply => ExplanationKind.Times,
        ArithmeticOperation.Divide => ExplanationKind.DividedBy,
    };

    public override Value Evaluate(in Reading reading)
    {
        var (a, b) = (left.Evaluate(reading), right.Evaluate(reading));
        if (a.IsMissing || b.IsMissing) return Value.Missing;
        return Compute(a.Magnitude, b.Magnitude) is { } result ? Typed(result) : Value.Missing;
    }

    public override decimal Slope(in Reading reading)
    {
        var (a, b) = (left.Slope(reading), right.Slope(reading));
        if (a == 0 && b == 0) return 0;
        return Operation switch
        {
            ArithmeticOperation.Add => Numbers.Add(a, b) ?? 0,
            ArithmeticOperation.Subtract => Numbers.Subtract(a, b) ?? 0,
            ArithmeticOperation.Multiply when a != 0 => Numbers.Multiply(a, right.Evaluate(reading).Magnitude) ?? 0,
            ArithmeticOperation.Multiply => Numbers.Multiply(b, left.Evaluate(reading).Magnitude) ?? 0,
            ArithmeticOperation.Divide => Numbers.Divide(a, right.Evaluate(reading).Magnitude) ?? 0,
        };
    }

    internal override int? Trend(in Reading reading)
    {
        if (!Steps) return base.Trend(reading);
        var (a, b) = (left.Trend(reading), right.Trend(reading));
        return Operation switch
        {
            ArithmeticOperation.Add => Horizon.Together(a, b),
            ArithmeticOperation.Subtract => Horizon.Together(a, -b),
            ArithmeticOperation.Multiply or ArithmeticOperation.Divide => right.Flows ? b * SignOf(left, reading) : a * SignOf(right, reading),
        };
    }

    private static int SignOf(Term factor, in Reading reading) => Math.Sign(factor.Evaluate(reading).Magnitude);

    private decimal? Compute(decimal a, decimal b) => Operation switch
    {
        ArithmeticOperation.Add => Numbers.Add(a, b),
        ArithmeticOperation.Subtract => Numbers.Subtract(a, b),
        ArithmeticOperation.Multiply => Numbers.Multiply(a, b),
        ArithmeticOperation.Divide => Numbers.Divide(a, b),
    };

    private Value Typed(decimal magnitude) => Type switch
    {
        RuleType.Duration => Durations.Within(magnitude),
        RuleType.Time => magnitude > Instants.Beginning.ToUnixTimeMilliseconds() && magnitude < Instants.NeverMilliseconds
            ? Value.OfTime((long)decimal.Floor(magnitude))
            : Value.Missing,
        RuleType.Missing or RuleType.Number or RuleType.Text or RuleType.Truth or RuleType.Date or RuleType.List or RuleType.Sealed =>
            Value.Of(magnitude),
    };
}

/// <summary>A minus sign before a number or a duration.</summary>
public sealed class NegateTerm(Term part, string text) : Term(part.Type, text)
{
    public override ImmutableArray<Term> Parts { get; } = [part];
    public override bool Flows => part.Flows;
    protected override ExplanationKind Kind => ExplanationKind.Minus;
    public override Value Evaluate(in Reading reading) => part.Evaluate(reading) is { IsMissing: false } value ? value.With(-value.Magnitude)
        : Value.Missing;
    public override decimal Slope(in Reading reading) => -part.Slope(reading);
    internal override int? Trend(in Reading reading) => -part.Trend(reading);
}

public enum Rounding { Floor, Ceil, Round, Abs }

/// <summary><c>floor ceil round abs</c> of a number. A half rounds away from zero, as people do.</summary>
/// <remarks>Of a number that flows they make steps, which change where the number passes a whole or a half; <c>abs</c> turns at zero.</remarks>
public sealed class RoundTerm(Rounding rounding, Term part, string text) : Term(RuleType.Number, text)
{
    /// <summary>Beyond it a decimal has at most one digit left for the parts of a whole.</summary>
    private const decimal WithPartsMax = 1e27m;

    public Rounding Rounding { get; } = rounding;
    public override ImmutableArray<Term> Parts { get; } = [part];
    public override bool Flows => part.Flows;
    protected override ExplanationKind Kind => ExplanationKind.Call;

    public override Value Evaluate(in Reading reading)
    {
        var value = part.Evaluate(reading);
        if (value.IsMissing) return value;
        return Value.Of(Rounding switch
        {
            Rounding.Floor => decimal.Floor(value.Magnitude),
            Rounding.Ceil => decimal.Ceiling(value.Magnitude),
            Rounding.Round => decimal.Round(value.Magnitude, MidpointRounding.AwayFromZero),
            Rounding.Abs => Math.Abs(value.Magnitude),
        });
    }

    internal override bool Steps => (Rounding != Rounding.Abs && part.Flows) || part.Steps;
    internal override int? Trend(in Reading reading) => Rounding != Rounding.Abs ? part.Trend(reading) : part.Steps ? null
        : Math.Sign(Slope(reading));
    internal override Instant NextBreak(in Reading reading) => Rounding == Rounding.Abs ? NextChange(reading) : part.NextBreak(reading);

    public override decimal Slope(in Reading reading)
    {
        if (Rounding != Rounding.Abs) return 0;
        var (slope, value) = (part.Slope(reading), part.Evaluate(reading).Magnitude);
        return value == 0 ? Math.Abs(slope) : slope * Math.Sign(value);
    }

    public override Instant NextChange(in Reading reading)
    {
        var next = part.NextChange(reading);
        if (part.Slope(reading) == 0 || part.Evaluate(reading) is not { IsMissing: false } value || Math.Abs(value.Magnitude) > WithPartsMax)
            return next;
        var below = Rounding switch
        {
            Rounding.Abs => 0,
            Rounding.Round => decimal.Floor(value.Magnitude - 0.5m) + 0.5m,
            Rounding.Floor or Rounding.Ceil => decimal.Floor(value.Magnitude),
        };
        for (var edge = below - 1; edge <= below + 1; edge++)
            next = Instants.Earlier(next, Horizon.Crossing(part, new ConstantTerm(Value.Of(edge), ""), reading));
        return next;
    }
}

/// <summary><c>least(a, b, …)</c> and <c>greatest(a, b, …)</c> of values of one type; missing if any is.</summary>
public sealed class ExtremeTerm(bool greatest, ImmutableArray<Term> parts, string text) : Term(parts[0].Type, text)
{
    public bool Greatest { get; } = greatest;
    public override ImmutableArray<Term> Parts { get; } = parts;
    public override bool Flows => Parts.Any(part => part.Flows);
    protected override ExplanationKind Kind => ExplanationKind.Call;
    public override Value Evaluate(in Reading reading) => Winner(reading) is { } winner ? winner.Evaluate(reading) : Value.Missing;
    public override decimal Slope(in Reading reading) => Winner(reading)?.Slope(reading) ?? 0;

    public override Instant NextChange(in Reading reading)
    {
        var next = Horizon.Earliest(Parts, reading);
        for (var i = 0; i < Parts.Length; i++)
            for (var j = i + 1; j < Parts.Length; j++)
                next = Instants.Earlier(next, Horizon.Crossing(Parts[i], Parts[j], reading));
        return next;
    }

    internal override int? Trend(in Reading reading)
    {
        int? trend = 0;
        foreach (var part in Parts) trend = Horizon.Together(trend, part.Trend(reading));
        return trend;
    }

    /// <summary>Of equals the one that wins a moment later, so that its slope holds until the next crossing.</summary>
    private Term? Winner(in Reading reading)
    {
        Term? winner = null;
        foreach (var part in Parts)
        {
            if (part.Evaluate(reading).IsMissing) return null;
            if (winner is null) winner = part;
            else
            {
                var order = Value.Compare(part.Evaluate(reading), winner.Evaluate(reading)) ?? 0;
                if (order == 0) order = part.Slope(reading).CompareTo(winner.Slope(reading));
                if (Greatest ? order > 0 : order < 0) winner = part;
            }
        }
        return winner;
    }
}

/// <summary><c>mod(x, n)</c>: what is left of x after taking n as often as it fits, with the sign of n; missing where n is zero. Neither may
/// flow.</summary>
public sealed class ModTerm(Term dividend, Term divisor, string text) : Term(RuleType.Number, text)
{
    public override ImmutableArray<Term> Parts { get; } = [dividend, divisor];
    protected override ExplanationKind Kind => ExplanationKind.Call;

    public override Value Evaluate(in Reading reading)
    {
        var (x, n) = (dividend.Evaluate(reading), divisor.Evaluate(reading));
        return !x.IsMissing && !n.IsMissing && Numbers.Modulo(x.Magnitude, n.Magnitude) is { } rest ? Value.Of(rest) : Value.Missing;
    }
}

/// <summary><c>percent_change(a, b)</c>: by how many per cent of a the value went from a to b; missing where a is zero. Neither may flow.</summary>
public sealed class PercentChangeTerm(Term before, Term after, string text) : Term(RuleType.Number, text)
{
    public override ImmutableArray<Term> Parts { get; } = [before, after];
    protected override ExplanationKind Kind => ExplanationKind.Call;

    public override Value Evaluate(in Reading reading)
    {
        var (a, b) = (before.Evaluate(reading), after.Evaluate(reading));
        if (a.IsMissing || b.IsMissing) return Value.Missing;
        return Numbers.Subtract(b.Magnitude, a.Magnitude) is { } change && Numbers.Divide(change, Math.Abs(a.Magnitude)) is { } ratio
            && Numbers.Multiply(ratio, 100) is { } percent
            ? Value.Of(percent)
            : Value.Missing;
    }
}
