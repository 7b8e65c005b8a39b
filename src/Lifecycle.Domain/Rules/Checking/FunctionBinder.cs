using System.Collections.Immutable;
using Lifecycle.Domain.Rules.Syntax;
using Lifecycle.Domain.Rules.Terms;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Binds calls: sees that the function exists, has as many values as it takes, and of types that it takes.</summary>
internal sealed class FunctionBinder(TermBinder binder)
{
    public Term? Bind(CallExpression call, ValueType? wanted, string written) => call.Function switch
    {
        "since" => Since(call, written),
        "default" => Default(call, wanted, written),
        "known" => Has(call, 1) && binder.Bind(call.Arguments[0]) is { } value ? new KnownTerm(value, written) : null,
        "floor" => Round(call, Rounding.Floor, written),
        "ceil" => Round(call, Rounding.Ceil, written),
        "round" => Round(call, Rounding.Round, written),
        "abs" => Round(call, Rounding.Abs, written),
        "least" or "greatest" => Extreme(call, wanted, written),
        "percent_change" => Has(call, 2) && Number(call, 0) is { } before && Number(call, 1) is { } after ? new PercentChangeTerm(before, after,
            written) : null,
        var name when Vocabulary.FunctionsNotYet.Contains(name) =>
            binder.Complain(NameOf(call), ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(name)),
        var name => binder.Complain(NameOf(call), ErrorCodes.UnknownName, $"there is no function `{name}`",
            Nearest.Hint(name, [.. Vocabulary.Functions, .. Words.Aggregates.Keys]) ?? $"known are {string.Join(", ", Vocabulary.Functions.Order())}"),
    };

    private Term? Since(CallExpression call, string written)
    {
        if (binder.Where is not null)
            return binder.Complain(call.Span, ErrorCodes.Rule, "a filter is judged once, when the event comes in, so it has no `since`",
                "use a window, as in `count(order_completed in 30 days)`");
        if (!Has(call, 1) || binder.Bind(call.Arguments[0], ValueType.Time) is not { } time) return null;
        return time.Type == ValueType.Time
            ? new SinceTerm(time, written)
            : WrongType(call, 0, time, "a time", time.Type == ValueType.Date ? "declare the attribute as time" : "write `since(last(session_start))`");
    }

    private Term? Default(CallExpression call, ValueType? wanted, string written)
    {
        if (!Has(call, 2)) return null;
        if (binder.Bind(call.Arguments[0], wanted) is not { } value || binder.Bind(call.Arguments[1], value.Type) is not { } fallback) return null;
        return value.Type == fallback.Type
            ? new DefaultTerm(value, fallback, written)
            : WrongType(call, 1, fallback, Vocabulary.Name(value.Type),
                TypeHints.ForPair((call.Arguments[0], value.Type), (call.Arguments[1], fallback.Type)));
    }

    private RoundTerm? Round(CallExpression call, Rounding rounding, string written) =>
        Has(call, 1) && Number(call, 0) is { } part ? new RoundTerm(rounding, part, written) : null;

    private Term? Extreme(CallExpression call, ValueType? wanted, string written)
    {
        if (call.Arguments.Count < 2)
            return binder.Complain(call.Span, ErrorCodes.Syntax, $"`{call.Function}` takes two values or more, found {call.Arguments.Count}");
        var parts = new List<Term>();
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            if (binder.Bind(call.Arguments[i], parts.Count > 0 ? parts[0].Type : wanted ?? ValueType.Number) is not { } part) return null;
            if (part.Type is ValueType.Text or ValueType.Truth) return WrongType(call, i, part, "a number, a time, a date or a duration", null);
            if (parts.Count > 0 && part.Type != parts[0].Type)
                return WrongType(call, i, part, Vocabulary.Name(parts[0].Type),
                    TypeHints.ForPair((call.Arguments[0], parts[0].Type), (call.Arguments[i], part.Type)));
            parts.Add(part);
        }
        return new ExtremeTerm(call.Function == "greatest", [.. parts], written);
    }

    private Term? Number(CallExpression call, int index)
    {
        if (binder.Bind(call.Arguments[index], ValueType.Number) is not { } part) return null;
        return part.Type == ValueType.Number ? part : WrongType(call, index, part, "a number", null);
    }

    private bool Has(CallExpression call, int count)
    {
        if (call.Arguments.Count == count) return true;
        binder.Complain(call.Span, ErrorCodes.Syntax,
            $"`{call.Function}` takes {(count == 1 ? "one value" : "two values")}, found {call.Arguments.Count}");
        return false;
    }

    private Term? WrongType(CallExpression call, int index, Term found, string expected, string? hint) =>
        binder.Complain(call.Arguments[index].Span, ErrorCodes.Type,
        $"`{call.Function}` wants {expected} here, and `{TermBinder.Shorten(found.Text)}` is {Vocabulary.Name(found.Type)}", hint);

    private static Span NameOf(CallExpression call) => new(call.Span.Start, call.Function.Length);
}
