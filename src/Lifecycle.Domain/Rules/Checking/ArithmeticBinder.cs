using Lifecycle.Domain.Rules.Syntax;
using Lifecycle.Domain.Rules.Terms;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Binds sums and products: which types may be put together, and what comes out.</summary>
internal sealed class ArithmeticBinder(TermBinder binder)
{
    public Term? Bind(ArithmeticExpression arithmetic, string written)
    {
        // A property that nobody declared is read as a number here: that is what one reckons with.
        var (left, right) = (binder.Bind(arithmetic.Left, ValueType.Number), binder.Bind(arithmetic.Right, ValueType.Number));
        if (left is null || right is null) return null;
        if (ResultOf(left.Type, arithmetic.Operator, right.Type) is { } type)
            return new ArithmeticTerm(left, (Operation)arithmetic.Operator, right, type, written);
        var verb = arithmetic.Operator switch
        {
            ArithmeticOperator.Add => "added",
            ArithmeticOperator.Subtract => "subtracted",
            ArithmeticOperator.Multiply => "multiplied",
            _ => "divided",
        };
        return binder.Complain(arithmetic.Span, ErrorCodes.Type,
            $"`{TermBinder.Shorten(left.Text)}` is {Vocabulary.Name(left.Type)} and `{TermBinder.Shorten(right.Text)}` {Vocabulary.Name(right.Type)}; they cannot be {verb}",
            TypeHints.ForPair((arithmetic.Left, left.Type), (arithmetic.Right, right.Type)));
    }

    private static ValueType? ResultOf(ValueType left, ArithmeticOperator @operator, ValueType right) => (left, @operator, right) switch
    {
        (ValueType.Number, _, ValueType.Number) => ValueType.Number,
        (ValueType.Duration, ArithmeticOperator.Add or ArithmeticOperator.Subtract, ValueType.Duration) => ValueType.Duration,
        (ValueType.Duration, ArithmeticOperator.Multiply or ArithmeticOperator.Divide, ValueType.Number) => ValueType.Duration,
        (ValueType.Number, ArithmeticOperator.Multiply, ValueType.Duration) => ValueType.Duration,
        (ValueType.Time, ArithmeticOperator.Add or ArithmeticOperator.Subtract, ValueType.Duration) => ValueType.Time,
        (ValueType.Duration, ArithmeticOperator.Add, ValueType.Time) => ValueType.Time,
        (ValueType.Time, ArithmeticOperator.Subtract, ValueType.Time) => ValueType.Duration,
        _ => null,
    };
}
