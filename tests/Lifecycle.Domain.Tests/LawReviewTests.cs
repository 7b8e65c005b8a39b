using Lifecycle.Domain.Events;
using Lifecycle.Domain.Tests.Oracle;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.Domain.Tests;

/// <summary>When the engine looks again: never too late, and no oftener than it must.</summary>
public sealed class LawReviewTests(ITestOutputHelper output)
{
    /// <summary>So far ahead brute force looks for something that the engine should have foreseen.</summary>
    private static readonly Duration Ahead = Duration.FromHours(80);

    [Fact]
    public void Nothing_changes_before_the_next_review() => Laws.Hold(output, tried => AfterEachEvent(tried, (life, run) =>
    {
        var due = run.Machine.NextReview(run.State);
        var until = Instants.Earlier(due - Duration.FromMilliseconds(1), run.State.Clock + Ahead);
        if (until > run.State.Clock) AssertNothing(life.FirstThingDue(life.Now, until.ToUnixTimeMilliseconds()), due);
    }), eventsMax: 6);

    [Fact]
    public void Counts_days_and_durations_are_reviewed_exactly_when_a_condition_flips_or_a_hold_or_stay_ends() =>
        Laws.Hold(output, tried => AfterEachEvent(tried, (life, run) =>
        {
            var (due, horizon) = (run.Machine.NextReview(run.State), run.State.Clock + Ahead);
            var first = life.FirstThingDue(life.Now, Instants.Earlier(due, horizon).ToUnixTimeMilliseconds());
            if (due <= horizon) Assert.Equal(due.ToUnixTimeMilliseconds(), first);
            else AssertNothing(first, due);
        }), tightly: true, eventsMax: 6);

    [Fact]
    public void An_unchanged_reading_never_moves_a_customer_twice() => Laws.Hold(output, tried =>
    {
        var (dice, run, undisturbed) = (tried.Dice, tried.Run(), tried.Run());
        for (var i = 0; i < tried.Events.Count; i++)
        {
            var e = tried.Events[i];
            undisturbed.LiveCarefully(e.Arrives);
            undisturbed.Apply(e);
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
            // The same release once more folds history anew and judges the customer, who is just where they were.
            var (facts, at) = (run.Facts.Count, run.State.Clock + Duration.FromHours(dice.Pick(0, 0, 7)));
            if (i + 1 < tried.Events.Count && at > tried.Events[i + 1].Arrives) continue;
            if (dice.OneIn(3) || at >= run.Machine.NextReview(run.State) || run.State.Decisions.Tracks.Any(state => state.Pause != Lifecycle.Domain.Stages.TrackPause.None)) continue;
            run.ActivateAgain(at);
            Assert.Equal(facts, run.Facts.Count);
        }
        undisturbed.LiveCarefully(tried.End);
        run.LiveCarefully(tried.End);
        Assert.Equal(Saying.Of(undisturbed.Facts), Saying.Of(run.Facts));
    });

    [Fact]
    public void Without_an_event_in_between_a_review_that_finds_nothing_comes_at_most_once() => Laws.Hold(output, tried =>
    {
        var run = tried.Run();
        foreach (var e in tried.Events)
        {
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
        }
        // From here on there is silence: whatever the engine wakes for must be something, but for one look at most.
        var life = new BruteForce(tried.Model);
        foreach (var e in tried.Events) life.Take(e);
        var (empty, end) = (0, run.State.Clock + Ahead + Ahead);
        for (var due = run.Machine.NextReview(run.State); due <= end; due = run.Machine.NextReview(run.State))
        {
            if (life.FirstThingDue(life.Now, due.ToUnixTimeMilliseconds()) is null) empty++;
            run.LiveCarefully(due);
            life.LiveTo(due.ToUnixTimeMilliseconds());
        }
        Assert.True(empty <= 1, $"{empty} reviews found nothing.");
    }, eventsMax: 8);

    private static void AfterEachEvent(Case tried, Action<BruteForce, MachineRun> check)
    {
        var (life, run) = (new BruteForce(tried.Model), tried.Run());
        foreach (var e in tried.Events)
        {
            life.Take(e);
            run.LiveCarefully(e.Arrives);
            run.Apply(e);
            check(life, run);
        }
    }

    private static void AssertNothing(long? found, Instant due)
    {
        if (found is { } instant) Assert.Fail($"Something changes at {Instant.FromUnixTimeMilliseconds(instant)}, before the review at {due}.");
    }
}
