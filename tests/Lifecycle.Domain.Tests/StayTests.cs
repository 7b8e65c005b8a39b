using Lifecycle.Domain.Events;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>What is <c>in this stage</c> and <c>in this journey</c> lies behind the input that began it, also at the same instant.</summary>
public sealed class StayTests
{
    private const string Lines = """
        definition: lines
        zone: UTC
        events: { order_completed: { quantity: number } }
        metrics: { less: sum(order_completed.quantity in 10 days) < 5 }
        tracks:
          lifecycle:
            - stage: first
            - stage: buyer
              when: count(order_completed) >= 1
            - stage: at_risk
              when: less
              keep: less and count(order_completed in this stage) == 0
            - stage: lost
              when: since(last(order_completed)) >= 40 days
        """;

    private const string Membership = """
        definition: membership
        zone: UTC
        events: { signed_up: {}, order_completed: {} }
        tracks:
          lifecycle:
            - stage: visitor
            - stage: member
              when: count(signed_up) >= 1
        """;

    private const string Coupon = """
        journey: coupon
        trigger: enter member
        exit: count(order_completed in this journey) >= 1
        steps:
          - wait: 1 hour
          - send: { channel: webhook, template: coupon }
        """;

    [Theory]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(10, null)]
    public void Lines_of_one_order_come_to_what_one_line_comes_to(int first, int? second)
    {
        var life = Life.Under(Lines).At(0).Does("order_completed", """{"quantity": 1}""", imported: true).At(20);
        foreach (var quantity in new[] { first, second }.OfType<int>()) life.Does("order_completed", $$"""{"quantity": {{quantity}}}""", imported: true);
        life.Is("buyer").At(100).TakesShardInput(new HistoryClosed()).Is("lost").Since(60);
        Assert.EndsWith("buyer at_risk lost", life.Path(), StringComparison.Ordinal);
        Assert.Equal(Life.Day(30), life.Facts.Last(fact => fact.Fact is StageChanged { To: "at_risk" }).Clock);
    }

    [Fact]
    public void What_is_done_in_the_request_that_sets_a_journey_off_and_after_it_is_in_this_journey()
    {
        var life = Life.Under(Membership, Coupon).At(0).Does("signed_up").Does("order_completed").Until(1);
        Assert.Equal("exit", Assert.Single(life.All<JourneyEnded>()).Because);
        Assert.Empty(life.All<ActionRequested>());
    }

    [Fact]
    public void What_was_done_before_in_that_request_is_not()
    {
        var life = Life.Under(Membership, Coupon).At(0).Does("order_completed").Restarts().Does("signed_up").Until(1);
        Assert.Single(life.All<ActionRequested>());
    }

    [Fact]
    public void A_stay_that_time_begins_holds_what_comes_in_at_that_instant()
    {
        const string quiet = """
            definition: quiet
            zone: UTC
            events: { came: {} }
            metrics: { here: count(came in this stage) }
            tracks:
              lifecycle:
                - stage: active
                - stage: quiet
                  when: since(first(came)) >= 5 days
            """;
        var life = Life.Under(quiet).At(0).Does("came").At(5).Does("came").Is("quiet").Since(5);
        Assert.Equal(1m, life.Measure("here"));
    }

    [Fact]
    public void Another_release_folds_history_to_what_was_in_this_stage_before()
    {
        var life = Life.Under(Lines).At(0).Does("order_completed", """{"quantity": 1}""").At(20);
        life.Does("order_completed", """{"quantity": 1}""").Does("order_completed", """{"quantity": 9}""").Does("order_completed", """{"quantity": 9}""");
        var moves = life.All<StageChanged>().Count();
        life.Publishes(Lines).Is("buyer").Until(100);
        Assert.Equal(moves + 2, life.All<StageChanged>().Count());
        Assert.Equal(4, life.State.Inputs);
    }

    [Fact]
    public void What_others_say_of_the_customer_is_not_counted_among_their_inputs()
    {
        var life = Life.Under(Membership).At(0).Does("signed_up").Takes(new IdentityClaimed("other")).Does("order_completed");
        Assert.Equal(2, life.State.Inputs);
    }

    [Fact]
    public void What_was_before_the_stay_and_is_told_late_hides_nothing_of_the_stay()
    {
        const string Weeks = """
            definition: weeks
            zone: UTC
            events: { order_completed: {}, played: {} }
            metrics: { weeks: weeks(played in this stage) }
            tracks:
              lifecycle:
                - stage: visitor
                - stage: member
                  when: count(order_completed) >= 1
            """;
        var life = Life.Under(Weeks).At(1).Does("order_completed").At(1.4).Does("played").At(4).Does("played").At(5).DidLate(0.7, "played").At(9).Does("order_completed");
        Assert.Equal(2, life.Measure("weeks"));
    }
}
