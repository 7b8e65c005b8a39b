namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>An expression of the language as the oracle sees it.</summary>
/// <param name="Kind">The type of its value, known before anything runs.</param>
public abstract record Phrase(Kind Kind)
{
    /// <summary>What it is made from, in the order written.</summary>
    public virtual IEnumerable<Phrase> Parts => [];

    /// <summary>Whether its value may grow with time by itself.</summary>
    public virtual bool Flows => Parts.Any(part => part.Flows);
}

/// <summary>A constant, with the way it is written.</summary>
public sealed record Constant(Measured Value, string Writing) : Phrase(Value.Kind);

/// <summary>A metric, read by its name.</summary>
public sealed record Named(NamedMetric Metric) : Phrase(Metric.Meaning.Kind)
{
    public override IEnumerable<Phrase> Parts => [Metric.Meaning];
}

/// <summary>An aggregate over the customer's events.</summary>
public sealed record Aggregated(ModelAggregate Aggregate) : Phrase(Aggregate.Kind);

/// <summary><c>customer.NAME</c>.</summary>
public sealed record Attribute(string Name, string Type) : Phrase(Readings.KindOf(Type));

/// <summary><c>age</c>, <c>time_in_stage</c>, <c>points</c>, <c>event.occurred_at</c>.</summary>
public sealed record BuiltIn(string Word, Kind Is) : Phrase(Is)
{
    public override bool Flows => Word is "age" or "time_in_stage";
}

/// <summary><c>points.expiring(30 days)</c>.</summary>
public sealed record Expiring(int Hours) : Phrase(Kind.Number);

/// <summary>A property of the event that a <c>where</c> looks at, or of the one that set a points rule off.</summary>
public sealed record Property(string Path, string Type, bool OfTrigger) : Phrase(Readings.KindOf(Type));

/// <summary>A call of a function.</summary>
public sealed record OracleCall(string Function, IReadOnlyList<Phrase> Values, Kind Is) : Phrase(Is)
{
    public override IEnumerable<Phrase> Parts => Values;
    public override bool Flows => Function == "since" || base.Flows;
}

public sealed record Arithmetic(Phrase Left, char Sign, Phrase Right, Kind Is) : Phrase(Is)
{
    public override IEnumerable<Phrase> Parts => [Left, Right];
}

public sealed record Minus(Phrase Part) : Phrase(Part.Kind)
{
    public override IEnumerable<Phrase> Parts => [Part];
}

public sealed record Compared(Phrase Left, string Sign, Phrase Right) : Phrase(Kind.Truth)
{
    public override IEnumerable<Phrase> Parts => [Left, Right];
}

public sealed record OneOf(Phrase Value, IReadOnlyList<Constant> List) : Phrase(Kind.Truth)
{
    public override IEnumerable<Phrase> Parts => [Value];
}

/// <summary><c>stage == decline</c>, <c>stage.vip in [silver, gold]</c>. A name may be that of a group.</summary>
/// <param name="Track">Null for the track in which it is written.</param>
public sealed record StageIs(string? Track, string Sign, IReadOnlyList<string> Names) : Phrase(Kind.Truth);

/// <summary><c>top(metric, 5%)</c>.</summary>
public sealed record Top(NamedMetric Metric, int Percent) : Phrase(Kind.Truth)
{
    public override IEnumerable<Phrase> Parts => [Metric.Meaning];
}

/// <summary><c>quantile(metric, 4)</c>.</summary>
public sealed record Quantile(NamedMetric Metric, int Tiles) : Phrase(Kind.Number)
{
    public override IEnumerable<Phrase> Parts => [Metric.Meaning];
}

/// <summary>Parts joined by <c>and</c>, or by <c>or</c>.</summary>
public sealed record Joined(bool All, IReadOnlyList<Phrase> Conditions) : Phrase(Kind.Truth)
{
    public override IEnumerable<Phrase> Parts => Conditions;
}

public sealed record Not(Phrase Part) : Phrase(Kind.Truth)
{
    public override IEnumerable<Phrase> Parts => [Part];
}
