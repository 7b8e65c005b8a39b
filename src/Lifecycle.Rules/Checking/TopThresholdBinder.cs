using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Binds <c>top(metric, 5%)</c> and <c>quantile(metric, 5)</c>, which compare the customer with all others.</summary>
/// <remarks>All customers are compared by what they did. What a release decides about them (stages, points) and what time alone changes cannot be
/// compared between customers at one instant of the past, so a cut is made of touchpoints only.</remarks>
internal sealed class TopThresholdBinder(TermBinder binder)
{
    public RankedTerm? Bind(CallExpression call, string written)
    {
        var (function, isTop) = (call.Function, call.Function == "top");
        if (call.Arguments is not [PathExpression { Names: { Count: 1 } names } path, var second] || !binder.Names.Metrics.Has(names[0]))
        {
            var place = call.Arguments.Count == 2 ? call.Arguments[0].Span : call.Span;
            return Complain(place, ErrorCodes.Syntax, $"`{function}` takes the name of a metric and {(isTop ? "a percentage" : "a number of tiles")}",
                call.Arguments is [PathExpression { Names: { Count: 1 } near }, _]
                    && SpellingHint.Hint(near[0], binder.Names.Metrics.Names) is { } hint
                    ? hint : $"declare what is compared under `metrics`, and write `{Example(isTop)}`");
        }
        decimal? share = isTop ? ShareOf(second) : 0;
        int? tiles = isTop ? 0 : TilesOf(second);
        if (share is null || tiles is null || binder.Names.Metrics.Bind(names[0]) is not { } bound) return null;
        if (bound.Metric.Term.Type != RuleType.Number)
            return Complain(path.Span, ErrorCodes.Type,
                $"`{function}` compares numbers, and `{names[0]}` is {Vocabulary.Name(bound.Metric.Term.Type)}", null);
        if (Unfit(bound.Metric.Term) is { } unfit)
            return Complain(path.Span, ErrorCodes.Rule, $"`{function}` compares customers by what they did, and `{names[0]}` reads {unfit}",
                "name a metric that is made of events that are sent, such as `sum(order_completed.revenue in 90 days)`");
        var ranked = RulePrinter.Print(new MetricExpansion(binder.Names).Expand(bound.Written));
        var key = $"{function}({ranked}, {(isTop ? Numbers.ToText(share.Value * 100) + "%" : Numbers.ToText(tiles.Value))})";
        if (!binder.Names.Cuts.TryGetValue(key, out var threshold))
            binder.Names.Cuts[key] = threshold = new TopThreshold(key, ranked, bound.Metric, share.Value, tiles.Value);
        return isTop ? new TopTerm(threshold, written) : new QuantileTerm(threshold, written);
    }

    private static string Example(bool isTop) => isTop ? "top(spend_90d, 5%)" : "quantile(spend_90d, 5)";

    private decimal? ShareOf(Expression written)
    {
        switch (written)
        {
            case PercentLiteral { Percent: > 0 and < 100 } percent:
                return percent.Percent / 100;
            case PercentLiteral:
                Complain(written.Span, ErrorCodes.Rule, "a share of all customers lies between 0% and 100%", "write `5%` for the best twentieth");
                return null;
            case NumberLiteral number:
                Complain(written.Span, ErrorCodes.Unit, "`top` takes a percentage", number.Number >= 1 ? $"write `{Numbers.ToText(number.Number)}%`"
                    : $"write `{Numbers.ToText(number.Number * 100)}%`");
                return null;
            default:
                Complain(written.Span, ErrorCodes.Syntax, "`top` takes a percentage as its second value", $"write `{Example(true)}`");
                return null;
        }
    }

    private int? TilesOf(Expression written)
    {
        if (written is NumberLiteral { Number: >= 2 and <= TopThreshold.TilesMax } number && number.Number == decimal.Truncate(number.Number))
            return (int)number.Number;
        Complain(written.Span, written is NumberLiteral ? ErrorCodes.Rule : ErrorCodes.Syntax,
            $"`quantile` takes a whole number of tiles from 2 to {TopThreshold.TilesMax}",
            written is PercentLiteral { Percent: var percent }
                ? $"whether they are among the best {Numbers.ToText(percent)}% is `top(…, {Numbers.ToText(percent)}%)`"
                : $"write `{Example(false)}`, whose highest tile is 5");
        return null;
    }

    /// <summary>What a cut cannot be made of; null where all is well.</summary>
    private static string? Unfit(Term term) => term switch
    {
        AggregateTerm { Aggregate: { OverFacts: true, Events: var events } } => $"the fact `{events[0]}`",
        AggregateTerm { Aggregate.Window.Kind: WindowKind.Stage } => "when a stage was entered",
        PointsTerm or PointsNextExpiryTerm or PointsExpiringTerm => "`points`",
        AttributeTerm attribute => $"`{attribute.Text}`",
        AgeTerm or TimeInStageTerm or SinceTerm => $"`{TermBinder.Shorten(term.Text)}`, which time alone changes",
        StageIsTerm => "a stage",
        RankedTerm => $"another comparison of all customers, `{TermBinder.Shorten(term.Text)}`",
        _ => term.Parts.Select(Unfit).FirstOrDefault(found => found is not null),
    };

    private RankedTerm? Complain(Span span, string code, string message, string? hint)
    {
        binder.Complain(span, code, message, hint);
        return null;
    }
}
