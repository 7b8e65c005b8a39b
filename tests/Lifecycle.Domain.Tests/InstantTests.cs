using System.Globalization;
using Lifecycle.Domain.Events;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>What one instant does, and in which order; and what of a standing outlives a release.</summary>
public sealed class InstantTests
{
    /// <summary>A move in the second track moves the first on at the same instant.</summary>
    private const string Passing = """
        definition: passing
        events: { a: {}, b: {}, z: {} }
        tracks:
          one:
            - stage: s0
            - stage: s1
              when: count(a) >= 1
              benefits: [gift]
            - stage: s2
              when: count(stage_changed where track == 'two' and to == 't1') >= 1
          two:
            - stage: t0
            - stage: t1
              when: count(a) >= 1
        """;

    private const string Confirmed = """
        definition: confirmed
        events: { a: {}, b: {}, z: {} }
        metrics:
          base: count(a)
          mid: base + 2
        tracks:
          lifecycle:
            - stage: new
            - stage: old
              when: mid >= 3
              confirm: 10 days
        """;

    [Fact]
    public void A_stage_passed_through_within_an_instant_starts_nothing_and_confers_nothing()
    {
        static string Journey(string name, string stage) => $$"""
            journey: {{name}}
            trigger: enter one.{{stage}}
            steps:
              - send: { channel: webhook, template: {{name}} }
            """;
        var life = Life.Under(Passing, Journey("passed", "s1"), Journey("reached", "s2")).At(0).Does("b").At(1).Does("a").Is("s2", "one");
        Assert.Equal(["reached"], life.All<JourneyStarted>().Select(started => started.Journey));
        Assert.Equal(["reached"], life.All<ActionRequested>().Select(requested => requested.Template));
        Assert.Empty(life.All<BenefitGranted>());
    }

    [Fact]
    public void Of_steps_due_at_one_instant_the_journey_of_higher_priority_goes_first()
    {
        const string settings = "settings: shop\ncaps: { webhook: 1 in 24 hours }";
        static string Journey(string name, int priority, string trigger, int days) => $$"""
            journey: {{name}}
            priority: {{priority}}
            trigger: enter {{trigger}}
            steps:
              - wait: {{days}} days
              - send: { channel: webhook, template: {{name}} }
            """;
        var life = Life.Under(Passing.Replace("stage_changed where track == 'two' and to == 't1'", "z", StringComparison.Ordinal).Replace("""
                - stage: t1
                  when: count(a) >= 1
            """, """
                - stage: t1
                  when: count(b) >= 1
            """, StringComparison.Ordinal), Journey("low", 1, "one.s1", 2), Journey("high", 50, "two.t1", 1), settings);
        life.At(0).Does("a").At(1).Does("b").Until(3);
        Assert.Equal("high", life.Only<ActionRequested>().Fact is ActionRequested sent ? sent.Template : null);
        Assert.Equal("low", life.Only<ActionWithheld>().Fact is ActionWithheld held ? held.Template : null);
    }

    [Fact]
    public void A_cap_counts_to_the_thousand_that_it_may_allow_and_sees_what_went_out_before_its_release()
    {
        const string definition = """
            definition: capped
            events: { x: {}, y: {} }
            tracks:
              lifecycle:
                - stage: away
                  when: count(x) < 1
                - stage: here
                  when: count(x in 1 hour) >= 1
                  keep: count(x in 1 hour) >= 1
            """;
        var sends = string.Concat(Enumerable.Repeat("  - send: { channel: webhook, template: t }\n", 90));
        var journey = $"journey: many\ntrigger: enter here\nagain: always\nsteps:\n{sends}";
        var returning = definition.Replace("when: count(x) < 1", "when: count(x in 1 hour) < 1", StringComparison.Ordinal);
        static string Cap(int count) => string.Create(CultureInfo.InvariantCulture, $"settings: shop\ncaps: {{ webhook: {count} in 20 days }}");
        var life = Life.Under(returning, journey, Cap(300));
        for (var day = 0; day < 4; day++) life.At(day).Does("x");
        Assert.Equal((300, 60), (life.All<ActionRequested>().Count(), life.All<ActionWithheld>().Count()));

        var later = Life.Under(returning, journey);
        later.At(0).Does("x").At(1).Does("y").Publishes(returning, journey, Cap(100));
        later.At(2).Does("x");
        Assert.Equal((100, 80), (later.All<ActionRequested>().Count(), later.All<ActionWithheld>().Count()));
    }

    [Fact]
    public void What_has_held_begins_anew_where_a_metric_behind_another_has_changed_and_nowhere_else()
    {
        var changed = Life.Under(Confirmed).At(0).Does("a").At(8).Does("b").Publishes(Confirmed.Replace("count(a)", "count(b)", StringComparison.Ordinal)).Until(17.9).Is("new");
        changed.Until(18).Is("old");
        var beside = Confirmed.Replace("metrics:", "metrics:\n  bas: count(z)\n  m: 1", StringComparison.Ordinal);
        Life.Under(beside).At(0).Does("a").At(8).Does("b").Publishes(beside.Replace("count(z)", "count(z) * 2", StringComparison.Ordinal)).Until(10).Is("old");
        Life.Under(Confirmed).At(0).Does("a").At(8).Does("b").Publishes(beside).Until(10).Is("old");
    }

    [Theory]
    [InlineData("points: 50", "", 50)]
    [InlineData("points: round(trigger.revenue * 10)", "where: revenue >= 10", 680)]
    [InlineData("points: floor(trigger.revenue / 10)", "", 6)]
    [InlineData("points: trigger.revenue - 60", "", 8)]
    public void A_refund_takes_back_what_its_order_earned_whatever_the_rule_looks_like(string points, string where, int earned)
    {
        var life = Life.Under($$"""
            definition: refunds
            currency: CNY
            events:
              order_completed: { revenue: money }
              order_refunded: { revenue: money }
            tracks:
              lifecycle:
                - stage: all
            points:
              earn:
                - event: order_completed
                  {{where}}
                  {{points}}
            """.Replace("      \n", "\n", StringComparison.Ordinal));
        life.At(0).Does("order_completed", """{"revenue":68}""");
        Assert.Equal(earned, life.State.Decisions.Points.Balance);
        life.At(1).Does("order_refunded", """{"revenue":-68,"raw_revenue":68}""");
        Assert.Equal(0, life.State.Decisions.Points.Balance);
    }

    [Fact]
    public void What_earned_nothing_is_not_taken_back()
    {
        var life = Life.Under("""
            definition: refunds
            currency: CNY
            events:
              order_completed: { revenue: money }
              order_refunded: { revenue: money }
            tracks:
              lifecycle:
                - stage: all
            points:
              earn:
                - event: order_completed
                  where: revenue < 100
                  points: 50
            """);
        life.At(0).Does("order_completed", """{"revenue":500}""").At(1).Does("order_refunded", """{"revenue":"-500"}""");
        Assert.Empty(life.All<PointsEarned>());
    }
}
