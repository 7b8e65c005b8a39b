using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.States;
using NodaTime;

namespace Lifecycle.Projections.Tests;

/// <summary>Takes customers to whom nothing happens through their reviews, one at a time, and counts what each came to.</summary>
/// <remarks>A review is empty when at its instant no watched condition changed its answer, no hold, stay or wait ended, and no fact followed.
/// Which conditions are watched is said here once more, from the semantics: those of stages that can be entered, of every stage with <c>confirm</c>,
/// the one that keeps the customer where an earlier stage could claim them, and the exits of journeys under way.</remarks>
internal sealed class SleeperWatch(CustomerMachine machine, Func<int, Release> releases)
{
    /// <summary>More reviews than a silent customer of the sample can have; beyond, something comes due again and again.</summary>
    private const int ReviewsMax = 1000;

    private static readonly Duration Millisecond = Duration.FromMilliseconds(1);

    private readonly List<RecordedFact> _facts = [];

    public long Reviews { get; private set; }

    /// <summary>Reviews from which facts followed.</summary>
    public long Moving { get; private set; }

    /// <summary>Reviews at which a condition, hold, stay or wait changed and nothing followed from it.</summary>
    public long Changing { get; private set; }

    public long Empty => Reviews - Moving - Changing;

    /// <summary>All facts of these reviews.</summary>
    public long Facts { get; private set; }

    /// <summary>Lives through every review up to an instant, and says how many there were.</summary>
    public int Live(CustomerState state, Instant until)
    {
        var reviews = 0;
        for (var due = machine.NextReview(state); due <= until && due < Instants.Never; due = machine.NextReview(state), reviews++)
        {
            Assert.True(reviews < ReviewsMax, $"More than {ReviewsMax} reviews, the last at {due}.");
            var before = AnswersBefore(state, due);
            var changes = !before.SequenceEqual(Watched(state, due)) || Ends(state, due);
            _facts.Clear();
            machine.LiveTo(state, due, _facts);
            Assert.Equal(due, state.Clock);
            Reviews++;
            Facts += _facts.Count;
            if (_facts.Count > 0) Moving++;
            else if (changes) Changing++;
        }
        return reviews;
    }

    /// <summary>Adds what another watch counted.</summary>
    public void Add(SleeperWatch other) =>
        (Reviews, Moving, Changing, Facts) = (Reviews + other.Reviews, Moving + other.Moving, Changing + other.Changing, Facts + other.Facts);

    public override string ToString() =>
        $"{Reviews:N0} reviews: {Moving:N0} with facts ({Facts:N0} of them), {Changing:N0} with a condition, hold or wait alone, {Empty:N0} empty";

    /// <summary>What the watched conditions answer just before a review: the same as since the last one, and a look then changes nothing.</summary>
    private List<bool> AnswersBefore(CustomerState state, Instant due)
    {
        Assert.True(due > state.Clock, $"The review at {due} is not after the customer's clock.");
        var before = StateCodec.Write(state);
        _facts.Clear();
        machine.LiveTo(state, due - Millisecond, _facts);
        Assert.Empty(_facts);
        Assert.True(before.AsSpan().SequenceEqual(StateCodec.Write(state)), $"The state changed before the review at {due}.");
        var answers = Watched(state, due - Millisecond);
        if (due - state.Clock > Millisecond) Assert.Equal(Watched(state, state.Clock), answers);
        return answers;
    }

    /// <summary>What each watched condition answers at an instant.</summary>
    private List<bool> Watched(CustomerState state, Instant at)
    {
        var release = releases(state.Release);
        var (reading, answers) = (release.Read(state, at), new List<bool>());
        foreach (var track in release.Tracks)
        {
            var present = Present(track, state);
            var canReturn = false;
            foreach (var stage in track.Stages.Where(stage => stage.When is not null))
            {
                var canEnter = stage.MayFollow(present);
                canReturn |= canEnter && stage.Index < present.Index;
                if (canEnter || stage.Confirm > 0) answers.Add(stage.When!.Holds(reading));
            }
            if (canReturn && present.Keeping is { } keeping) answers.Add(keeping.Holds(reading));
        }
        foreach (var enrolment in state.Decisions.Enrolments)
            if (releases(enrolment.Release).FindJourney(enrolment.Journey)?.Exit is { } exit) answers.Add(exit.Holds(reading));
        return answers;
    }

    /// <summary>Whether a hold, a minimum stay or a journey's wait ends at an instant.</summary>
    private bool Ends(CustomerState state, Instant at) =>
        state.Decisions.Enrolments.Any(enrolment => enrolment.WakeAt == at)
        || releases(state.Release).Tracks.Any(track => state.Decisions.In(track.Name) is { } standing
            && (After(standing.Since, Present(track, state).MinimumStay) == at
                || standing.HeldSince.Any(held => track.Find(held.Key) is { } stage && After(held.Value, stage.Confirm) == at)));

    private static Stage Present(Track track, CustomerState state) =>
        state.Decisions.In(track.Name) is { } standing && track.Find(standing.Stage) is { } stage ? stage : track.First;

    private static Instant After(Instant instant, long milliseconds) => instant + Duration.FromMilliseconds(milliseconds);
}
