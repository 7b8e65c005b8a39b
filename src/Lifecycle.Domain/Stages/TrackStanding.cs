using System.Collections.Immutable;
using NodaTime;

namespace Lifecycle.Domain.Stages;

/// <summary>Where one customer stands in one track.</summary>
public sealed class TrackStanding(string track, string stage, Instant since)
{
    public string Track { get; } = track;
    public string Stage { get; private set; } = stage;
    public Instant Since { get; private set; } = since;

    /// <summary>How many times a stage was entered, the first included.</summary>
    public int Entries { get; private set; } = 1;

    /// <summary>Since when the threshold of each stage with <c>confirm</c> has held; a stage whose threshold does not hold is absent.</summary>
    public NameDictionary<Instant> HeldSince { get; set; }

    /// <summary>Stages entered at the very instant <see cref="Since"/>.</summary>
    public ImmutableArray<string> EnteredTogether { get; private set; } = [stage];

    /// <summary>The rules chased their own tail: the track rests until the customer's next input.</summary>
    public bool Conflicted { get; set; }

    /// <summary>As many moves as time alone makes between two inputs. Rules that make more chase their own tail, from one instant to the next without end.</summary>
    public const int MovesByTimeMax = 1000;

    /// <summary>Moves made by time alone since the customer's last input.</summary>
    public int MovesByTime { get; set; }

    /// <summary>Something came in, so that the rules have new ground. Answers whether the track was at rest.</summary>
    public bool Wake()
    {
        var rested = Conflicted;
        (Conflicted, MovesByTime) = (false, 0);
        return rested;
    }

    public void Enter(string stage, Instant clock)
    {
        EnteredTogether = clock == Since ? EnteredTogether.Add(stage) : [stage];
        (Stage, Since) = (stage, clock);
        Entries++;
    }

    public bool EnteredAt(string stage, Instant clock) => clock == Since && EnteredTogether.Contains(stage);

    /// <summary>Restores what was stored.</summary>
    internal static TrackStanding Restore(string track, string stage, Instant since, int entries, ImmutableArray<string> enteredTogether, bool conflicted, int movesByTime) =>
        new(track, stage, since) { Entries = entries, EnteredTogether = enteredTogether, Conflicted = conflicted, MovesByTime = movesByTime };
}
