using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Syntax;

/// <summary>An expression as it was written. The set is closed.</summary>
/// <remarks>Two are equal when they say the same; where they were written makes no difference.</remarks>
public abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>Where in the rule's text this stands.</summary>
    public Span Span { get; init; }

    public virtual bool Equals(Expression? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();
}

/// <summary>A number as it was written, without its sign; within a list with it.</summary>
public sealed record NumberLiteral(decimal Number) : Expression;

/// <summary><c>40%</c> is 0.4; the number here is 40.</summary>
public sealed record PercentLiteral(decimal Percent) : Expression;

public sealed record TextLiteral(string Text) : Expression;

public sealed record TruthLiteral(bool Truth) : Expression;

/// <summary><c>14 days</c>.</summary>
public sealed record DurationLiteral(decimal Count, TimeUnit Unit) : Expression
{
    /// <summary>No duration is longer than a thousand years.</summary>
    public const decimal MillisecondsMax = 365_250m * Durations.Day;

    /// <summary>Length in milliseconds; null when that is not a whole number or beyond <see cref="MillisecondsMax"/>.</summary>
    public long? Milliseconds
    {
        get
        {
            var length = Numbers.Multiply(Count, LengthOf(Unit));
            return length is { } found && Math.Abs(found) <= MillisecondsMax && found == decimal.Truncate(found) ? (long)found : null;
        }
    }

    private static long LengthOf(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => Durations.Second,
        TimeUnit.Minute => Durations.Minute,
        TimeUnit.Hour => Durations.Hour,
        TimeUnit.Day => Durations.Day,
        TimeUnit.Week => Durations.Week,
    };
}

public enum TimeUnit : byte { Second, Minute, Hour, Day, Week }

/// <summary>A name, or names with points between: <c>idle</c>, <c>customer.country</c>.</summary>
public sealed record PathExpression(EquatableList<string> Names) : Expression;

public sealed record CallExpression(string Function, EquatableList<Expression> Arguments) : Expression;

public sealed record NegateExpression(Expression Operand) : Expression;

/// <summary><c>+ - * /</c>, grouped from the left.</summary>
public sealed record ArithmeticExpression(ArithmeticOperation Operator, Expression Left, Expression Right) : Expression;

public sealed record CompareExpression(Comparison Comparison, Expression Left, Expression Right) : Expression;

/// <summary><c>country in ['CN', 'TW']</c>. Items are literals, or paths of one name, which mean stages or groups.</summary>
public sealed record MembershipExpression(Expression Operand, EquatableList<Expression> Items) : Expression;

public sealed record NotExpression(Expression Operand) : Expression;

/// <summary>All of two or more.</summary>
public sealed record AndExpression(EquatableList<Expression> Parts) : Expression;

/// <summary>Any of two or more.</summary>
public sealed record OrExpression(EquatableList<Expression> Parts) : Expression;

/// <summary><c>sum(order_completed.revenue in 30 days where revenue >= 100)</c>.</summary>
/// <param name="Property">The names after the events, empty where only the events themselves count.</param>
/// <param name="Window">Null: from the customer's first event on.</param>
public sealed record AggregateExpression(
    AggregateKind Kind, EventChoice Events, EquatableList<string> Property, WindowSyntax? Window, Expression? Where) : Expression;

/// <summary>The events that an aggregate is about.</summary>
/// <param name="Names">At least one, or none for any event.</param>
public sealed record EventChoice(EquatableList<NamedEvent> Names)
{
    public bool IsAny => Names.Count == 0;
}

/// <summary>An event's name and where it was written.</summary>
public sealed record NamedEvent(string Name)
{
    public Span Span { get; init; }

    public bool Equals(NamedEvent? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
