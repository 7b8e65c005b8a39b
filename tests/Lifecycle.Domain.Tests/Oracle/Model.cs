using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>A definition as the oracle sees it. Durations are whole hours, so that brute force can look at every hour there is.</summary>
public sealed record Model(string Zone, IReadOnlyList<NamedMetric> Metrics, IReadOnlyList<ModelTrack> Tracks);

public sealed record NamedMetric(string Name, ModelMetric Metric);

/// <param name="From">Hours; null for all of time.</param>
/// <param name="To">Hours before the clock at which the window ends.</param>
/// <param name="AtLeast">Only events with an amount of at least this; null for all.</param>
public sealed record ModelMetric(string Kind, string Event, int? From, int To, int? AtLeast)
{
    public bool IsDuration => Kind is "idle" or "known_for";
}

public abstract record Condition;

public sealed record MetricCondition(int Metric, string Operator, int Constant) : Condition;

/// <summary>Compares <c>age</c> or <c>time_in_stage</c> with hours.</summary>
public sealed record ClockCondition(string Of, string Operator, int Hours) : Condition;

/// <summary>One metric against a multiple of another, in per cent.</summary>
public sealed record RatioCondition(int Left, string Operator, int Percent, int Right) : Condition;

public sealed record StageCondition(string? Track, string Stage, bool Negated) : Condition;

public sealed record Both(Condition Left, Condition Right) : Condition;

public sealed record Either(Condition Left, Condition Right) : Condition;

public sealed record Neither(Condition Part) : Condition;

public sealed record ModelStage(string Name, IReadOnlyList<string>? From, Condition? When, Condition? Keep, int Confirm, int MinimumStay);

public sealed record ModelTrack(string Name, IReadOnlyList<ModelStage> Stages);

/// <param name="Arrives">When it is recorded: its clock.</param>
/// <param name="Occurred">At that instant or before; before, it is late.</param>
public sealed record ModelEvent(int Number, Instant Arrives, Instant Occurred, string Name, decimal? Amount);

public sealed record ModelMove(Instant Clock, string Track, string? From, string To, string Cause);
