using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation.Terms;

/// <summary>A number, text, duration or truth that stands in the rule.</summary>
public sealed class ConstantTerm(Value value, string text) : Term(value.Type, text)
{
    public Value Value { get; } = value;
    protected override ExplanationKind Kind => ExplanationKind.Constant;
    public override Value Evaluate(in Reading reading) => Value;
}

/// <summary>An aggregate over the customer's events.</summary>
public sealed class AggregateTerm(Aggregate aggregate) : Term(aggregate.Type, aggregate.Text)
{
    public Aggregate Aggregate { get; } = aggregate;
    public override Aggregate? AsAggregate => Aggregate;
    protected override ExplanationKind Kind => ExplanationKind.Aggregate;

    public override Value Evaluate(in Reading reading) =>
        reading.SeriesOf(Aggregate) is { } series ? Aggregate.Compute(series, reading) : Value.Missing;

    public override Instant NextChange(in Reading reading) =>
        reading.SeriesOf(Aggregate) is { } series ? Instants.At(Aggregate.NextChange(series, reading)) : Instants.Never;

    public override Instant Settled(in Reading reading) =>
        reading.SeriesOf(Aggregate) is { } series ? Instants.At(Aggregate.Settled(series, reading)) : reading.Clock;

    public override Explanation Explain(in Reading reading) =>
        reading.SeriesOf(Aggregate) is { } series ? Aggregate.Explain(series, reading) : Explanation.Leaf(Kind, Text, Value.Missing);
}

/// <summary>A named metric, which a rule reads by its name.</summary>
public sealed class MetricTerm(Metric metric) : Term(metric.Term.Type, metric.Name)
{
    public Metric Metric { get; } = metric;
    public override ImmutableArray<Term> Parts { get; } = [metric.Term];
    public override Aggregate? AsAggregate => Metric.Term.AsAggregate;
    public override bool Flows => Metric.Term.Flows;
    protected override ExplanationKind Kind => ExplanationKind.Metric;
    public override Value Evaluate(in Reading reading) => Metric.Term.Evaluate(reading);
    public override Instant NextChange(in Reading reading) => Metric.Term.NextChange(reading);
    public override decimal Slope(in Reading reading) => Metric.Term.Slope(reading);
    internal override int? Trend(in Reading reading) => Metric.Term.Trend(reading);
}

/// <summary><c>customer.NAME</c>: what was last said of the customer, read as the type the definition declares; missing if it can't be.</summary>
public sealed class AttributeTerm(string name, RuleType type) : Term(type, "customer." + name)
{
    public string Name { get; } = name;
    protected override ExplanationKind Kind => ExplanationKind.Path;
    public override Value Evaluate(in Reading reading) => Conversions.Read(reading.State.History.AttributeOf(Name), Type, reading.Release.Zone);

    public override Explanation Explain(in Reading reading)
    {
        var value = Evaluate(reading);
        var isPersonal = !value.IsMissing && reading.State.History.Attributes.TryGetValue(Name, out var said) && said.IsPersonal;
        return Explanation.Leaf(Kind, Text, isPersonal ? Value.Sealed : value);
    }
}

/// <summary>A property of the event that a <c>where</c> looks at, read as the type that is declared or wanted.</summary>
/// <param name="isMoney">An amount in another currency than the definition's is missing.</param>
public sealed class PropertyTerm(ImmutableArray<string> path, RuleType type, string text, bool isMoney = false) : Term(type, text)
{
    protected override ExplanationKind Kind => ExplanationKind.Path;
    public override Value Evaluate(in Reading reading) => reading.Occurrence?.Read(path, Type, isMoney, reading.Release) ?? Value.Missing;
}

/// <summary><c>trigger.NAME</c>: a property of the event that set off what is judged.</summary>
/// <param name="isMoney">An amount in another currency than the definition's is missing.</param>
public sealed class TriggerTerm(ImmutableArray<string> path, RuleType type, string text, bool isMoney = false) : Term(type, text)
{
    protected override ExplanationKind Kind => ExplanationKind.Path;
    public override Value Evaluate(in Reading reading) => reading.Trigger?.Read(path, Type, isMoney, reading.Release) ?? Value.Missing;
}

/// <summary><c>event.occurred_at</c>: the time of the event that a <c>where</c> looks at.</summary>
public sealed class OccurredAtTerm() : Term(RuleType.Time, "event.occurred_at")
{
    protected override ExplanationKind Kind => ExplanationKind.Path;
    public override Value Evaluate(in Reading reading) => reading.Occurrence is { } occurrence ? Value.Of(occurrence.OccurredAt) : Value.Missing;
}

/// <summary><c>age</c>: how long ago the customer was first seen.</summary>
public sealed class AgeTerm() : Term(RuleType.Duration, "age")
{
    protected override ExplanationKind Kind => ExplanationKind.Path;
    public override bool Flows => true;

    public override Value Evaluate(in Reading reading) => reading.State.FirstSeen is { } firstSeen
        ? Value.OfDuration(reading.Now - firstSeen.ToUnixTimeMilliseconds())
        : Value.Missing;

    public override decimal Slope(in Reading reading) => reading.State.FirstSeen is null ? 0 : 1;
}

/// <summary><c>time_in_stage</c>: how long the customer has been in their stage of a track.</summary>
public sealed class TimeInStageTerm(string track) : Term(RuleType.Duration, "time_in_stage")
{
    public string Track { get; } = track;
    public override bool Flows => true;
    protected override ExplanationKind Kind => ExplanationKind.Path;

    public override Value Evaluate(in Reading reading) => reading.State.Decisions.In(Track) is { } state
        ? Value.OfDuration(reading.Now - state.Since.ToUnixTimeMilliseconds())
        : Value.Missing;

    public override decimal Slope(in Reading reading) => reading.State.Decisions.In(Track) is null ? 0 : 1;
}

/// <summary><c>stage == decline</c>, <c>stage.vip in [silver, gold]</c>: whether the customer's stage in a track is one of some.</summary>
public sealed class StageIsTerm(string track, ImmutableArray<string> stages, bool negated, string text) : Term(RuleType.Truth, text)
{
    public string Track { get; } = track;
    public ImmutableArray<string> Stages { get; } = stages;
    public bool Negated { get; } = negated;
    protected override ExplanationKind Kind => ExplanationKind.Compare;

    public override Value Evaluate(in Reading reading) =>
        reading.State.Decisions.In(Track) is { } state ? Value.Of(Stages.Contains(state.Stage) != Negated) : Value.False;

    public override Explanation Explain(in Reading reading) => new(Kind, Text, Evaluate(reading),
        [Explanation.Leaf(ExplanationKind.Path, "stage." + Track, reading.State.Decisions.In(Track) is { } state ? Value.Of(state.Stage)
            : Value.Missing)], []);
}

/// <summary><c>points</c>: the customer's balance; below zero while a debt is to be earned back.</summary>
public sealed class PointsTerm() : Term(RuleType.Number, "points")
{
    protected override ExplanationKind Kind => ExplanationKind.Path;
    public override Value Evaluate(in Reading reading) => Value.Of(reading.State.Decisions.Points.Balance);
}

/// <summary><c>points.next_expiry</c>: when points next expire; missing where none do.</summary>
public sealed class PointsNextExpiryTerm() : Term(RuleType.Time, "points.next_expiry")
{
    protected override ExplanationKind Kind => ExplanationKind.Path;

    public override Value Evaluate(in Reading reading) =>
        reading.State.Decisions.Points.ExpiryAfter(reading.Now) is var next && next < Instants.NeverMilliseconds ? Value.OfTime(next) : Value.Missing;

    public override Instant NextChange(in Reading reading) => Instants.At(reading.State.Decisions.Points.ExpiryAfter(reading.Now));
}

/// <summary><c>points.expiring(30 days)</c>: how many points expire within so long from now.</summary>
public sealed class PointsExpiringTerm(long length, string text) : Term(RuleType.Number, text)
{
    protected override ExplanationKind Kind => ExplanationKind.Path;
    public override Value Evaluate(in Reading reading) => Value.Of(reading.State.Decisions.Points.Expiring(reading.Now, length));

    /// <summary>When a lot expires, or comes within reach.</summary>
    public override Instant NextChange(in Reading reading)
    {
        var points = reading.State.Decisions.Points;
        var coming = points.ExpiryAfter(reading.Now + length);
        return Instants.At(Math.Min(points.ExpiryAfter(reading.Now), coming < Instants.NeverMilliseconds ? coming - length : coming));
    }

    public override Instant Settled(in Reading reading) => Instants.At(Math.Max(reading.Now, reading.State.Decisions.Points.LastExpiry));
}
