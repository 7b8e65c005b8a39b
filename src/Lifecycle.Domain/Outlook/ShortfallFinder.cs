using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Outlook;

/// <summary>Takes a condition apart into what keeps it from holding.</summary>
/// <remarks>Below a <c>not</c> the question turns round: what holds there must stop, all parts of an <c>or</c>, any part of an <c>and</c>.</remarks>
internal static class ShortfallFinder
{
    /// <summary>How far ahead it is looked for when time alone makes a condition true: ten years, for what grows may never get there.</summary>
    private const long Horizon = 3653 * Durations.Day;

    /// <summary>As many changes of a condition as are looked at; the first is the one that makes it true, but for reviews that prove empty.</summary>
    private const int VisitsMax = 4;

    /// <summary>All that must still come true for a condition to hold; empty where it does.</summary>
    public static ImmutableArray<Shortfall> Of(Term condition, in Reading reading) => Of(condition, wanted: true, reading);

    /// <summary>The first so many, those within counted too.</summary>
    public static ImmutableArray<Shortfall> Limit(ImmutableArray<Shortfall> shortfalls, int max) => Limit(shortfalls, ref max);

    private static ImmutableArray<Shortfall> Of(Term term, bool wanted, in Reading reading)
    {
        if (term.Holds(reading) == wanted) return [];
        switch (term)
        {
            case NotTerm:
                return Of(term.Parts[0], !wanted, reading);
            case MetricTerm { Metric.Term: var inner }:
                return Of(inner, wanted, reading);
            case JunctionTerm junction when junction.All == wanted:
                var all = ImmutableArray.CreateBuilder<Shortfall>();
                foreach (var part in junction.Parts) all.AddRange(Of(part, wanted, reading));
                return all.ToImmutable();
            case JunctionTerm junction:
                return [Alternatives(junction, wanted, reading)];
            default:
                return [One(term, wanted, reading)];
        }
    }

    private static Shortfall Alternatives(JunctionTerm junction, bool wanted, in Reading reading)
    {
        var any = new List<Shortfall>(junction.Parts.Length);
        foreach (var part in junction.Parts)
        {
            var missing = Of(part, wanted, reading);
            // Alternatives of an alternative are alternatives themselves.
            if (missing is [{ Any: { IsEmpty: false } inner }]) any.AddRange(inner);
            else any.Add(missing is [var single] ? single : Plain(part, wanted, reading) with { All = missing });
        }
        return Plain(junction, wanted, reading) with { Any = [.. any.OrderBy(Gap)] };
    }

    /// <summary>A condition that is not made of others.</summary>
    private static Shortfall One(Term term, bool wanted, in Reading reading)
    {
        var plain = Plain(term, wanted, reading);
        switch (term)
        {
            case CompareTerm compare:
                var (left, comparison, right) = compare is { Parts: [ConstantTerm constant, not ConstantTerm] }
                    ? (compare.Parts[1], Mirrored(compare.Comparison), constant)
                    : (compare.Parts[0], compare.Comparison, compare.Parts[1]);
                var (have, need) = (left.Evaluate(reading), right.Evaluate(reading));
                var asked = wanted ? comparison : Opposite(comparison);
                if (AsQuantile(left) is { } quantile)
                    return need.Type == RuleType.Number && quantile.Needed(asked, need.Magnitude, reading) is var (side, point)
                        ? ToPass(plain, quantile, side, Value.Of(point), reading)
                        : plain with { Have = have, Need = need };
                return plain with { Have = have, Need = need, Distance = Distance(have, asked, need, IsCounted(left)) };
            case StageIsTerm stages:
                var present = reading.State.Decisions.In(stages.Track) is { } state ? Value.Of(state.Stage) : Value.Missing;
                var isNamed = stages.Stages.Length == 1 && stages.Negated != wanted;
                return plain with { Have = present, Need = isNamed ? Value.Of(stages.Stages[0]) : Value.Missing };
            case TopTerm top:
                return ToPass(plain, top, wanted ? Comparison.GreaterOrEqual : Comparison.Less, top.Least(reading), reading);
            case InListTerm list:
                return plain with { Have = list.Parts[0].Evaluate(reading), Need = wanted && list.List is [var only] ? only : Value.Missing };
            default:
                return plain;
        }
    }

    /// <summary>What the compared metric lacks to lie on one side of a cut point.</summary>
    private static Shortfall ToPass(Shortfall plain, RankedTerm ranked, Comparison side, Value point, in Reading reading)
    {
        var metric = ranked.Cut.Metric.Term;
        var have = metric.Evaluate(reading);
        return plain with { Have = have, Need = point, Distance = Distance(have, side, point, IsCounted(metric)) };
    }

    private static QuantileTerm? AsQuantile(Term term) => term switch
    {
        QuantileTerm quantile => quantile,
        MetricTerm { Metric.Term: var inner } => AsQuantile(inner),
        _ => null,
    };

    private static Shortfall Plain(Term term, bool wanted, in Reading reading)
    {
        var failing = wanted ? term : new NotTerm(term, term is JunctionTerm ? $"not ({term.Text})" : $"not {term.Text}");
        return new Shortfall(failing.Explain(reading), Value.Missing, Value.Missing, Value.Missing, FirstHold(failing, reading), [], []);
    }

    /// <summary>When time alone makes a condition true that is not.</summary>
    private static Instant? FirstHold(Term condition, in Reading reading)
    {
        var visited = reading with { Horizon = reading.Clock.After(Horizon) };
        for (var visit = 0; visit < VisitsMax; visit++)
        {
            var next = condition.NextFlip(visited);
            if (next >= visited.Horizon) return null;
            visited = visited.At(next);
            if (condition.Holds(visited)) return next;
        }
        return null;
    }

    private static Value Distance(Value have, Comparison comparison, Value need, bool counted)
    {
        if (have.IsMissing || need.IsMissing || comparison == Comparison.NotEqual) return Value.Missing;
        if (have.Type is RuleType.Text or RuleType.Truth) return Value.Missing;
        var (h, n) = (have.Magnitude, need.Magnitude);
        // The next value that can be had: of counts and dates the next whole one, of times and durations the next millisecond.
        decimal step = counted || have.Type != RuleType.Number ? 1 : 0;
        var target = comparison switch
        {
            Comparison.GreaterOrEqual => step == 1 ? decimal.Ceiling(n) : n,
            Comparison.Greater => step == 1 ? Numbers.Add(decimal.Floor(n), 1) : n,
            Comparison.LessOrEqual => step == 1 ? decimal.Floor(n) : n,
            Comparison.Less => step == 1 ? Numbers.Subtract(decimal.Ceiling(n), 1) : n,
            Comparison.Equal or Comparison.NotEqual => n,
        };
        // Nobody has fewer than none.
        if (target is not { } reached || (counted && reached < 0) || Numbers.Subtract(reached, h) is not { } difference) return Value.Missing;
        var distance = Math.Abs(difference);
        return have.Type switch
        {
            RuleType.Number => Value.Of(distance),
            RuleType.Date => Value.OfDuration(distance * Durations.Day),
            RuleType.Missing or RuleType.Text or RuleType.Truth or RuleType.Time or RuleType.Duration or RuleType.List
                or RuleType.Sealed => Value.OfDuration(distance),
        };
    }

    private static bool IsCounted(Term term) =>
        term.AsAggregate is { } aggregate && AggregateRegistry.Of(aggregate.Kind).Counts;

    /// <summary>How far a shortfall is from being made good, in parts of what is asked for; one for each part without a measure.</summary>
    private static decimal Gap(Shortfall shortfall)
    {
        if (!shortfall.Any.IsEmpty) return shortfall.Any.Min(Gap);
        if (!shortfall.All.IsEmpty) return shortfall.All.Sum(Gap);
        if (shortfall.Distance.IsMissing || shortfall.Have.Type is RuleType.Time or RuleType.Date) return 1;
        var whole = Math.Max(Math.Abs(shortfall.Have.Magnitude), Math.Abs(shortfall.Need.Magnitude));
        return Numbers.Divide(shortfall.Distance.Magnitude, whole) is { } gap ? Math.Min(gap, 1) : 0;
    }

    private static ImmutableArray<Shortfall> Limit(ImmutableArray<Shortfall> shortfalls, ref int left)
    {
        var kept = ImmutableArray.CreateBuilder<Shortfall>();
        foreach (var shortfall in shortfalls)
        {
            if (left == 0) break;
            left--;
            kept.Add(shortfall with { Any = Limit(shortfall.Any, ref left), All = Limit(shortfall.All, ref left) });
        }
        return kept.ToImmutable();
    }

    private static Comparison Mirrored(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        Comparison.Equal or Comparison.NotEqual => comparison,
    };

    private static Comparison Opposite(Comparison comparison) => comparison switch
    {
        Comparison.Equal => Comparison.NotEqual,
        Comparison.NotEqual => Comparison.Equal,
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Greater => Comparison.LessOrEqual,
        Comparison.GreaterOrEqual => Comparison.Less,
    };
}
