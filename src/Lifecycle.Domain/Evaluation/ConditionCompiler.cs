using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Evaluation;

/// <summary>Turns conditions into delegates, with shortcuts for the forms that most rules have.</summary>
/// <remarks>A delegate answers as <see cref="Term.Holds"/> does, always.</remarks>
internal static class ConditionCompiler
{
    public static Test Compile(Term condition) => condition switch
    {
        JunctionTerm junction => Junction(junction.All, [.. junction.Parts.Select(Compile)]),
        NotTerm not when Compile(not.Parts[0]) is var part => (in Reading reading) => !part(reading),
        MetricTerm metric => Compile(metric.Metric.Term),
        CompareTerm { Parts: [var left, ConstantTerm { Value.Type: RuleType.Number } threshold], Comparison: var comparison }
            when left.AsAggregate is { Kind: AggregateKind.Count } counted => Counted(counted, comparison, threshold.Value),
        _ => condition.Holds,
    };

    private static Test Junction(bool all, Test[] parts) => (in Reading reading) =>
    {
        foreach (var part in parts)
            if (part(reading) != all) return !all;
        return all;
    };

    /// <summary>How many events there were against a number needs no more than two indices.</summary>
    private static Test Counted(Aggregate aggregate, Comparison comparison, Value threshold)
    {
        // A count passes a broken number where it passes the whole ones beside it.
        var (floor, isWhole) = (decimal.Floor(threshold.Magnitude), threshold.Magnitude == decimal.Floor(threshold.Magnitude));
        if (!isWhole || Math.Abs(floor) > int.MaxValue)
            return (in Reading reading) => reading.SeriesOf(aggregate) is { } series
                && comparison.Holds(aggregate.Compute(series, reading), threshold);
        var least = (long)floor;
        return (in Reading reading) =>
        {
            if (reading.SeriesOf(aggregate) is not { } series) return false;
            var count = aggregate.Count(series, reading);
            return comparison switch
            {
                Comparison.Equal => count == least,
                Comparison.NotEqual => count != least,
                Comparison.Less => count < least,
                Comparison.LessOrEqual => count <= least,
                Comparison.Greater => count > least,
                Comparison.GreaterOrEqual => count >= least,
            };
        };
    }
}
