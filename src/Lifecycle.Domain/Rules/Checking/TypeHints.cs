using System.Globalization;
using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>What to write where two types do not fit.</summary>
internal static class TypeHints
{
    public static string? ForPair((Expression Written, ValueType Type) a, (Expression Written, ValueType Type) b) =>
        For(a, b) ?? For(b, a);

    private static string? For((Expression Written, ValueType Type) a, (Expression Written, ValueType Type) b) => (a.Type, b.Type, b.Written) switch
    {
        (ValueType.Duration, ValueType.Number, NumberLiteral number) =>
            $"a duration has a unit: `{Words.Days(number.Number)}`",
        (ValueType.Time, ValueType.Number, NumberLiteral number) =>
            $"a duration has a unit: `{Words.Days(number.Number)}`; how long ago a time was is `since({TermBinder.Shorten(RulePrinter.Print(a.Written))})`",
        (ValueType.Duration, ValueType.Number, _) when a.Written is DurationLiteral =>
            "compare a duration with a duration, as in `since(last(session_start)) >= 14 days`",
        (ValueType.Duration, ValueType.Time, _) => $"how long ago a time was is `since({TermBinder.Shorten(RulePrinter.Print(b.Written))})`",
        (ValueType.Number, ValueType.Text, TextLiteral literal) when decimal.TryParse(literal.Text, NumberStyles.Number,
            CultureInfo.InvariantCulture, out _) =>
            $"write the number without quotes: {literal.Text}",
        (ValueType.Time, ValueType.Text, TextLiteral) =>
            $"times are not written in rules; compare how long ago it was: `since({TermBinder.Shorten(RulePrinter.Print(a.Written))}) > 30 days`",
        (ValueType.Date, ValueType.Text, TextLiteral) => "dates are not written in rules; compare with another date",
        (ValueType.Duration, ValueType.Text, TextLiteral) => "a duration is written without quotes: 14 days",
        (ValueType.Time, ValueType.Date, PathExpression { Names: { Count: 2 } names }) when names[0] == "customer" =>
            $"declare `{names[1]}` as a time under `customer`",
        (ValueType.Time, ValueType.Date, _) => "declare both as time, or both as date",
        (ValueType.Truth, ValueType.Text, TextLiteral { Text: "true" or "false" } literal) => $"write it without quotes: {literal.Text}",
        (ValueType.Number, ValueType.Text, _) when a.Written is NumberLiteral number
            && b.Written is PathExpression { Names: var names } && names[0] == "customer" =>
            $"write it in quotes, '{Numbers.ToText(number.Number)}', or declare `{names[^1]}` as a number under `customer`",
        (ValueType.Number, ValueType.Text, PathExpression { Names: { Count: 2 } names }) when names[0] == "customer" =>
            $"declare `{names[1]}` as a number under `customer`",
        (ValueType.Number, ValueType.Text, PathExpression or AggregateExpression) => "declare the property as a number under `events`",
        _ => null,
    };
}
