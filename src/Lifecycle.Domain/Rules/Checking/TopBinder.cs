using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Rules.Syntax;
using Lifecycle.Domain.Rules.Terms;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Binds <c>top(metric, 5%)</c>: whether the customer is among those with the highest values of a metric.</summary>
/// <remarks>All customers are compared by what they did. What a release decides about them (stages, points) and what time alone changes cannot be
/// compared between customers at one instant of the past, so a cut is made of touchpoints only.</remarks>
internal sealed class TopBinder(TermBinder binder)
{
    public TopTerm? Bind(CallExpression call, string written)
    {
        if (call.Arguments is not [PathExpression { Names: { Count: 1 } names } path, var second] || !binder.Names.Metrics.Has(names[0]))
        {
            var place = call.Arguments.Count == 2 ? call.Arguments[0].Span : call.Span;
            Complain(place, ErrorCodes.Syntax, "`top` takes the name of a metric and a percentage",
                call.Arguments is [PathExpression { Names: { Count: 1 } near }, _] && Nearest.Hint(near[0], binder.Names.Metrics.Names) is { } hint
                    ? hint : "declare what is compared under `metrics`, and write `top(spend_90d, 5%)`");
            return null;
        }
        if (ShareOf(second) is not { } share || binder.Names.Metrics.Bind(names[0]) is not { } bound) return null;
        if (bound.Metric.Term.Type != ValueType.Number)
            return Complain(path.Span, ErrorCodes.Type, $"`top` compares numbers, and `{names[0]}` is {Vocabulary.Name(bound.Metric.Term.Type)}",
                null);
        if (Unfit(bound.Metric.Term) is { } unfit)
            return Complain(path.Span, ErrorCodes.Rule,
                $"`top` compares customers by what they did, and `{names[0]}` reads {unfit}",
                "name a metric that is made of events that are sent, such as `sum(order_completed.revenue in 90 days)`");
        var key = $"{RulePrinter.Print(new MetricExpansion(binder.Names).Expand(bound.Written))}|{Numbers.ToText(share)}";
        if (!binder.Names.Cuts.TryGetValue(key, out var cut)) binder.Names.Cuts[key] = cut = new Cut(key, bound.Metric, share);
        return new TopTerm(cut, written);
    }

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
                Complain(written.Span, ErrorCodes.Syntax, "`top` takes a percentage as its second value", "write `top(spend_90d, 5%)`");
                return null;
        }
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
        TopTerm => "another `top`",
        _ => term.Parts.Select(Unfit).FirstOrDefault(found => found is not null),
    };

    private TopTerm? Complain(Span span, string code, string message, string? hint)
    {
        binder.Complain(span, code, message, hint);
        return null;
    }
}
