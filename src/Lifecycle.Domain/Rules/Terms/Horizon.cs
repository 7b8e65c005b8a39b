using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Domain.Rules.Terms;

/// <summary>Looking ahead in time: where lines cross and when a truth flips.</summary>
internal static class Horizon
{
    /// <summary>The earliest instant at which any of the terms may change. None is followed beyond what the ones before it said.</summary>
    public static Instant Earliest(ImmutableArray<Term> terms, in Reading reading)
    {
        var earliest = Instants.Never;
        foreach (var term in terms)
            earliest = Instants.Earlier(earliest, term.NextChange(reading with { Horizon = Instants.Earlier(reading.Horizon, earliest) }));
        return earliest;
    }

    /// <summary>The next instant at which two values, each a line in time, can change places: where they meet, or a millisecond later.</summary>
    public static Instant Crossing(Term a, Term b, in Reading reading)
    {
        var slope = a.Slope(reading) - b.Slope(reading);
        if (slope == 0) return Instants.Never;
        var (left, right) = (a.Evaluate(reading), b.Evaluate(reading));
        if (left.IsMissing || right.IsMissing) return Instants.Never;
        var now = (decimal)reading.Now;
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
        var patience = reading.Patience ?? new Patience();
        for (var visited = reading with { Patience = patience }; ;)
        {
            var next = candidates(visited);
            if (next >= reading.Horizon) return next;
            visited = visited.At(next);
            if (truth.Holds(visited) != now || !patience.TakeOne()) return next;
        }
    }

    internal delegate Instant Candidates(in Reading reading);
}

/// <summary>How many candidate instants a whole look ahead visits, with all looks within it, before it settles for a review that may prove empty.</summary>
/// <remarks>Far more than the entries that a customer's series can lose. Only what changes without end by itself gets there, such as
/// <c>floor(age / 1 day)</c> against something that no day ever brings.</remarks>
internal sealed class Patience
{
    private const int VisitsMax = 4096;

    private int _left = VisitsMax;

    public bool TakeOne() => --_left > 0;
}
