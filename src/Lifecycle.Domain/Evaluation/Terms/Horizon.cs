using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Evaluation.Terms;

/// <summary>Looking ahead in time: where lines cross and when a truth flips.</summary>
internal static class Horizon
{
    private static readonly Duration Week = Duration.FromMilliseconds(Durations.Week);

    /// <summary>The earliest instant at which any of the terms may change. None is followed beyond what the ones before it said.</summary>
    public static Instant Earliest(ImmutableArray<Term> terms, in Reading reading)
    {
        var earliest = Instants.Never;
        foreach (var term in terms)
            earliest = Instants.Earlier(earliest, term.NextChange(reading with { Horizon = Instants.Earlier(reading.Horizon, earliest) }));
        return earliest;
    }

    /// <summary>The next instant at which two values, each a line in time, can change places: where they meet, or after that where they first
    /// part.</summary>
    public static Instant Crossing(Term a, Term b, in Reading reading)
    {
        if (Numbers.Subtract(a.Slope(reading), b.Slope(reading)) is not { } slope || slope == 0) return Instants.Never;
        var (left, right) = (a.Evaluate(reading), b.Evaluate(reading));
        if (left.IsMissing || right.IsMissing) return Instants.Never;
        var now = (decimal)reading.Now;
        if (Numbers.Subtract(left.Magnitude, right.Magnitude) is not { } between || Numbers.Divide(between, slope) is not { } distance)
            return Instants.Never;
        if (Numbers.Subtract(now, distance) is not { } meeting || meeting >= Instants.Never.ToUnixTimeMilliseconds()) return Instants.Never;
        meeting = decimal.Floor(meeting);
        if (meeting > now) return Instant.FromUnixTimeMilliseconds((long)meeting);
        if (meeting + 1 <= now) return Instants.Never;
        var later = Instants.At(reading.Now + 1);
        // A vast number has so few digits left for its fraction that beside it what grows slowly stands still for a while.
        return between == 0 && Order(a, b, reading.At(later)) == 0 ? FirstPassing(a, b, 0, reading) : later;
    }

    /// <summary>The next instant at which two values may change places, or may become or cease to be equal.</summary>
    public static Instant NextMeeting(Term a, Term b, in Reading reading)
    {
        if ((a.Steps || b.Steps) && Together(a.Trend(reading), -b.Trend(reading)) is not null && Order(a, b, reading) is { } order)
            return FirstPassing(a, b, order, reading);
        return Instants.Earlier(Instants.Earlier(a.NextChange(reading), b.NextChange(reading)), Crossing(a, b, reading));
    }

    /// <summary>The trend of two that act together; null where they act against each other.</summary>
    public static int? Together(int? a, int? b) => a == 0 || a == b ? b : b == 0 ? a : null;

    /// <summary>Steps that climb for ever need not be climbed one by one: until a trend breaks the order of two values changes in one direction only,
    /// so that halving finds where it first does.</summary>
    private static Instant FirstPassing(Term a, Term b, int order, in Reading reading)
    {
        var until = Instants.Earlier(a.NextBreak(reading), b.NextBreak(reading));
        var (before, at) = (reading.Now, until.ToUnixTimeMilliseconds() - 1);
        if (at <= before || !HasPassed(at, reading)) return until;
        while (at - before > 1)
        {
            var middle = before + (at - before) / 2;
            if (HasPassed(middle, reading)) at = middle;
            else before = middle;
        }
        return Instants.At(at);

        bool HasPassed(long instant, in Reading reading) => Order(a, b, reading.At(Instants.At(instant))) != order;
    }

    private static int? Order(Term a, Term b, in Reading reading) =>
        Value.Compare(a.Evaluate(reading), b.Evaluate(reading)) is { } order ? Math.Sign(order) : null;

    /// <summary>The first instant at which a truth really flips, found by visiting the instants at which it may.</summary>
    public static Instant FirstFlip(Term truth, in Reading reading)
    {
        var patience = reading.Patience ?? new SearchBudget(reading.Clock);
        var visited = reading with { Patience = patience };
        var next = truth.NextCandidate(visited);
        // Most looks end here, before anything had to be judged.
        if (next >= reading.Horizon) return next;
        var now = truth.Holds(reading);
        for (Instant? settled = null; next < reading.Horizon; next = truth.NextCandidate(visited))
        {
            // Once all is settled, a week without a flip is followed by others like it.
            if (next - reading.Clock > Week && (settled ??= truth.Settled(reading)) < Instants.Never && next - settled > Week) return Instants.Never;
            visited = visited.At(next);
            if (truth.Holds(visited) != now || !patience.Visits(next)) return next;
        }
        return next;
    }
}

/// <summary>How far a whole look ahead goes, with all looks within it, before it settles for a review that may prove empty.</summary>
/// <remarks>Only what changes for ever by itself and is compared with something else that moves gets there.</remarks>
internal sealed class SearchBudget(Instant from)
{
    private const int VisitsMax = 4096;
    private static readonly Duration AheadMax = Duration.FromDays(3 * 365);

    private int _left = VisitsMax;

    /// <summary>Counts a candidate that proved to be none; false when the look ahead ends with it.</summary>
    public bool Visits(Instant candidate) => candidate - from < AheadMax && --_left > 0;
}
