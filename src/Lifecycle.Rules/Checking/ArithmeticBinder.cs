using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Binds sums and products: which types may be put together, and what comes out.</summary>
internal sealed class ArithmeticBinder(TermBinder binder)
{
    public Term? Bind(ArithmeticExpression arithmetic, string written)
    {
        // A property that nobody declared is read as a number here: that is what one reckons with.
        var (left, right) = (binder.Bind(arithmetic.Left, RuleType.Number), binder.Bind(arithmetic.Right, RuleType.Number));
        if (left is null || right is null) return null;
        if (ResultOf(left.Type, arithmetic.Operator, right.Type) is { } type)
            return Foreseen(arithmetic, left, right) ? new ArithmeticTerm(left, arithmetic.Operator, right, type, written)
                : null;
        var verb = arithmetic.Operator switch
        {
            ArithmeticOperation.Add => "added",
            ArithmeticOperation.Subtract => "subtracted",
            ArithmeticOperation.Multiply => "multiplied",
            ArithmeticOperation.Divide => "divided",
        };
        return binder.Complain(arithmetic.Span, ErrorCodes.Type,
            $"`{TermBinder.Shorten(left.Text)}` is {Vocabulary.Name(left.Type)} and `{TermBinder.Shorten(right.Text)}` "
            + $"{Vocabulary.Name(right.Type)}; they cannot be {verb}",
            TypeHints.ForPair((arithmetic.Left, left.Type), (arithmetic.Right, right.Type)));
    }

    /// <summary>The engine sleeps until the next instant at which an answer can change, so it must be able to reckon that instant.</summary>
    private bool Foreseen(ArithmeticExpression arithmetic, Term left, Term right)
    {
        if (arithmetic.Operator == ArithmeticOperation.Multiply && left.Flows && right.Flows)
            binder.Complain(arithmetic.Span, ErrorCodes.Rule,
                $"`{TermBinder.Shorten(left.Text)}` and `{TermBinder.Shorten(right.Text)}` both pass with time, "
                + "so when their product reaches a threshold cannot be foreseen",
                "compare each with a threshold of its own, and join them with `and` or `or`");
        else if (arithmetic.Operator == ArithmeticOperation.Divide && right.Flows)
            binder.Complain(arithmetic.Right.Span, ErrorCodes.Rule,
                $"`{TermBinder.Shorten(right.Text)}` passes with time, so when something divided by it reaches a threshold cannot be foreseen",
                "multiply the other side of the comparison by it: `a >= 2 * b` says the same as `a / b >= 2`");
        else return true;
        return false;
    }

    private static RuleType? ResultOf(RuleType left, ArithmeticOperation @operator, RuleType right) => (left, @operator, right) switch
    {
        (RuleType.Number, _, RuleType.Number) => RuleType.Number,
        (RuleType.Duration, ArithmeticOperation.Add or ArithmeticOperation.Subtract, RuleType.Duration) => RuleType.Duration,
        (RuleType.Duration, ArithmeticOperation.Multiply or ArithmeticOperation.Divide, RuleType.Number) => RuleType.Duration,
        (RuleType.Number, ArithmeticOperation.Multiply, RuleType.Duration) => RuleType.Duration,
        (RuleType.Duration, ArithmeticOperation.Divide, RuleType.Duration) => RuleType.Number,
        (RuleType.Time, ArithmeticOperation.Add or ArithmeticOperation.Subtract, RuleType.Duration) => RuleType.Time,
        (RuleType.Duration, ArithmeticOperation.Add, RuleType.Time) => RuleType.Time,
        (RuleType.Time, ArithmeticOperation.Subtract, RuleType.Time) => RuleType.Duration,
        _ => null,
    };
}
