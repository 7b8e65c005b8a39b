using System.Globalization;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>What to write where two types do not fit.</summary>
internal static class TypeHints
{
    public static string? ForPair((Expression Written, RuleType Type) a, (Expression Written, RuleType Type) b) =>
        For(a, b) ?? For(b, a);

    private static string? For((Expression Written, RuleType Type) a, (Expression Written, RuleType Type) b) => (a.Type, b.Type, b.Written) switch
    {
        (RuleType.Duration, RuleType.Number, NumberLiteral number) =>
            $"a duration has a unit: `{Keywords.Days(number.Number)}`",
        (RuleType.Time, RuleType.Number, NumberLiteral number) =>
            $"a duration has a unit: `{Keywords.Days(number.Number)}`; how long ago a time was is "
            + $"`since({TermBinder.Shorten(RulePrinter.Print(a.Written))})`",
        (RuleType.Duration, RuleType.Number, _) when a.Written is DurationLiteral =>
            "compare a duration with a duration, as in `since(last(session_start)) >= 14 days`",
        (RuleType.Duration, RuleType.Time, _) => $"how long ago a time was is `since({TermBinder.Shorten(RulePrinter.Print(b.Written))})`",
        (RuleType.Number, RuleType.Text, TextLiteral literal) when decimal.TryParse(literal.Text, NumberStyles.Number,
            CultureInfo.InvariantCulture, out _) =>
            $"write the number without quotes: {literal.Text}",
        (RuleType.Time, RuleType.Text, TextLiteral) =>
            $"times are not written in rules; compare how long ago it was: `since({TermBinder.Shorten(RulePrinter.Print(a.Written))}) > 30 days`",
        (RuleType.Date, RuleType.Text, TextLiteral) => "dates are not written in rules; compare with another date",
        (RuleType.Duration, RuleType.Text, TextLiteral) => "a duration is written without quotes: 14 days",
        (RuleType.Time, RuleType.Date, PathExpression { Names: { Count: 2 } names }) when names[0] == "customer" =>
            $"declare `{names[1]}` as a time under `customer`",
        (RuleType.Time, RuleType.Date, _) => "declare both as time, or both as date",
        (RuleType.Truth, RuleType.Text, TextLiteral { Text: "true" or "false" } literal) => $"write it without quotes: {literal.Text}",
        (RuleType.Number, RuleType.Text, _) when a.Written is NumberLiteral number
            && b.Written is PathExpression { Names: var names } && names[0] == "customer" =>
            $"write it in quotes, '{Numbers.ToText(number.Number)}', or declare `{names[^1]}` as a number under `customer`",
        (RuleType.Number, RuleType.Text, PathExpression { Names: { Count: 2 } names }) when names[0] == "customer" =>
            $"declare `{names[1]}` as a number under `customer`",
        (RuleType.Number, RuleType.Text, PathExpression or AggregateExpression) => "declare the property as a number under `events`",
        _ => null,
    };
}
