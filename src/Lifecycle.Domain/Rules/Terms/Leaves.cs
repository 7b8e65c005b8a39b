using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Domain.Rules.Terms;

/// <summary>A number, text, duration or truth that stands in the rule.</summary>
public sealed class ConstantTerm(Value value, string text) : Term(value.Type, text)
{
    public Value Value { get; } = value;
    protected override string Op => "constant";
    public override Value Evaluate(in Reading reading) => Value;
}

/// <summary>An aggregate over the customer's events.</summary>
public sealed class AggregateTerm(Aggregate aggregate) : Term(aggregate.Type, aggregate.Text)
{
    public Aggregate Aggregate { get; } = aggregate;
    public override Aggregate? AsAggregate => Aggregate;
    protected override string Op => "aggregate";

    public override Value Evaluate(in Reading reading) =>
        reading.SeriesOf(Aggregate) is { } series ? Aggregate.Compute(series, reading.Clock) : Value.Missing;

    public override Instant NextChange(in Reading reading) =>
        reading.SeriesOf(Aggregate) is { } series ? Aggregate.NextChange(series, reading.Clock) : Instants.Never;

    public override Explanation Explain(in Reading reading) =>
        new(Op, Text, Evaluate(reading), [], reading.SeriesOf(Aggregate) is { } series ? Aggregate.Deciding(series, reading.Clock) : []);
}

/// <summary>A named metric, which a rule reads by its name.</summary>
public sealed class MetricTerm(Metric metric) : Term(metric.Term.Type, metric.Name)
{
    public Metric Metric { get; } = metric;
    public override Aggregate? AsAggregate => Metric.Term.AsAggregate;
    protected override string Op => "metric";
    public override Value Evaluate(in Reading reading) => Metric.Term.Evaluate(reading);
    public override Instant NextChange(in Reading reading) => Metric.Term.NextChange(reading);
    public override decimal Slope(in Reading reading) => Metric.Term.Slope(reading);
    public override Explanation Explain(in Reading reading) => Explain(reading, [Metric.Term]);
}

/// <summary><c>customer.NAME</c>: what was last said of the customer, read as the type the definition declares; missing if it can't be.</summary>
public sealed class AttributeTerm(string name, ValueType type) : Term(type, "customer." + name)
{
    public string Name { get; } = name;
    protected override string Op => "path";

    public override Value Evaluate(in Reading reading)
    {
        var value = reading.State.History.AttributeOf(Name);
        return value.Type == Type ? value : Convert(value, reading.Release.Zone);
    }

    private Value Convert(Value value, DateTimeZone zone) => (Type, value.Type) switch
    {
        (ValueType.Number, ValueType.Text) when decimal.TryParse(value.Text, System.Globalization.NumberStyles.Float,
            System.Globalization.CultureInfo.InvariantCulture, out var number) => Value.Of(number),
        (ValueType.Text, ValueType.Number or ValueType.Truth) => Value.Of(value.ToString()),
        (ValueType.Time, ValueType.Text) => ReadTime(value.Text, zone),
        (ValueType.Date, ValueType.Text) when LocalDatePattern.Iso.Parse(Head(value.Text, 10)) is { Success: true } date => Value.Of(date.Value),
        _ => Value.Missing,
    };

    /// <summary>ISO 8601 with an offset; without one, or a date alone, by the tenant's zone.</summary>
    private static Value ReadTime(string text, DateTimeZone zone)
    {
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } stamped) return Value.Of(stamped.Value.ToInstant().ToMilliseconds());
        if (LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true } local)
            return Value.Of(local.Value.InZoneLeniently(zone).ToInstant().ToMilliseconds());
        return LocalDatePattern.Iso.Parse(text) is { Success: true } date ? Value.Of(zone.AtStartOfDay(date.Value).ToInstant()) : Value.Missing;
    }

    private static string Head(string text, int length) => text.Length <= length ? text : text[..length];
}

/// <summary>A property of the event that a <c>where</c> looks at.</summary>
public sealed class PropertyTerm(ImmutableArray<string> path, ValueType type, string text) : Term(type, text)
{
    protected override string Op => "path";

    public override Value Evaluate(in Reading reading)
    {
        var value = reading.Occurrence is { } occurrence ? occurrence.Properties.Get(path.AsSpan()) : Value.Missing;
        if (Type == ValueType.Number && value.Type == ValueType.Text)
            return decimal.TryParse(value.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
                ? Value.Of(number)
                : Value.Missing;
        return value;
    }
}

/// <summary><c>event.occurred_at</c>: the time of the event that a <c>where</c> looks at.</summary>
public sealed class OccurredAtTerm() : Term(ValueType.Time, "event.occurred_at")
{
    protected override string Op => "path";
    public override Value Evaluate(in Reading reading) => reading.Occurrence is { } occurrence ? Value.Of(occurrence.OccurredAt) : Value.Missing;
}

/// <summary><c>age</c>: how long ago the customer was first seen.</summary>
public sealed class AgeTerm() : Term(ValueType.Duration, "age")
{
    protected override string Op => "path";

    public override Value Evaluate(in Reading reading) => reading.State.FirstSeen is { } firstSeen
        ? Value.OfDuration(reading.Clock.MillisecondsSince(firstSeen))
        : Value.Missing;

    public override decimal Slope(in Reading reading) => reading.State.FirstSeen is null ? 0 : 1;
}

/// <summary><c>time_in_stage</c>: how long the customer has been in their stage of a track.</summary>
public sealed class TimeInStageTerm(string track) : Term(ValueType.Duration, "time_in_stage")
{
    public string Track { get; } = track;
    protected override string Op => "path";

    public override Value Evaluate(in Reading reading) => reading.State.Standing.In(Track) is { } standing
        ? Value.OfDuration(reading.Clock.MillisecondsSince(standing.Since))
        : Value.Missing;

    public override decimal Slope(in Reading reading) => reading.State.Standing.In(Track) is null ? 0 : 1;
}

/// <summary><c>stage == decline</c>, <c>stage.vip in [silver, gold]</c>: whether the customer's stage in a track is one of some.</summary>
public sealed class StageIsTerm(string track, ImmutableArray<string> stages, bool negated, string text) : Term(ValueType.Truth, text)
{
    public string Track { get; } = track;
    protected override string Op => "compare";

    public override Value Evaluate(in Reading reading) =>
        reading.State.Standing.In(Track) is { } standing ? Value.Of(stages.Contains(standing.Stage) != negated) : Value.False;

    public override Explanation Explain(in Reading reading) => new(Op, Text, Evaluate(reading),
        [Explanation.Leaf("path", "stage." + Track, reading.State.Standing.In(Track) is { } standing ? Value.Of(standing.Stage) : Value.Missing)], []);
}
