using System.Collections.Immutable;
using Lifecycle.Domain.States;
using NodaTime;

namespace Lifecycle.Domain.Stages;

/// <summary>Where one customer stands in one track.</summary>
/// <param name="input">The number of the customer's last input when the stage was entered.</param>
public sealed class TrackState(string track, string stage, Instant since, int input = 0)
{
    /// <summary>As many moves as time alone makes between two inputs. Rules that make more never come to an end.</summary>
    public const int MovesByTimeMax = 1000;

    public string Track { get; } = track;
    public string Stage { get; private set; } = stage;
    public Instant Since { get; private set; } = since;

    /// <summary>The number of the customer's last input when the stage was entered: what later inputs bring belongs to the stay, at the same instant
    /// too.</summary>
    public int Input { get; private set; } = input;

    /// <summary>How many times a stage was entered, the first included.</summary>
    public int Entries { get; private set; } = 1;

    /// <summary>Since when the threshold of each stage with <c>confirm</c> has held; a stage whose threshold does not hold is absent.</summary>
    public NameDictionary<Instant> HeldSince { get; set; }

    /// <summary>Whether the track is judged, and what it waits for if it is not.</summary>
    public TrackPause Pause { get; private set; }

    /// <summary>While the track rests until a change: the values that the conditions it watches had, in the order of the release.</summary>
    public ImmutableArray<bool> Watched { get; private set; } = [];

    /// <summary>Moves made by time alone since the customer's last input.</summary>
    public int MovesByTime { get; set; }

    public void Enter(string stage, Instant clock, int input)
    {
        (Stage, Since, Input) = (stage, clock, input);
        Entries++;
    }

    /// <summary>From here on the track is not judged.</summary>
    public void PauseUntil(TrackPause rest) => Pause = rest;

    /// <summary>Notes the values of the conditions it watches, from which the end of the rest is told.</summary>
    public void Note(ImmutableArray<bool> watched) => Watched = watched;

    /// <summary>From here on the track is judged again.</summary>
    public void Resume() => (Pause, Watched) = (TrackPause.None, []);

    /// <summary>The customer heard of something. Answers whether that ends the track's rest.</summary>
    public bool TakeInput()
    {
        MovesByTime = 0;
        if (Pause != TrackPause.UntilInput) return false;
        Resume();
        return true;
    }

    /// <summary>Restores what was stored.</summary>
    internal static TrackState Restore(string track, string stage, Instant since, int input, int entries, TrackPause rest,
        ImmutableArray<bool> watched,
        int movesByTime) => new(track, stage, since, input) { Entries = entries, Pause = rest, Watched = watched, MovesByTime = movesByTime };
}

/// <summary>Whether a track is judged.</summary>
public enum TrackPause : byte
{
    /// <summary>It is.</summary>
    None,

    /// <summary>A settling came to no end: it rests until a condition that it watches has another value.</summary>
    UntilChange,

    /// <summary>Time alone moved it too often: it rests until the customer's next input.</summary>
    UntilInput,
}
