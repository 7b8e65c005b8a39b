using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Checking;

/// <summary>Between which values a term lies for every customer there may be, both ends included.</summary>
/// <param name="Least">Null where there is no least.</param>
/// <param name="Most">Null where there is no greatest.</param>
internal readonly record struct Bounds(decimal? Least, decimal? Most)
{
    public static readonly Bounds None = new(null, null);

    public static Bounds Of(Term term) => term switch
    {
        ConstantTerm { Value: { Type: RuleType.Number or RuleType.Duration, Magnitude: var number } } => new Bounds(number, number),
        MetricTerm metric => Of(metric.Metric.Term),
        AggregateTerm { Aggregate: var aggregate } => Of(aggregate),
        AgeTerm or TimeInStageTerm or PointsExpiringTerm => new Bounds(0, null),
        NegateTerm negate when Of(negate.Parts[0]) is var part => new Bounds(-part.Most, -part.Least),
        RoundTerm { Rounding: Rounding.Abs } => new Bounds(0, null),
        ArithmeticTerm { Operation: ArithmeticOperation.Add } sum when (Of(sum.Parts[0]), Of(sum.Parts[1])) is var (a, b) =>
            new Bounds(Add(a.Least, b.Least), Add(a.Most, b.Most)),
        _ => None,
    };

    /// <summary>Whether a comparison always holds where both sides have a value, never does, or depends: null.</summary>
    public static bool? Holds(Bounds left, Comparison comparison, Bounds right) => comparison switch
    {
        Comparison.GreaterOrEqual => left.Least >= right.Most ? true : left.Most < right.Least ? false : null,
        Comparison.Greater => left.Least > right.Most ? true : left.Most <= right.Least ? false : null,
        Comparison.LessOrEqual => left.Most <= right.Least ? true : left.Least > right.Most ? false : null,
        Comparison.Less => left.Most < right.Least ? true : left.Least >= right.Most ? false : null,
        Comparison.Equal => left.Least == left.Most && left.Least is not null && left == right ? true
            : left.Least > right.Most || left.Most < right.Least ? false : null,
        Comparison.NotEqual => Holds(left, Comparison.Equal, right) is { } equal ? !equal : null,
    };

    /// <summary>The part that a comparison with a constant leaves of all values.</summary>
    public static Bounds By(Comparison comparison, decimal constant) => comparison switch
    {
        Comparison.Equal => new Bounds(constant, constant),
        Comparison.Less or Comparison.LessOrEqual => new Bounds(null, constant),
        Comparison.Greater or Comparison.GreaterOrEqual => new Bounds(constant, null),
        Comparison.NotEqual => None,
    };

    private static Bounds Of(Aggregate aggregate)
    {
        var isOver = aggregate.Window.Kind == WindowKind.Sliding ? aggregate.Window.From - aggregate.Window.To
            : aggregate.Window.Kind == WindowKind.First ? aggregate.Window.From : (long?)null;
        return aggregate.Kind switch
        {
            // So long a stretch touches one date more than it has whole days, and one more where clocks are put forward.
            AggregateKind.Days => new Bounds(0, isOver is { } length ? Math.Ceiling((decimal)length / Durations.Day) + 2
                : aggregate.Window is { Kind: WindowKind.Calendar, Unit: CalendarUnit.Day, Count: var days } ? (decimal?)days : null),
            AggregateKind.Weeks => new Bounds(0, aggregate.Window is { Kind: WindowKind.Sliding, EndsNow: true, From: var from }
                ? Math.Ceiling((decimal)from / Durations.Week) : null),
            AggregateKind.Count or AggregateKind.Distinct => new Bounds(0, null),
            AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Min or AggregateKind.Max or AggregateKind.First
                or AggregateKind.Last or AggregateKind.Latest or AggregateKind.All or AggregateKind.Median or AggregateKind.TypicalGap => None,
        };
    }

    private static decimal? Add(decimal? a, decimal? b) => a is { } x && b is { } y ? Numbers.Add(x, y) : null;
}
