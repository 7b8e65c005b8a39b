using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.States;
using NodaTime;

namespace Lifecycle.Domain.Outlook;

/// <summary>What becomes of a customer if they stay silent, why they are where they are, and what each stage within reach still asks.</summary>
/// <param name="Clock">The instant from which it looks ahead: the present, as far as so many reviews reach it.</param>
/// <param name="Until">As far as <paramref name="Moves"/> reach; beyond, nothing is said.</param>
/// <param name="Moves">The stage changes after the clock that come by time alone, in their order, at most <see cref="MovesMax"/>.</param>
/// <param name="Tracks">In the order of the definition; empty for a customer who is nowhere yet.</param>
public sealed record StageOutlook(Instant Clock, Instant Until, ImmutableArray<ComingMove> Moves, ImmutableArray<TrackOutlook> Tracks)
{
    /// <summary>As far ahead as an outlook goes.</summary>
    public static readonly Duration Reach = Duration.FromDays(400);

    public const int MovesMax = 50;

    /// <summary>As many reviews as are lived through on the way: ten a day, more than rules come to that do not chase their own tail.</summary>
    private const int ReviewsMax = 4000;

    /// <summary>Looks ahead from an instant, or from the customer's clock where that is later. What was due before is lived through first.</summary>
    /// <remarks>
    /// The machine itself is run, on a copy, so that an outlook and what later happens cannot differ while the customer stays silent. The state
    /// handed in is not touched. What journeys do on the way counts where rules read it, and ends with the copy: nothing of it is stored or sent.
    /// </remarks>
    /// <param name="release">The release that rules the customer.</param>
    public static StageOutlook Of(CustomerMachine machine, CustomerState state, Release release, Instant now)
    {
        var copy = StateCodec.Read(StateCodec.Write(state), state.Customer);
        if (copy.History.Series.Length != release.Aggregates.Length) copy.History = HistoryFold.Empty(release);
        var clock = Live(machine, copy, Instants.Later(now, copy.Clock), int.MaxValue, []);
        var tracks = TrackOutlook.All(copy, release, clock);
        var moves = new List<ComingMove>();
        var until = Live(machine, copy, Instants.Earlier(clock + Reach, Instants.Never), MovesMax, moves);
        return new StageOutlook(clock, until, [.. moves], tracks);
    }

    /// <summary>Lives from one due instant to the next, noting moves, and answers how far it came.</summary>
    private static Instant Live(CustomerMachine machine, CustomerState copy, Instant to, int movesMax, List<ComingMove> moves)
    {
        var facts = new List<RecordedFact>();
        for (var review = 0; review < ReviewsMax; review++)
        {
            var due = machine.NextDue(copy);
            if (due > to || due == Instants.Never) return to;
            facts.Clear();
            machine.LiveTo(copy, due, facts);
            foreach (var fact in facts)
            {
                if (fact.Fact is not StageChanged change) continue;
                moves.Add(new ComingMove(fact.Clock, change));
                if (moves.Count == movesMax) return due;
            }
        }
        return copy.Clock;
    }
}

/// <summary>A move that time alone will bring.</summary>
public sealed record ComingMove(Instant At, StageChanged Change);
