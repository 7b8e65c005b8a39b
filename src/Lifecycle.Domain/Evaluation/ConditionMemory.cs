using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Domain.Evaluation;

/// <summary>What was last seen of a release's conditions for one customer, so that only those are judged again whose ground has moved.</summary>
/// <remarks>A truth stands until something it reads is touched or the instant comes at which time may flip it. Not part of what is stored: it can be
/// computed again.</remarks>
internal sealed class ConditionMemory(Release release)
{
    private readonly KnownTruth[] _known = new KnownTruth[release.Conditions.All.Length];

    // There is one for every condition and customer: in this order they take 24 bytes rather than 32.
    private struct KnownTruth
    {
        /// <summary>When it was judged.</summary>
        public long At;

        /// <summary>The first instant at which time may flip it; the least number where that was not looked for.</summary>
        public long Until;

        /// <summary>Time does flip it then; otherwise it is only known that nothing does before.</summary>
        public bool IsFlip;

        public bool IsKnown, Holds;
    }

    /// <summary>Something that rules may read has changed since this was last set to false.</summary>
    public bool Touched { get; set; }

    public bool IsOf(Release other) => ReferenceEquals(release, other);

    public bool Holds(int condition, in Reading reading)
    {
        ref var known = ref _known[condition];
        if (known.IsKnown && (reading.Now == known.At || reading.Now < known.Until)) return known.Holds;
        known = new KnownTruth { IsKnown = true, Holds = release.Conditions.All[condition].Holds(reading), At = reading.Now, Until = long.MinValue };
        return known.Holds;
    }

    /// <summary>When time alone flips a condition, if that was found before and still stands; null where it has to be looked for.</summary>
    public Instant? KnownFlip(int condition, in Reading reading)
    {
        ref var known = ref _known[condition];
        return known.IsKnown && known.IsFlip && known.Until > reading.Now ? Instants.At(known.Until) : null;
    }

    /// <summary>When time alone flips a condition; at or after the reading's horizon that it does not before.</summary>
    public Instant Flip(int condition, in Reading reading)
    {
        Holds(condition, reading);
        ref var known = ref _known[condition];
        var horizon = reading.Horizon.ToUnixTimeMilliseconds();
        if (known.Until > reading.Now && (known.IsFlip || known.Until >= horizon)) return Instants.At(known.Until);
        var next = release.Conditions.All[condition].Term.NextFlip(reading);
        known.Until = next.ToUnixTimeMilliseconds();
        known.IsFlip = known.Until < horizon || known.Until >= Instants.NeverMilliseconds;
        return next;
    }

    public void Touch(ReadOnlySpan<int> conditions)
    {
        Touched = true;
        foreach (var condition in conditions) _known[condition].IsKnown = false;
    }
}
