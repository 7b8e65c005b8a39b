using System.Collections.Immutable;
using Lifecycle.Domain.Events;
using NodaTime;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>Points, benefits, metrics over facts, and the top of all customers.</summary>
public sealed class LoyaltyTests
{
    private const string Game = """
        definition: game
        currency: CNY
        events:
          order_completed: { revenue: money }
          order_refunded: { revenue: money }
        metrics:
          vip_points: sum(points_earned.points in 365 days)
        tracks:
          vip:
            - stage: none
              when: vip_points < 1000
            - stage: silver
              when: vip_points >= 1000
              benefits: [skip_queue]
              grace: 10 days
            - stage: gold
              when: vip_points >= 5000
              keep: vip_points >= 4000
              benefits: [skip_queue, mount]
              grace: 30 days
        points:
          earn:
            - event: order_completed
              where: revenue != 13
              points: floor(trigger.revenue * 10)
          expire: 100 days
        """;

    [Fact]
    public void An_order_earns_points_at_once_and_the_tier_follows_in_the_same_instant()
    {
        var life = Life.Under(Game).At(1).Does("order_completed", """{"revenue":100.07}""").Is("silver", "vip").Since(1, "vip");
        Assert.Equal(new PointsEarned(1000, 1000, "order_completed"), life.Only<PointsEarned>().Fact);
        Assert.Equal(new BenefitGranted("skip_queue", "vip", "silver"), life.Only<BenefitGranted>().Fact);
        Assert.Equal(1000, life.State.Decisions.Points.Balance);
        life.At(2).Does("order_completed", """{"revenue":13}""");
        Assert.Single(life.All<PointsEarned>());
    }

    [Fact]
    public void A_refund_takes_points_back_and_what_is_missing_is_a_debt_against_later_earnings()
    {
        var life = Life.Under(Game).At(0).Does("order_completed", """{"revenue":100}""").Until(101);
        Assert.Equal(new PointsExpired(1000, 0), life.Only<PointsExpired>().Fact);
        life.At(102).Does("order_refunded", """{"revenue":-100}""");
        Assert.Equal(-1000, life.State.Decisions.Points.Balance);
        life.At(103).Does("order_completed", """{"revenue":150}""");
        Assert.Equal(500, life.State.Decisions.Points.Balance);
        Assert.Equal([1000, -1000, 1500], life.All<PointsEarned>().Select(earned => earned.Points));
        Assert.Equal([1000, -1000, 500], life.All<PointsEarned>().Select(earned => earned.Balance));
    }

    private const string Coffee = """
        definition: coffee
        currency: EUR
        exchange: { USD: 0.5 }
        events:
          coffee_bought: { quantity: number, order_id: text }
          coffee_refunded: { quantity: number, order_id: text }
          order_completed: { revenue: money, order_id: text }
          order_refunded: { revenue: money, order_id: text }
        points:
          earn:
            - event: coffee_bought
              points: 10 * trigger.quantity
            - event: order_completed
              where: revenue >= 10
              points: trigger.revenue
        refunds: { coffee_refunded: coffee_bought }
        """;

    [Fact]
    public void A_refund_of_an_event_of_ones_own_takes_its_points_back_and_never_earns()
    {
        var life = Life.Under(Coffee).At(1).Does("coffee_bought", """{"quantity":3,"order_id":"a"}""");
        life.At(2).Does("coffee_refunded", """{"quantity":-1,"order_id":"a"}""");
        Assert.Equal(20, life.State.Decisions.Points.Balance);
        life.At(3).Does("coffee_refunded", """{"quantity":2,"order_id":"a"}""").At(4).Does("coffee_refunded", """{"quantity":-3,"order_id":"a"}""");
        Assert.Equal([30, -10, -20], life.All<PointsEarned>().Select(earned => earned.Points));
        // One that names no order takes what an order of as much earns.
        life.At(5).Does("coffee_refunded", """{"quantity":-2}""").At(6).Does("coffee_refunded", """{"quantity":1}""");
        Assert.Equal(-30, life.State.Decisions.Points.Balance);
    }

    [Fact]
    public void Two_half_refunds_of_an_order_take_all_its_points_back_whatever_the_rules_filter_says_of_the_halves()
    {
        var life = Life.Under(Coffee).At(1).Does("order_completed", """{"revenue":15,"order_id":"a"}""");
        life.At(2).Does("order_refunded", """{"revenue":-7.5,"order_id":"a"}""");
        Assert.Equal(7.5m, life.State.Decisions.Points.Balance);
        life.At(3).Does("order_refunded", """{"revenue":-7.5,"order_id":"a"}""");
        Assert.Equal(0, life.State.Decisions.Points.Balance);
        life.At(4).Does("chargeback", """{"revenue":-15,"order_id":"a"}""");
        Assert.Equal([15, -7.5m, -7.5m], life.All<PointsEarned>().Select(earned => earned.Points));
    }

    [Fact]
    public void Thirds_of_an_order_take_back_exactly_what_it_earned()
    {
        var life = Life.Under(Coffee).At(1).Does("order_completed", """{"revenue":20,"order_id":7}""");
        for (var i = 0; i < 3; i++) life.At(2 + i).Does("order_refunded", """{"revenue":-6.67,"order_id":"7"}""");
        Assert.Equal(0, life.State.Decisions.Points.Balance);
    }

    [Fact]
    public void Nothing_is_taken_back_for_an_order_that_earned_nothing()
    {
        var life = Life.Under(Coffee).At(1).Does("order_completed", """{"revenue":15}""").At(2).Does("order_completed", """{"revenue":9,"order_id":"small"}""");
        life.At(3).Does("order_refunded", """{"revenue":-9,"order_id":"small"}""").At(4).Does("order_refunded", """{"revenue":-15,"order_id":"unknown"}""");
        Assert.Equal(15, life.State.Decisions.Points.Balance);
        Assert.Single(life.All<PointsEarned>());
    }

    [Fact]
    public void A_refund_without_an_amount_takes_back_what_is_left_of_the_order()
    {
        var life = Life.Under(Coffee).At(1).Does("order_completed", """{"revenue":15,"order_id":"a"}""").At(2).Does("order_refunded", """{"revenue":-5,"order_id":"a"}""");
        life.At(3).Does("order_refunded", """{"order_id":"a"}""");
        Assert.Equal([15, -5, -10], life.All<PointsEarned>().Select(earned => earned.Points));
    }

    [Fact]
    public void An_amount_in_a_currency_with_a_rate_is_converted_and_in_any_other_missing()
    {
        var life = Life.Under(Coffee).At(1).Does("order_completed", """{"revenue":30,"currency":"usd","order_id":"a"}""");
        life.At(2).Does("order_completed", """{"revenue":100,"currency":"JPY"}""");
        Assert.Equal(15, life.State.Decisions.Points.Balance);
        life.At(3).Does("order_refunded", """{"revenue":-15,"currency":"USD","order_id":"a"}""");
        Assert.Equal(7.5m, life.State.Decisions.Points.Balance);
    }

    [Fact]
    public void Only_the_last_orders_are_remembered()
    {
        var life = Life.Under(Coffee);
        for (var i = 0; i <= Lifecycle.Domain.Loyalty.OrderPoints.OrdersMax; i++)
            life.At(1 + i / 1000.0).Does("order_completed", $$"""{"revenue":10,"order_id":"o{{i}}"}""");
        Assert.Equal(Lifecycle.Domain.Loyalty.OrderPoints.OrdersMax, life.State.Decisions.Orders.Count);
        life.At(3).Does("order_refunded", """{"revenue":-10,"order_id":"o0"}""");
        Assert.Equal(2570, life.State.Decisions.Points.Balance);
        life.At(4).Does("order_refunded", """{"revenue":-10,"order_id":"o1"}""");
        Assert.Equal(2560, life.State.Decisions.Points.Balance);
    }

    [Fact]
    public void Points_are_known_to_expire_before_they_do()
    {
        var life = Life.Under("""
            definition: game
            tracks:
              lifecycle:
                - stage: calm
                - stage: soon
                  when: points.expiring(30 days) >= 10 and since(points.next_expiry) >= -20 days
            points:
              earn:
                - { event: order_completed, points: trigger.items }
              expire: 100 days
            """).At(0).Does("order_completed", """{"items":4}""").At(5).Does("order_completed", """{"items":6}""");
        Assert.Equal(4, Read(life, "points.expiring(30 days)", 71));
        life.Until(79).Is("calm").Until(90).Is("soon");
    }

    private static decimal Read(Life life, string rule, double day)
    {
        var release = Life.Under(life.Definition.Replace("tracks:", $"metrics: {{ m: {rule} }}\ntracks:", StringComparison.Ordinal)).Release;
        return release.Metrics[0].Term.Evaluate(release.Read(life.State, Life.Day(day))).Magnitude;
    }

    [Fact]
    public void Points_expire_at_the_end_of_a_date()
    {
        var life = Life.Under(Game).At(0).Does("order_completed", """{"revenue":10}""").At(5).Does("order_completed", """{"revenue":20}""").Until(200);
        Assert.Equal([Instant.FromUtc(2026, 4, 16, 0, 0), Instant.FromUtc(2026, 4, 21, 0, 0)], life.Facts.Where(fact => fact.Fact is PointsExpired).Select(fact => fact.Clock));
    }

    [Fact]
    public void A_benefit_outlives_its_stage_by_the_grace_and_comes_back_without_a_word()
    {
        var life = Life.Under(Game).At(0).Does("order_completed", """{"revenue":600}""").Is("gold", "vip");
        Assert.Equal(["mount", "skip_queue"], life.All<BenefitGranted>().Select(granted => granted.Benefit));
        life.At(20).Does("order_refunded", """{"revenue":-300}""").Is("silver", "vip");
        Assert.Equal(Life.Day(50), life.State.Decisions.Benefits["mount"].Until);
        Assert.Null(life.State.Decisions.Benefits["skip_queue"].Until);
        life.At(30).Does("order_completed", """{"revenue":300}""").Is("gold", "vip");
        Assert.Null(life.State.Decisions.Benefits["mount"].Until);
        Assert.Empty(life.All<BenefitRevoked>());
        life.At(40).Does("order_refunded", """{"revenue":-300}""").Until(200);
        Assert.Equal([("mount", Life.Day(70))], life.Facts.Where(fact => fact.Fact is BenefitRevoked).Select(fact => (((BenefitRevoked)fact.Fact).Benefit, fact.Clock)));
    }

    [Fact]
    public void The_grace_of_a_stage_left_long_ago_still_counts_when_the_last_that_confers_is_left()
    {
        var life = Life.Under(Game.Replace("grace: 10 days", "grace: 1 day", StringComparison.Ordinal));
        life.At(0).Does("order_completed", """{"revenue":600}""").At(10).Does("order_refunded", """{"revenue":-400}""").Is("silver", "vip");
        life.At(15).Does("order_refunded", """{"revenue":-200}""").Is("none", "vip").Until(60);
        Assert.Equal([("mount", Life.Day(40)), ("skip_queue", Life.Day(40))],
            life.Facts.Where(fact => fact.Fact is BenefitRevoked).Select(fact => (((BenefitRevoked)fact.Fact).Benefit, fact.Clock)));
    }

    [Fact]
    public void Of_two_facts_at_one_instant_the_later_one_is_the_latest()
    {
        var life = Life.Under("""
            definition: x
            metrics:
              place: latest(stage_changed.to where track == 'lifecycle')
            tracks:
              lifecycle:
                - stage: a
                - stage: b
                  when: count(session_start) >= 1
                - stage: c
                  from: [b]
                  when: count(session_start) >= 1
            """).At(0).Does("session_start").Is("c");
        Assert.Equal("c", life.Release.Metrics[0].Term.Evaluate(life.Release.Read(life.State, Life.Day(0))).Text);
    }

    [Fact]
    public void Money_of_another_currency_neither_earns_nor_passes_a_filter()
    {
        var life = Life.Under(Game).At(0).Does("order_completed", """{"revenue":600,"currency":"USD"}""").Is("none", "vip");
        Assert.Empty(life.All<PointsEarned>());
    }

    [Fact]
    public void Rules_that_chase_each_other_from_one_millisecond_to_the_next_rest_until_something_happens()
    {
        var life = Life.Under("""
            definition: x
            tracks:
              lifecycle:
                - stage: a
                  when: time_in_stage > 0 days
                  keep: age < 0 days
                - stage: b
                  when: time_in_stage > 0 days
                  keep: age < 0 days
            """).At(0).Does("session_start").Until(5);
        Assert.Single(life.All<StageConflict>());
        Assert.Equal(Lifecycle.Domain.Stages.TrackState.MovesByTimeMax, life.All<StageChanged>().Count() - 1);
        life.At(6).Does("session_start");
        Assert.Single(life.All<StageConflict>());
        Assert.True(life.All<StageChanged>().Count() > Lifecycle.Domain.Stages.TrackState.MovesByTimeMax + 1);
    }

    [Fact]
    public void Metrics_over_facts_survive_a_release_and_are_folded_for_a_new_one()
    {
        var life = Life.Under(Game.Replace("vip_points: sum", "other: sum", StringComparison.Ordinal).Replace("vip_points", "other", StringComparison.Ordinal));
        life.At(0).Does("order_completed", """{"revenue":600}""").Is("gold", "vip").At(1).Publishes(Game).Is("gold", "vip").Until(364.9).Is("gold", "vip").Until(365).Is("none", "vip");
    }

    [Fact]
    public void The_top_is_what_was_last_counted_and_nobody_is_in_it_before()
    {
        var life = Life.Under("""
            definition: shop
            metrics:
              orders: count(order_completed)
            tracks:
              vip:
                - stage: none
                  when: not top(orders, 20%)
                - stage: vip
                  when: top(orders, 10%)
                  keep: top(orders, 20%)
            """);
        life.At(0).Does("order_completed").Does("order_completed").Is("none", "vip");
        var keys = life.Release.Cuts.ToDictionary(threshold => threshold.Share, threshold => threshold.Key);
        Counted(0.5, 2, 1).Is("vip", "vip").Since(0.5, "vip");
        Counted(1.5, 3, 2).Is("vip", "vip");
        Counted(2.5, 4, 3).Is("none", "vip");
        life.At(2.6).Does("order_completed").Is("none", "vip").At(2.7).Does("order_completed").Is("vip", "vip");

        Life Counted(double day, decimal ten, decimal twenty) =>
            life.At(day).TakesShardInput(new CutPointsComputed([new CutPoints(keys[0.1m], 10, [ten]), new CutPoints(keys[0.2m], 10, [twenty])]));
    }
}
