using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation.Terms;

/// <summary>A comparison with all customers of the tenant, by the cut points that were recorded last.</summary>
public abstract class RankedTerm(TopThreshold threshold, RuleType type, string text) : Term(type, text)
{
    public TopThreshold Cut { get; } = threshold;
    public override ImmutableArray<Term> Parts { get; } = [new MetricTerm(threshold.Metric)];

    /// <summary>Without cut points the value stays what it is, however much time passes.</summary>
    public override Instant NextChange(in Reading reading) => PointsOf(reading).IsEmpty ? Instants.Never : base.NextChange(reading);

    /// <summary>Empty where none are recorded, or where nobody was counted.</summary>
    internal ImmutableArray<decimal> PointsOf(in Reading reading) =>
        reading.State.Decisions.Cuts.TryGetValue(Cut.Key, out var points) ? points : [];

    protected static Explanation PointOf(string text, decimal? point) =>
        Explanation.Leaf(ExplanationKind.CutPoint, text, point is { } known ? Value.Of(known) : Value.Missing);
}

/// <summary><c>top(metric, 5%)</c>: whether the customer's metric reaches the cut point.</summary>
public sealed class TopTerm(TopThreshold threshold, string text) : RankedTerm(threshold, RuleType.Truth, text)
{
    protected override ExplanationKind Kind => ExplanationKind.Top;

    /// <summary>The least value that is among the top; missing where there is none.</summary>
    public Value Least(in Reading reading) => PointsOf(reading) is [var least] ? Value.Of(least) : Value.Missing;

    public override Value Evaluate(in Reading reading) => Value.Of(PointsOf(reading) is [var least] && Cut.Measure(reading) >= least);

    public override Instant NextChange(in Reading reading) => PointsOf(reading).IsEmpty ? Instants.Never : Horizon.FirstFlip(this, reading);

    internal override Instant NextCandidate(in Reading reading) => Parts[0].NextChange(reading);

    public override Explanation Explain(in Reading reading) =>
        new(Kind, Text, Evaluate(reading), [Parts[0].Explain(reading), Explanation.Leaf(ExplanationKind.CutPoint, "cut", Least(reading))], []);
}

/// <summary><c>quantile(metric, 5)</c>: in which of so many tiles the customer's metric lies; 1 is the lowest, and equal values share one.</summary>
public sealed class QuantileTerm(TopThreshold threshold, string text) : RankedTerm(threshold, RuleType.Number, text)
{
    protected override ExplanationKind Kind => ExplanationKind.Quantile;

    /// <summary>One more than there are cut points strictly below the metric; missing where the metric is, or where there are none.</summary>
    public override Value Evaluate(in Reading reading) =>
        PointsOf(reading) is { IsEmpty: false } points && Cut.Measure(reading) is { } value ? Value.Of(1 + CountBelow(points, value)) : Value.Missing;

    /// <summary>With the cut points between which the metric lies.</summary>
    public override Explanation Explain(in Reading reading)
    {
        var (points, tile) = (PointsOf(reading), Evaluate(reading));
        decimal? above = null, upTo = null;
        if (!tile.IsMissing)
        {
            var below = (int)tile.Magnitude - 1;
            if (below > 0) above = points[below - 1];
            if (below < points.Length) upTo = points[below];
        }
        return new(Kind, Text, tile, [Parts[0].Explain(reading), PointOf("above", above), PointOf("up to", upTo)], []);
    }

    /// <summary>What the metric must be compared with to bring about a comparison of the tile with a number; null where no value of the metric
    /// does.</summary>
    public (Comparison Comparison, decimal Point)? Needed(Comparison comparison, decimal tile, in Reading reading)
    {
        var points = PointsOf(reading);
        if (points.IsEmpty || Evaluate(reading) is not { IsMissing: false } present) return null;
        if (comparison == Comparison.Equal)
        {
            if (tile != decimal.Truncate(tile)) return null;
            comparison = present.Magnitude < tile ? Comparison.GreaterOrEqual : Comparison.LessOrEqual;
        }
        // The tile as a whole number that is to be reached from below, or not to be passed.
        var (isUpwards, bound) = comparison switch
        {
            Comparison.GreaterOrEqual => (true, decimal.Ceiling(tile)),
            Comparison.Greater => (true, decimal.Floor(tile) + 1),
            Comparison.LessOrEqual => (false, decimal.Floor(tile)),
            Comparison.Less => (false, decimal.Ceiling(tile) - 1),
            Comparison.Equal or Comparison.NotEqual => (true, 0),
        };
        var index = isUpwards ? bound - 2 : bound - 1;
        if (index < 0 || index >= points.Length) return null;
        return (isUpwards ? Comparison.Greater : Comparison.LessOrEqual, points[(int)index]);
    }

    private static int CountBelow(ImmutableArray<decimal> points, decimal value)
    {
        var below = 0;
        while (below < points.Length && points[below] < value) below++;
        return below;
    }
}
