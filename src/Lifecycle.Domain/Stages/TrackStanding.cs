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
    public SortedDictionary<string, Instant> HeldSince { get; } = new(StringComparer.Ordinal);

    /// <summary>Stages entered at the very instant <see cref="Since"/>.</summary>
    public List<string> EnteredTogether { get; } = [stage];

    /// <summary>The rules chased their own tail at some instant: the track rests until the customer's next input.</summary>
    public bool Conflicted { get; set; }

    public void Enter(string stage, Instant clock)
    {
        if (clock != Since) EnteredTogether.Clear();
        EnteredTogether.Add(stage);
        (Stage, Since) = (stage, clock);
        Entries++;
    }

    public bool EnteredAt(string stage, Instant clock) => clock == Since && EnteredTogether.Contains(stage);

    /// <summary>Restores what was stored.</summary>
    internal static TrackStanding Restore(string track, string stage, Instant since, int entries, IEnumerable<string> enteredTogether, bool conflicted)
    {
        var standing = new TrackStanding(track, stage, since) { Entries = entries, Conflicted = conflicted };
        standing.EnteredTogether.Clear();
        standing.EnteredTogether.AddRange(enteredTogether);
        return standing;
    }
}
