using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Checking;

/// <summary>What becomes of a condition in the end for a customer who does nothing any more: windows empty, and time goes on.</summary>
internal static class SilenceAnalysis
{
    /// <summary>What is compared with a duration that goes on for ever.</summary>
    private const decimal Ages = Durations.Max;

    /// <summary>Whether a condition holds in the end; null where that depends on who the customer is.</summary>
    public static bool? Holds(Term condition) => condition switch
    {
        ConstantTerm constant => constant.Value.IsTrue,
        MetricTerm metric => Holds(metric.Metric.Term),
        NotTerm not => !Holds(not.Parts[0]),
        JunctionTerm junction => junction.Parts.Any(part => Holds(part) == !junction.All) ? !junction.All
            : junction.Parts.All(part => Holds(part) == junction.All) ? junction.All : null,
        CompareTerm compare when (Of(compare.Parts[0]), Of(compare.Parts[1])) is ({ } left, { } right) => compare.Comparison.Holds(left, right),
        _ => null,
    };

    /// <summary>The value in the end, missing included; null where it depends.</summary>
    private static Value? Of(Term term) => term switch
    {
        ConstantTerm constant => constant.Value,
        MetricTerm metric => Of(metric.Metric.Term),
        AggregateTerm { Aggregate: var aggregate } => aggregate.OnlyEventsMoveIt ? null
            : AggregateRegistry.Of(aggregate.Kind).OfNothing == OfNothing.Zero ? Value.Of(0) : Value.Missing,
        AgeTerm or TimeInStageTerm => Value.OfDuration(Ages),
        SinceTerm since => Of(since.Parts[0]) is { IsMissing: true } ? Value.Missing : Value.OfDuration(Ages),
        DefaultTerm choice => Of(choice.Parts[0]) is { } value ? value.IsMissing ? Of(choice.Parts[1]) : value : null,
        ArithmeticTerm { Operation: ArithmeticOperation.Multiply, Parts: [ConstantTerm, var part] }
            when Of(part) is { IsMissing: false, Magnitude: 0 } zero => zero,
        _ => null,
    };
}
