using Lifecycle.Definitions;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Tests;

public sealed class BindingTests
{
    [Theory]
    [InlineData("count(order_completed)", RuleType.Number)]
    [InlineData("sum(order_completed.revenue in 30 days)", RuleType.Number)]
    [InlineData("last(session_start)", RuleType.Time)]
    [InlineData("since(last(session_start))", RuleType.Duration)]
    [InlineData("latest(order_completed.sku)", RuleType.Text)]
    [InlineData("latest(order_completed.items) * 2", RuleType.Number)]
    [InlineData("latest(order_completed.gift)", RuleType.Truth)]
    [InlineData("age * 2", RuleType.Duration)]
    [InlineData("2 * age", RuleType.Duration)]
    [InlineData("age / 2", RuleType.Duration)]
    [InlineData("customer.renewal_at - 7 days", RuleType.Time)]
    [InlineData("last(session_start) - first(session_start)", RuleType.Duration)]
    [InlineData("customer.birthday", RuleType.Date)]
    [InlineData("known(customer.renewal_at)", RuleType.Truth)]
    [InlineData("greatest(age, 3 days)", RuleType.Duration)]
    [InlineData("percent_change(1, 2)", RuleType.Number)]
    [InlineData("mod(count(order_completed), 7)", RuleType.Number)]
    [InlineData("median(order_completed.revenue in 90 days)", RuleType.Number)]
    [InlineData("default(latest(order_completed.sku), 'none')", RuleType.Text)]
    [InlineData("customer.vip", RuleType.Truth)]
    [InlineData("stage in [decline, stability] and stage.vip != gold", RuleType.Truth)]
    [InlineData("count(page_viewed where path == '/home' and seconds > 5)", RuleType.Number)]
    [InlineData("count(any in 7 days)", RuleType.Number)]
    [InlineData("latest(page_viewed.seconds) > 5", RuleType.Truth)]
    [InlineData("40% < 0.5", RuleType.Truth)]
    public void An_expression_has_the_type_that_its_parts_give(string rule, RuleType type) =>
        Assert.Equal(type, Written.Compile(Written.WithMetric(rule)).Metrics[0].Term.Type);

    [Fact]
    public void Aggregates_that_ask_for_the_same_share_one_slot()
    {
        var release = Written.Compile(Written.WithMetrics("a: count(session_start in 1 week)", "b: count(session_start in 7 days) + 1",
            "c: count(session_start in 168 hours)",
            "d: count(session_start in 8 days)", "e: days(session_start in 7 days)", "f: count(order_completed in 7 days where revenue >= 5.0)",
                "g: count(order_completed in 7 days where (revenue >= 5))"));
        Assert.Equal(["count(session_start in 7 days)", "count(session_start in 8 days)", "days(session_start in 7 days)",
            "count(order_completed in 7 days where revenue >= 5)"],
            release.Aggregates.Select(aggregate => aggregate.Text));
        Assert.Equal(Enumerable.Range(0, 4), release.Aggregates.Select(aggregate => aggregate.Slot));
    }

    [Fact]
    public void An_aggregate_is_bound_with_all_that_is_said_of_it()
    {
        var aggregate = Assert.Single(Written.Compile(Written.WithMetric("sum([order_completed, order_refunded].revenue from 60 days to 30 days ago where revenue > 1)")
).Aggregates);
        Assert.Equal((AggregateKind.Sum, true), (aggregate.Kind, aggregate.IsMoney));
        Assert.Equal(("order_completed order_refunded", "revenue"), (string.Join(' ', aggregate.Events), string.Join(' ', aggregate.Property)));
        Assert.Equal(Window.Sliding(60L * 86_400_000, 30L * 86_400_000), aggregate.Window);
        Assert.Equal("revenue > 1", aggregate.Where!.Text);
    }

    [Fact]
    public void Any_event_is_over_no_list_of_names() =>
        Assert.Empty(Assert.Single(Written.Compile(Written.WithMetric("count(any)")).Aggregates).Events);

    [Fact]
    public void Metrics_may_be_listed_in_any_order()
    {
        var release = Written.Compile(Written.WithMetrics("a: b + 1", "b: count(session_start)"));
        Assert.Equal(["a", "b"], release.Metrics.Select(metric => metric.Name));
    }

    [Fact]
    public void A_stage_has_its_thresholds_holds_and_stays()
    {
        var release = Written.Compile("""
            definition: test
            tracks:
              lifecycle:
                - stage: a
                  title: Start
                - stage: b
                  title: { zh: 乙, en: Bee }
                  group: g
                  from: [a, g]
                  when: age >= 3 days
                  keep: age >= 2 days
                  confirm: 12 hours
                  minimum stay: 1 week
                - stage: c
                  group: g
                  when: stage == g and age >= 5 days
                  keep: age >= 1 day
            """);
        var stage = release.Tracks[0].Stages[1];
        Assert.Equal(("b", 1, "g", 43_200_000L, 604_800_000L), (stage.Name, stage.Index, stage.Group, stage.Confirm, stage.MinimumStay));
        Assert.Equal("a c", string.Join(' ', stage.From!.Value));
        Assert.Equal(("age >= 3 days", "age >= 2 days"), (stage.When!.Text, stage.Keep!.Text));
        Assert.Equal("乙", stage.Titles["zh"]);
        Assert.Equal("Start", release.Tracks[0].First.Titles["en"]);
        Assert.Null(release.Tracks[0].First.From);
    }

    [Theory]
    [InlineData("enter decline", "lifecycle", "at_risk lapsed", true)]
    [InlineData("leave stability", "lifecycle", "stability", false)]
    [InlineData("enter gold", "vip", "gold", true)]
    [InlineData("enter vip.gold", "vip", "gold", true)]
    public void A_trigger_means_a_stage_or_all_of_a_group(string trigger, string track, string stages, bool entering)
    {
        var journey = Assert.Single(Written.Compile(Written.WithMetrics(), $"journey: j\ntrigger: {trigger}\nsteps: [end]\n").Journeys);
        Assert.Equal((track, stages, entering), (journey.Trigger.Track, string.Join(' ', journey.Trigger.Stages), journey.Trigger.Entering));
    }

    [Fact]
    public void A_channel_may_have_several_caps()
    {
        var settings = "settings: test\ncaps: { webhook: 1 in 24 hours, email: [1 in 1 day, 3 in 7 days] }\n";
        var release = ReleaseReader.Read(new ReleaseText(Written.WithMetrics(), [], settings), 1).Release!;
        Assert.Equal([("webhook", 1), ("email", 1), ("email", 3)], release.Caps.Select(cap => (cap.Channel, cap.Requests)));
    }

    [Fact]
    public void A_definition_has_limits()
    {
        Assert.Contains(Written.Read(Written.WithMetrics([.. Enumerable.Range(0, 201).Select(i => $"m{i}: 1")])).Errors, error =>
            error.Message == "more than 200 metrics");
        Assert.Empty(Written.Read(Written.WithMetrics([.. Enumerable.Range(0, 200).Select(i => $"m{i}: 1")])).Errors);
        var stages = string.Concat(Enumerable.Range(0, 51).Select(i => $"    - stage: s{i}\n      when: age >= 1 day\n"));
        Assert.Contains(Written.Read("definition: test\ntracks:\n  t:\n" + stages).Errors, error => error.Message == "more than 50 stages");
        Assert.Contains("65536", Assert.Single(Written.Read("definition: " + new string('x', 70_000)).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_metrics_is_refused_not_followed_without_end()
    {
        var chain = Enumerable.Range(0, 199).Select(i => $"m{i}: m{i + 1} + 1").Append("m199: 1").ToArray();
        Assert.Contains(Written.Read(Written.WithMetrics(chain)).Errors, error => error.Code == "limit");
    }
}
