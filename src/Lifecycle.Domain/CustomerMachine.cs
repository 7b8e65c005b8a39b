using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.States;
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
        if (state.IsErased) return;
        if (input.Input is CustomerErased)
        {
            state.Erase();
            return;
        }
        // What others say of a customer whose history is still being told must not pull them out of their own time.
        var byOthers = !HistoryFold.IsOwn(input.Input);
        if (byOthers && (state.ImportOpen || !state.IsBorn))
        {
            JourneyRunner.TakeOutcome(state, input);
            return;
        }
        LiveTo(state, input.Clock, facts);
        var release = releases(state.Release);
        if (!input.Imported) state.InPresent |= !byOthers;
        else if (!state.InPresent) ForgetCuts(state, release);

        if (state.History.Series.Length != release.Aggregates.Length) state.History = HistoryFold.Empty(release);
        state.Clock = Instants.Later(state.Clock, input.Clock);
        var rested = false;
        foreach (var standing in state.Decisions.Tracks) rested |= standing.TakeInput();
        HistoryFold.Fold(state, release, input);
        JourneyRunner.TakeOutcome(state, input);
        var following = new FactList(state, release, input.Id, byOthers ? 0 : state.Inputs, facts);
        CrossCustomerInputs.Take(input, following);
        // What no rule reads changes nothing, so nothing is judged.
        if (rested || state.MemoryFor(release).Touched || Rewards.MayEarn(release, input))
            new InstantEvaluation(tenant, releases, state, following, MoveCause.Event, input.Id, Quiet: state.ImportOpen).Settle(input);
    }

    /// <summary>Nobody was counted in imported history, so what compares all customers rests until it is closed.</summary>
    private static void ForgetCuts(CustomerState state, Release release)
    {
        if (state.Decisions.Cuts.Count == 0) return;
        state.Decisions.Cuts = default;
        state.MemoryFor(release).Touch(release.Conditions.ByCuts);
    }

    /// <summary>Takes what concerns all customers of the tenant in the shard, and remembers having done so.</summary>
    /// <param name="past">What the customer's log held before; asked for only when a release makes history be folded anew.</param>
    public void Live(CustomerState state, RecordedShardInput input, Func<Past> past, List<RecordedFact> facts)
    {
        switch (input.Input)
        {
            case var _ when state.IsErased:
                break;
            case ReleaseActivated activated:
                Activate(state, activated, input, past, facts);
                break;
            case HistoryClosed when state.ImportOpen:
                LiveTo(state, input.Clock, facts);
                state.InPresent = true;
                break;
            case ClockAdvanced advanced when !state.ImportOpen:
                LiveTo(state, advanced.To, facts);
                break;
            case CutPointsComputed computed when !state.ImportOpen:
                TakeCuts(state, computed, input, facts);
                break;
            case HistoryOpened or HistoryClosed or CountAsked or ClockAdvanced or CutPointsComputed:
                break;
        }
        state.LivedTo = input.Position;
    }

    /// <summary>Lives through every due instant up to and including one, in order, each at its own instant.</summary>
    /// <remarks>While the customer is known by open history alone this is quiet: no journey starts and nothing is requested for what is long
    /// past.</remarks>
    public void LiveTo(CustomerState state, Instant to, List<RecordedFact> facts)
    {
        for (var due = NextDueBy(state, to); due <= to && due < Instants.Never; due = NextDueBy(state, to))
        {
            state.Clock = due;
            new InstantEvaluation(tenant, releases, state, new FactList(state, releases(state.Release), CauseOf(due), 0, facts), MoveCause.Time, null,
                Quiet: state.ImportOpen).Settle();
        }
    }

    /// <summary>What facts name as their cause where time alone was it.</summary>
    private static RecordId CauseOf(Instant due) => new(StableHash.Of("time", due.ToIso()));

    /// <summary>The next instant at which time alone can change anything for this customer; <see cref="Instants.Never"/> if none, and while only
    /// their own inputs move them.</summary>
    public Instant NextReview(CustomerState state) => state.ImportOpen ? Instants.Never : NextDue(state);

    internal Instant NextDue(CustomerState state) => state.NextDue ??= ComputeNextDue(state, Instants.Never);

    /// <summary>The next due instant if it is not after another; else any that is. Between two events it is seldom worth looking beyond the
    /// second.</summary>
    private Instant NextDueBy(CustomerState state, Instant to)
    {
        if (state.NextDue is { } known) return known;
        if (to >= Instants.Never) return NextDue(state);
        if (state.NothingDueBefore > to) return state.NothingDueBefore;
        var after = to.After(1);
        var due = ComputeNextDue(state, after);
        if (due <= to) state.NextDue = due;
        else state.NothingDueBefore = after;
        return due;
    }

    private Instant ComputeNextDue(CustomerState state, Instant horizon)
    {
        if (!state.IsBorn) return Instants.Never;
        var release = releases(state.Release);
        var next = Instants.Earlier(horizon, Rewards.NextChange(state));
        foreach (var enrolment in state.Decisions.Enrolments) next = Instants.Earlier(next, enrolment.WakeAt);
        var reading = release.Read(state, state.Clock) with { Horizon = next };
        foreach (var enrolment in state.Decisions.Enrolments)
            if (releases(enrolment.Release).FindJourney(enrolment.Journey)?.Exit is { } exit)
                reading = reading with { Horizon = Instants.Earlier(reading.Horizon, exit.NextFlip(reading with { Enrolment = enrolment })) };
        foreach (var plan in release.Conditions.Plans)
            if (state.Decisions.In(plan.Track.Name) is { } standing && !plan.Rests(state.Decisions))
                reading = reading with { Horizon = StageEvaluator.NextReview(plan, standing, state.MemoryFor(release), reading) };
        return reading.Horizon;
    }

    /// <summary>All customers were counted anew, and this one is judged at that instant.</summary>
    private void TakeCuts(CustomerState state, CutPointsComputed computed, RecordedShardInput input, List<RecordedFact> facts)
    {
        if (state.IsBorn)
        {
            LiveTo(state, input.Clock, facts);
            state.Clock = Instants.Later(state.Clock, input.Clock);
        }
        var release = releases(state.Release);
        state.Decisions.Take(computed.Points, release);
        state.MemoryFor(release).Touch(release.Conditions.ByCuts);
        new InstantEvaluation(tenant, releases, state, new FactList(state, release, input.Id, 0, facts), MoveCause.Time, input.Id,
            Quiet: false).Settle();
    }

    /// <summary>From here on another release rules, or another version of the engine: history is folded anew for it, standing is kept, and the
    /// customer is judged once.</summary>
    private void Activate(CustomerState state, ReleaseActivated activated, RecordedShardInput input, Func<Past> past, List<RecordedFact> facts)
    {
        var (before, after) = (releases(state.Release), releases(activated.Release));
        if (!state.IsBorn)
        {
            state.Release = activated.Release;
            TakeCuts(state, activated, after);
            return;
        }
        if (!state.ImportOpen)
        {
            LiveTo(state, input.Clock, facts);
            state.Clock = Instants.Later(state.Clock, input.Clock);
        }
        var following = new FactList(state, after, input.Id, 0, facts);
        if (activated.Release == state.Release) following.Add(new DecisionsKept(Convert.ToBase64String(StateCodec.WriteDecided(state))));
        state.Release = activated.Release;
        TakeCuts(state, activated, after);
        state.Forget();
        HistoryFold.Refold(state, after, past());
        ReleaseMigration.ResetStaleHolds(state, before, after);
        new InstantEvaluation(tenant, releases, state, following, MoveCause.Activation, null, Quiet: true).Settle();
    }

    /// <summary>What the new release asks and the old one asked too stands; the rest was counted before the new one was activated.</summary>
    private static void TakeCuts(CustomerState state, ReleaseActivated activated, Release after)
    {
        state.Decisions.DropCuts(after);
        if (!state.ImportOpen) state.Decisions.Take(activated.Cuts, after);
    }
}

/// <summary>What a customer's log held up to some position: what came in, and what followed from it.</summary>
public sealed record Past(IReadOnlyList<Recorded> Inputs, IReadOnlyList<RecordedFact> Facts);
