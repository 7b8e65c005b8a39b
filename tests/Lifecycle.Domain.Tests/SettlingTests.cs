using Lifecycle.Domain.Events;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.States;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>One input, one due instant or one shard input is settled at a time, whatever shares its instant.</summary>
public sealed class SettlingTests
{
    private const string Flush = """
        definition: flush
        zone: UTC
        events: { up: {}, down: {} }
        metrics:
          level: count(up) - count(down)
          idle: since(last(any))
        tracks:
          lifecycle:
            - stage: silver
              when: level < 1
            - stage: gold
              when: level >= 1
            - stage: asleep
              when: idle >= 14 days
        """;

    private const string Cycle = """
        definition: cycle
        events: { coffee_bought: {} }
        metrics: { cups: count(coffee_bought) }
        tracks:
          card:
            - stage: filling
              when: cups - 10 * floor(cups / 10) != 0
            - stage: free_cup
              when: cups - 10 * floor(cups / 10) == 0 and cups > 0
        """;

    /// <summary>Whoever comes wants to be in both stages, unless they have been away for three days.</summary>
    private const string Tail = """
        definition: tail
        zone: UTC
        events: { came: {}, looked: {} }
        tracks:
          lifecycle:
            - stage: one
              when: count(came) >= 1
            - stage: two
              when: count(came) >= 1
              keep: since(last(came)) >= 3 days
        """;

    [Fact]
    public void Two_inputs_of_one_request_that_undo_each_other_leave_the_customer_where_they_were_and_able_to_move()
    {
        var life = Life.Under(Flush).At(0).Does("up").Does("down");
        Assert.Equal("silver gold silver", life.Path());
        Assert.Empty(life.All<StageConflict>());
        life.Is("silver").Since(0).Until(100).Is("asleep").Since(14);
    }

    [Fact]
    public void A_card_filled_in_one_request_is_full_once_and_then_filling_again()
    {
        var life = Life.Under(Cycle).At(0);
        for (var cup = 0; cup < 11; cup++) life.Does("coffee_bought");
        Assert.Equal("filling free_cup filling", life.Path("card"));
        Assert.Empty(life.All<StageConflict>());
    }

    [Fact]
    public void Requests_one_by_one_give_the_facts_of_one_request()
    {
        var (together, apart) = (Life.Under(Cycle).At(0), Life.Under(Cycle).At(0));
        for (var cup = 0; cup < 25; cup++)
        {
            together.Does("coffee_bought");
            apart.Restarts().Does("coffee_bought");
        }
        Assert.Equal(together.Facts, apart.Facts);
        Assert.Equal(StateCodec.Write(together.State), StateCodec.Write(apart.State));
    }

    [Fact]
    public void A_conflict_rests_until_time_changes_something_that_the_track_watches()
    {
        var life = Life.Under(Tail).At(0).Does("came");
        Assert.Equal("one two", life.Path());
        Assert.Equal("one", Assert.Single(life.All<StageConflict>()).Stage);
        Assert.Equal(Life.Day(3), life.NextReview);
        life.Restarts().Until(3);
        Assert.Equal(TrackPause.None, life.State.Decisions.In("lifecycle")!.Pause);
        life.At(4).Does("came");
        Assert.Equal("one two one two", life.Path());
        Assert.Equal(2, life.All<StageConflict>().Count());
    }

    [Fact]
    public void An_input_that_changes_nothing_watched_does_not_wake_a_track_that_rests()
    {
        var life = Life.Under(Tail).At(0).Does("came").At(1).Does("came").Does("looked").At(2).Does("came");
        Assert.Equal(3, life.Facts.Count);
        Assert.Equal(TrackPause.UntilChange, life.State.Decisions.In("lifecycle")!.Pause);
    }

    [Fact]
    public void A_release_wakes_a_track_that_rests()
    {
        var life = Life.Under(Tail).At(0).Does("came").At(1).Publishes(Tail.Replace("count(came) >= 1\n      keep", "count(came) >= 2\n      keep", StringComparison.Ordinal));
        life.Is("one").Since(1);
        Assert.Single(life.All<StageConflict>());
    }

    [Fact]
    public void A_stage_passed_through_within_a_settling_starts_nothing_and_a_stage_entered_between_two_inputs_does()
    {
        const string welcome = """
            journey: welcome
            trigger: enter gold
            steps:
              - send: { channel: webhook, template: hello }
            """;
        var life = Life.Under(Flush, welcome).At(0).Does("up").Does("down");
        Assert.Single(life.All<JourneyStarted>()); // Each input is a settling, so that gold was where the first one ended.
        const string through = """
            definition: through
            zone: UTC
            events: { up: {} }
            tracks:
              lifecycle:
                - stage: silver
                - stage: gold
                  when: count(up) >= 1
                - stage: asleep
                  when: stage == gold
                  keep: count(up) >= 1
            """;
        var passing = Life.Under(through, welcome).At(0).Does("up");
        Assert.Equal("silver gold asleep", passing.Path());
        Assert.Empty(passing.All<JourneyStarted>());
    }

    [Fact]
    public void Time_alone_moves_a_track_a_thousand_times_between_two_inputs()
    {
        const string endless = """
            definition: endless
            zone: UTC
            events: { came: {} }
            tracks:
              lifecycle:
                - stage: one
                  when: time_in_stage >= 1 second
                  keep: count(came) >= 1000
                - stage: two
                  when: time_in_stage >= 1 second
                  keep: count(came) >= 1000
            """;
        var life = Life.Under(endless).At(0).Does("came").Until(10);
        Assert.Equal(1001, life.All<StageChanged>().Count());
        Assert.Single(life.All<StageConflict>());
        Assert.Equal(Instants.Never, life.NextReview);
        life.Restarts().At(11).Does("came").Until(20);
        Assert.Equal(2, life.All<StageConflict>().Count());
    }
}
