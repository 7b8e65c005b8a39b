using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Domain.Rules.Terms;

/// <summary>Looking ahead in time: where lines cross and when a truth flips.</summary>
internal static class Horizon
{
    /// <summary>How many candidate instants one look-ahead visits before it settles for a review that may prove empty.</summary>
    /// <remarks>Comparisons with constants look through their whole window by themselves (<see cref="Metrics.Aggregate.FirstInstant"/>); this bounds the rest.</remarks>
    private const int VisitsMax = 16;

    /// <summary>The earliest instant at which any of the terms may change.</summary>
    public static Instant Earliest(ImmutableArray<Term> terms, in Reading reading)
    {
        var earliest = Instants.Never;
        foreach (var term in terms) earliest = Instants.Earlier(earliest, term.NextChange(reading));
        return earliest;
    }

    /// <summary>The next instant at which two values, each a line in time, can change places: where they meet, or a millisecond later.</summary>
    public static Instant Crossing(Term a, Term b, in Reading reading)
    {
        var slope = a.Slope(reading) - b.Slope(reading);
        if (slope == 0) return Instants.Never;
        var (left, right) = (a.Evaluate(reading), b.Evaluate(reading));
        if (left.IsMissing || right.IsMissing) return Instants.Never;
        var now = (decimal)reading.Clock.ToUnixTimeMilliseconds();
        if (Numbers.Divide(left.Magnitude - right.Magnitude, slope) is not { } distance) return Instants.Never;
        var meeting = decimal.Floor(now - distance);
        if (meeting >= Instants.Never.ToUnixTimeMilliseconds()) return Instants.Never;
        if (meeting > now) return Instant.FromUnixTimeMilliseconds((long)meeting);
        return meeting + 1 > now ? Instant.FromUnixTimeMilliseconds((long)now + 1) : Instants.Never;
    }

    /// <summary>The first instant at which a truth really flips, found by visiting the instants at which it may.</summary>
    public static Instant FirstFlip(Term truth, in Reading reading, Candidates candidates)
    {
        var now = truth.Holds(reading);
        var visited = reading;
        for (var visit = 0; visit < VisitsMax; visit++)
        {
            var next = candidates(visited);
            if (next >= Instants.Never) return Instants.Never;
            visited = visited.At(next);
            if (truth.Holds(visited) != now) return next;
        }
        return visited.Clock;
    }

    internal delegate Instant Candidates(in Reading reading);
}
