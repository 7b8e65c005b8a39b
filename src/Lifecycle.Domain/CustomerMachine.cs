using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Stages;
using NodaTime;

namespace Lifecycle.Domain;

/// <summary>Each customer is one deterministic state machine: their inputs, in the order of the log, go in, and facts come out.</summary>
/// <remarks>
/// The machine reads the customer's own inputs and the release and nothing else: no other customer, no setting, no wall clock. It is total: no
/// input, in any order, throws. It changes the state it is handed and appends to <c>facts</c>; whoever calls it stores both together or neither.
/// </remarks>
/// <param name="tenant">The tenant's name, part of the keys of the actions requested.</param>
/// <param name="releases">The tenant's compiled releases by number; <see cref="Release.None"/> for 0.</param>
public sealed class CustomerMachine(string tenant, Func<int, Release> releases)
{
    /// <summary>How often something is carried from one customer to the next before it is refused.</summary>
    public const int HopsMax = 8;

    /// <summary>Takes one of the customer's inputs, after living through every instant that was due before it or with it.</summary>
    public void Apply(CustomerState state, Recorded input, List<RecordedFact> facts)
    {
        // What others say of a customer whose history is still being told must not pull them out of their own time.
        var byOthers = input.Input is IdentityClaimed or ActionOutcome;
        if (byOthers && (state.Historical || !state.IsBorn))
        {
            Walk.TakeOutcome(state, input);
            return;
        }
        LiveTo(state, input.Clock, facts);
        if (!input.Imported) (state.HasLived, state.Historical) = (state.HasLived || !byOthers, false);
        else if (!state.HasLived) state.Historical = true;

        var release = releases(state.Release);
        if (state.History.Series.Length != release.Aggregates.Length) state.History = HistoryFold.Empty(release);
        state.Clock = Instants.Later(state.Clock, input.Clock);
        foreach (var standing in state.Standing.Tracks) standing.Conflicted = false;

        var moment = new Moment(tenant, releases, state, new FactList(state, input.Id, facts), MoveCause.Event, input.Id, Quiet: input.Imported);
        HistoryFold.Fold(state, release, input);
        Carrying.Take(input, moment.Facts);
        Walk.TakeOutcome(state, input);
        moment.Settle();
    }

    /// <summary>Takes what concerns all customers of the tenant in the shard, and remembers having done so.</summary>
    /// <param name="inputsSoFar">The customer's inputs at earlier positions; asked for only when a release makes history be folded anew.</param>
    public void Live(CustomerState state, RecordedShardInput input, Func<IReadOnlyList<Recorded>> inputsSoFar, List<RecordedFact> facts)
    {
        switch (input.Input)
        {
            case ReleaseActivated activated:
                Activate(state, activated.Release, input, inputsSoFar, facts);
                break;
            case HistoryClosed when state.Historical:
                LiveTo(state, input.Clock, facts);
                state.Historical = false;
                break;
            case ClockAdvanced advanced when !state.Historical:
                LiveTo(state, advanced.To, facts);
                break;
            case HistoryOpened or HistoryClosed or ClockAdvanced:
                break;
        }
        state.LivedTo = input.Position;
    }

    /// <summary>Lives through every due instant up to and including one, in order, each at its own instant.</summary>
    /// <remarks>While the customer is known by open history alone this is quiet: no journey starts and nothing is requested for what is long past.</remarks>
    public void LiveTo(CustomerState state, Instant to, List<RecordedFact> facts)
    {
        for (var due = NextDue(state); due <= to && due < Instants.Never; due = NextDue(state))
        {
            state.Clock = due;
            var cause = new EventId(StableHash.Of("time", due.ToIso()));
            new Moment(tenant, releases, state, new FactList(state, cause, facts), MoveCause.Time, null, Quiet: state.Historical).Settle();
        }
    }

    /// <summary>The next instant at which time alone can change anything for this customer; <see cref="Instants.Never"/> if none, and while only their own inputs move them.</summary>
    public Instant NextReview(CustomerState state) => state.Historical ? Instants.Never : NextDue(state);

    private Instant NextDue(CustomerState state) => state.NextDue ??= ComputeNextDue(state);

    private Instant ComputeNextDue(CustomerState state)
    {
        if (!state.IsBorn) return Instants.Never;
        var release = releases(state.Release);
        var reading = release.Read(state, state.Clock);
        var next = Instants.Never;
        foreach (var track in release.Tracks)
            if (state.Standing.In(track.Name) is { Conflicted: false } standing)
                next = Instants.Earlier(next, Judge.NextReview(track, standing, reading));
        foreach (var enrolment in state.Standing.Enrolments)
        {
            next = Instants.Earlier(next, enrolment.WakeAt);
            if (releases(enrolment.Release).FindJourney(enrolment.Journey)?.Exit is { } exit)
                next = Instants.Earlier(next, exit.NextChange(reading));
        }
        return next;
    }

    /// <summary>From here on another release rules: history is folded anew for it, standing is kept, and the customer is judged once.</summary>
    private void Activate(CustomerState state, int number, RecordedShardInput input, Func<IReadOnlyList<Recorded>> inputsSoFar, List<RecordedFact> facts)
    {
        if (!state.IsBorn)
        {
            state.Release = number;
            return;
        }
        if (!state.Historical)
        {
            LiveTo(state, input.Clock, facts);
            state.Clock = Instants.Later(state.Clock, input.Clock);
        }
        var (before, after) = (releases(state.Release), releases(number));
        state.Release = number;
        state.History = HistoryFold.Empty(after);
        foreach (var past in inputsSoFar()) HistoryFold.Fold(state, after, past);
        Succession.DropUnfounded(state, before, after);
        new Moment(tenant, releases, state, new FactList(state, input.Id, facts), MoveCause.Activation, null, Quiet: true).Settle();
    }
}
