using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Binds calls: sees that the function exists, has as many values as it takes, and of types that it takes.</summary>
internal sealed class FunctionBinder(TermBinder binder)
{
    public Term? Bind(CallExpression call, RuleType? wanted, string written) => FunctionRegistry.Find(call.Function)?.Kind switch
    {
        FunctionKind.Since => Since(call, written),
        FunctionKind.Default => Default(call, wanted, written),
        FunctionKind.Known => Has(call, 1) && binder.Bind(call.Arguments[0]) is { } value ? new KnownTerm(value, written) : null,
        FunctionKind.TypicalGap => OutsideOfFilters(call) ? new AggregateBinder(binder).BindTypicalGap(call, written) : null,
        FunctionKind.Top or FunctionKind.Quantile => OutsideOfFilters(call) ? new TopThresholdBinder(binder).Bind(call, written) : null,
        FunctionKind.Floor => Round(call, Rounding.Floor, written),
        FunctionKind.Ceil => Round(call, Rounding.Ceil, written),
        FunctionKind.Round => Round(call, Rounding.Round, written),
        FunctionKind.Abs => Round(call, Rounding.Abs, written),
        FunctionKind.Least or FunctionKind.Greatest => Extreme(call, wanted, written),
        FunctionKind.PercentChange => PercentChange(call, written),
        FunctionKind.Mod => Mod(call, written),
        FunctionKind.PointsExpiring => OutsideOfFilters(call) ? Expiring(call, written) : null,
        null when Vocabulary.FunctionsNotYet.Contains(call.Function) =>
            binder.Complain(NameOf(call), ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(call.Function)),
        null => binder.Complain(NameOf(call), ErrorCodes.UnknownName, Vocabulary.NoFunction(call.Function), Vocabulary.FunctionHint(call.Function)),
    };

    private Term? Since(CallExpression call, string written)
    {
        if (binder.Where is not null)
            return binder.Complain(call.Span, ErrorCodes.Rule, "a filter is judged once, when the event comes in, so it has no `since`",
                "use a window, as in `count(order_completed in 30 days)`");
        if (!Has(call, 1)) return null;
        if (call.Arguments[0] is PathExpression { Names: { Count: 1 } names } && !binder.Names.Metrics.Has(names[0])
            && new EventNames(binder.Names).IsKnown(names[0]))
            return binder.Complain(call.Arguments[0].Span, ErrorCodes.Type,
                $"`since` wants a time, and `{names[0]}` is an event, which may come many times",
                $"write `since(last({names[0]}))`");
        if (binder.Bind(call.Arguments[0], RuleType.Time) is not { } time) return null;
        return time.Type == RuleType.Time
            ? new SinceTerm(time, written)
            : WrongType(call, 0, time, "a time", time.Type == RuleType.Date ? "declare the attribute as time"
                : "write `since(last(session_start))`");
    }

    private PercentChangeTerm? PercentChange(CallExpression call, string written)
    {
        if (!Has(call, 2) || Number(call, 0) is not { } before || Number(call, 1) is not { } after) return null;
        if (!before.Flows && !after.Flows) return new PercentChangeTerm(before, after, written);
        var (flowing, at) = before.Flows ? (before, call.Arguments[0]) : (after, call.Arguments[1]);
        binder.Complain(at.Span, ErrorCodes.Rule,
            $"`{TermBinder.Shorten(flowing.Text)}` passes with time, so when its change in per cent reaches a threshold cannot be foreseen",
            "compare it with a threshold of its own");
        return null;
    }

    private ModTerm? Mod(CallExpression call, string written)
    {
        if (!Has(call, 2) || Number(call, 0) is not { } dividend || Number(call, 1) is not { } divisor) return null;
        if (!dividend.Flows && !divisor.Flows) return new ModTerm(dividend, divisor, written);
        var (flowing, at) = dividend.Flows ? (dividend, call.Arguments[0]) : (divisor, call.Arguments[1]);
        binder.Complain(at.Span, ErrorCodes.Rule,
            $"`{TermBinder.Shorten(flowing.Text)}` passes with time, so when the rest of its division reaches a threshold cannot be foreseen",
            "compare it with a threshold of its own");
        return null;
    }

    private Term? Expiring(CallExpression call, string written)
    {
        if (!new NameBinder(binder).HasPoints(call.Span) || !Has(call, 1)) return null;
        if (call.Arguments[0] is not DurationLiteral duration)
            return binder.Complain(call.Arguments[0].Span, ErrorCodes.Syntax, "`points.expiring` takes a duration",
                "write `points.expiring(30 days)`");
        if (binder.Milliseconds(duration) is not { } length) return null;
        return length > 0 ? new PointsExpiringTerm(length, written)
            : binder.Complain(duration.Span, ErrorCodes.Rule, "within no time no points expire", "write `points.expiring(30 days)`");
    }

    private bool OutsideOfFilters(CallExpression call)
    {
        if (binder.Where is null) return true;
        binder.Complain(call.Span, ErrorCodes.Rule, $"a filter looks at one event alone, so it has no `{call.Function}`",
            "put it outside of the aggregate");
        return false;
    }

    private Term? Default(CallExpression call, RuleType? wanted, string written)
    {
        if (!Has(call, 2)) return null;
        if (binder.BindPair(call.Arguments[0], call.Arguments[1], wanted) is not var (value, fallback)) return null;
        if (value.Type == RuleType.List) return WrongType(call, 0, value, "one value",
            "a list is never missing: `known(…)` tells whether it is empty");
        return value.Type == fallback.Type
            ? new DefaultTerm(value, fallback, written)
            : WrongType(call, 1, fallback, Vocabulary.Name(value.Type),
                TypeHints.ForPair((call.Arguments[0], value.Type), (call.Arguments[1], fallback.Type)));
    }

    private RoundTerm? Round(CallExpression call, Rounding rounding, string written) =>
        Has(call, 1) && Number(call, 0) is { } part ? new RoundTerm(rounding, part, written) : null;

    private Term? Extreme(CallExpression call, RuleType? wanted, string written)
    {
        if (call.Arguments.Count < 2)
            return binder.Complain(call.Span, ErrorCodes.Syntax, $"`{call.Function}` takes two values or more, found {call.Arguments.Count}");
        // What tells its type by itself is bound first, and the others are read as that.
        var parts = new Term[call.Arguments.Count];
        var telling = Math.Max(0, Array.FindIndex([.. call.Arguments], argument => !binder.IsOpen(argument)));
        foreach (var i in Enumerable.Range(0, parts.Length).OrderBy(i => i != telling))
        {
            if (binder.Bind(call.Arguments[i], i == telling ? wanted ?? RuleType.Number : parts[telling].Type) is not { } part) return null;
            if (!Vocabulary.HasOrder(part.Type)) return WrongType(call, i, part, "a number, a time, a date or a duration", null);
            if (i != telling && part.Type != parts[telling].Type)
                return WrongType(call, i, part, Vocabulary.Name(parts[telling].Type),
                    TypeHints.ForPair((call.Arguments[telling], parts[telling].Type), (call.Arguments[i], part.Type)));
            parts[i] = part;
        }
        return new ExtremeTerm(call.Function == "greatest", [.. parts], written);
    }

    private Term? Number(CallExpression call, int index)
    {
        if (binder.Bind(call.Arguments[index], RuleType.Number) is not { } part) return null;
        return part.Type == RuleType.Number ? part : WrongType(call, index, part, "a number", null);
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
