using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>Two flaps that a naive rule engine produces, and that one threshold in and another out prevent.</summary>
public sealed class FlapTests
{
    private const string Tiers = """
        definition: tiers
        zone: UTC
        currency: EUR
        events:
          order_completed: { revenue: money }
          looked: {}
        metrics:
          spend: sum(order_completed.revenue in 30 days)
        tracks:
          vip:
            - stage: none
              when: spend < 1000
            - stage: silver
              when: spend >= 1000
            - stage: gold
              when: spend >= 5000
              keep: spend >= 4000
        """;

    private const string Stages = """
        definition: stages
        zone: UTC
        currency: EUR
        events:
          order_completed: { revenue: money }
          session_start: {}
        metrics:
          active_days: days(session_start in 28 days)
          recent:      sum(order_completed.revenue in 30 days)
          before:      sum(order_completed.revenue from 60 days to 30 days ago)
        tracks:
          lifecycle:
            - stage: exploration
            - stage: stability
              when: active_days >= 4
              keep: active_days >= 2
            - stage: decline
              when: stage == stability and recent < 0.4 * before
              keep: recent < 0.8 * before
        """;

    [Fact]
    public void Between_the_thresholds_a_gold_customer_stays_gold_whatever_happens()
    {
        var life = Life.Under(Tiers).At(0).Does("order_completed", """{"revenue": 900}""").At(1).Does("order_completed", """{"revenue": 4500}""").Is("gold", "vip");
        for (var day = 2; day < 30; day++) life.At(day).Does("looked");
        life.Until(30.5).Is("gold", "vip"); // The first order left the window: 4,500 is under the threshold in and above the one out.
        for (var look = 0; look < 20; look++) life.At(30.6 + look / 100.0).Does("looked");
        Assert.Equal("none gold", life.Path("vip"));
        life.Until(40).Is("none", "vip");
        Assert.Equal("none gold none", life.Path("vip"));
    }

    [Fact]
    public void A_naive_engine_would_move_that_customer_at_every_look()
    {
        string Naive(string present, decimal spend) => spend >= 5000 && present != "gold" ? "gold" : spend >= 1000 && present != "silver" ? "silver" : present;
        var (present, moves) = ("silver", 0);
        for (var look = 0; look < 20; look++)
        {
            var next = Naive(present, 5200);
            if (next != present) moves++;
            present = next;
        }
        Assert.Equal(20, moves);
    }

    [Fact]
    public void A_customer_in_decline_is_not_thrown_back_by_the_rule_that_brought_them_there()
    {
        // The rule reads the stage it leaves: once in decline it no longer holds, and only the separate threshold out keeps the customer from flapping.
        var life = Life.Under(Stages);
        for (var day = 0; day < 28; day += 2) life.At(day).Does("session_start").Does("order_completed", """{"revenue": 100}""");
        life.Is("stability");
        for (var day = 28; day < 56; day += 2) life.At(day).Does("session_start");
        life.Is("decline");
        for (var look = 0; look < 50; look++) life.At(56 + look / 50.0).Does("session_start");
        Assert.Equal("exploration stability decline", life.Path());
    }
}
