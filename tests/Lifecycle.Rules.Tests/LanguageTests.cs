using Lifecycle.Domain;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Tests;

/// <summary>Every construct of the language, bound to what runs.</summary>
public sealed class LanguageTests
{
    private const long Day = 86_400_000;

    [Theory]
    [InlineData("avg(order_completed.revenue)", RuleType.Number)]
    [InlineData("min(order_completed.items)", RuleType.Number)]
    [InlineData("max(order_completed.ships_at)", RuleType.Time)]
    [InlineData("max(video_watched.length)", RuleType.Duration)]
    [InlineData("min(video_watched.made_on)", RuleType.Date)]
    [InlineData("distinct(order_completed.sku)", RuleType.Number)]
    [InlineData("distinct(page_viewed.path in 7 days)", RuleType.Number)]
    [InlineData("weeks(session_start in 28 days)", RuleType.Number)]
    [InlineData("all(order_completed.sku)", RuleType.List)]
    [InlineData("known(all(order_completed.sku in 30 days))", RuleType.Truth)]
    [InlineData("latest(order_completed.ships_at)", RuleType.Time)]
    [InlineData("since(latest(order_completed.ships_at)) > 3 days", RuleType.Truth)]
    [InlineData("typical_gap(order_completed)", RuleType.Duration)]
    [InlineData("since(last(order_completed)) > 2 * default(typical_gap(order_completed), 45 days)", RuleType.Truth)]
    [InlineData("age / 1 day", RuleType.Number)]
    [InlineData("floor(age / 7 days) * 2", RuleType.Number)]
    [InlineData("points >= 100", RuleType.Truth)]
    [InlineData("top(spend, 5%)", RuleType.Truth)]
    [InlineData("not top(mixed, 12.5%)", RuleType.Truth)]
    [InlineData("quantile(spend, 5)", RuleType.Number)]
    [InlineData("quantile(mixed, 100) >= 90", RuleType.Truth)]
    [InlineData("count(stage_changed where track == 'vip' and to == 'gold' and cause == 'event')", RuleType.Number)]
    [InlineData("sum(points_earned.points in 365 days)", RuleType.Number)]
    [InlineData("count([benefit_granted, benefit_revoked] where benefit == 'skip_queue')", RuleType.Number)]
    [InlineData("max(journey_moved.step)", RuleType.Number)]
    [InlineData("latest(action_withheld.because) == 'cap'", RuleType.Truth)]
    [InlineData("count(order_completed where ships_at > event.occurred_at + 3 days)", RuleType.Number)]
    [InlineData("count(order_completed where ships_at - event.occurred_at > 3 days)", RuleType.Number)]
    [InlineData("count(video_watched where length >= 10 minutes and made_on != made_on)", RuleType.Number)]
    [InlineData("count(page_viewed where time_there > 3 minutes)", RuleType.Number)]
    [InlineData("least(min(page_viewed.time_there), 3 minutes)", RuleType.Duration)]
    [InlineData("default(latest(video_watched.made_on), customer.birthday) == customer.birthday", RuleType.Truth)]
    [InlineData("max(page_viewed.opened_at) > customer.renewal_at", RuleType.Truth)]
    [InlineData("default(latest(page_viewed.time_there), 3 minutes)", RuleType.Duration)]
    [InlineData("greatest(3 minutes, latest(page_viewed.time_there), age)", RuleType.Duration)]
    public void Every_construct_has_its_type(string rule, RuleType type) => Assert.Equal(type, Compile("m: " + Quoted(rule)).Metrics[^1].Term.Type);

    public static readonly TheoryData<string, Window> Windows = new()
    {
        { "", Window.Always },
        { "in 36 hours", Window.Sliding(Day * 3 / 2) },
        { "from 60 days to 30 days ago", Window.Sliding(60 * Day, 30 * Day) },
        { "from 60 days to 0 days ago", Window.Sliding(60 * Day) },
        { "in 3 calendar days", Window.Calendar(CalendarUnit.Day, 3) },
        { "in 1 calendar days", Window.Calendar(CalendarUnit.Day) },
        { "today", Window.Calendar(CalendarUnit.Day) },
        { "this week", Window.Calendar(CalendarUnit.Week) },
        { "this month", Window.Calendar(CalendarUnit.Month) },
        { "this quarter", Window.Calendar(CalendarUnit.Quarter) },
        { "this year", Window.Calendar(CalendarUnit.Year) },
        { "in 3 calendar months", Window.Calendar(CalendarUnit.Month, 3) },
        { "in 1 calendar month", Window.Calendar(CalendarUnit.Month) },
        { "last week", Window.Before(CalendarUnit.Week) },
        { "last month", Window.Before(CalendarUnit.Month) },
        { "last quarter", Window.Before(CalendarUnit.Quarter) },
        { "last year", Window.Before(CalendarUnit.Year) },
        { "in first 7 days", Window.First(7 * Day) },
        { "in first 1 week", Window.First(7 * Day) },
        { "in this stage", Window.InStage("lifecycle") },
    };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Every_window_is_the_one_that_is_written(string written, Window window) =>
        Assert.Equal(window, Compile($"m: count(session_start {written})").Aggregates[^1].Window);

    [Fact]
    public void Windows_that_mean_the_same_share_one_slot()
    {
        var release = Compile("a: count(session_start today)", "b: count(session_start in 1 calendar days)", "c: count(session_start in 2 days)",
            "d: count(session_start from 48 hours to 0 seconds ago)");
        Assert.Equal(["count(session_start today)", "count(session_start in 2 days)"],
            release.Aggregates.Skip(Others).Select(aggregate => aggregate.Text));
    }

    /// <summary>The same words in two tracks look at two stages.</summary>
    [Fact]
    public void A_window_of_a_stage_belongs_to_its_track_and_one_of_a_journey_to_its_journey()
    {
        var definition = """
            definition: test
            tracks:
              lifecycle:
                - stage: a
                - stage: b
                  when: count(session_start in this stage) >= 3
                  keep: age < 30 days
              vip:
                - stage: none
                - stage: gold
                  when: count(session_start in this stage) >= 3
                  keep: age < 30 days
            """;
        string Journey(string name) => $"journey: {name}\ntrigger: enter b\nexit: count(session_start in this journey) >= 1\nsteps: [wait: 3 days]\n";
        var release = Written.Compile(definition, Journey("one"), Journey("two"));
        Assert.Equal(["lifecycle", "vip", "one", "two"], release.Aggregates.Select(aggregate => aggregate.Window.Scope));
        Assert.Equal(4, release.Aggregates.Select(aggregate => aggregate.Key).Distinct().Count());
    }

    /// <summary>What nobody declared is read as the rule around it wants, in every rule by itself.</summary>
    [Fact]
    public void An_undeclared_property_may_be_a_text_here_and_a_number_there()
    {
        var release = Compile("a: latest(page_viewed.place) == 'top'", "b: latest(page_viewed.place) > 3", "c: latest(page_viewed.place) in [1, 2]");
        Assert.Equal([RuleType.Text, RuleType.Number], release.Aggregates.Skip(Others).Select(aggregate => aggregate.PropertyType));
    }

    [Fact]
    public void An_aggregate_knows_whether_it_is_over_facts()
    {
        var release = Compile("a: count([points_earned, points_expired])", "b: count(any)");
        Assert.Equal([true, false], release.Aggregates.Skip(Others).Select(aggregate => aggregate.OverFacts));
    }

    [Fact]
    public void A_typical_gap_is_an_aggregate_over_one_event()
    {
        var aggregate = Compile("m: typical_gap(order_completed)", "n: typical_gap('order_completed')").Aggregates[Others];
        Assert.Equal((AggregateKind.TypicalGap, "typical_gap(order_completed)", Window.Always), (aggregate.Kind, aggregate.Text, aggregate.Window));
        Assert.Equal("order_completed", Assert.Single(aggregate.Events));
    }

    /// <summary>A cut outlives the release that asked for it, so its key says all that it is made of.</summary>
    [Fact]
    public void Cuts_are_shared_by_what_they_are_made_of()
    {
        var release = Compile("a: top(spend, 5%)", "b: top(spend, 5.0%)", "c: top(spend, 10%)", "d: sum(order_completed.revenue in 12 weeks) + 1",
            "e: top(d, 5%)", "f: d", "g: top(f, 5%)", "h: quantile(spend, 5)", "i: quantile(spend, 5) + quantile(f, 10)");
        Assert.Equal(
            [
                "top(sum(order_completed.revenue), 5%)", "top(sum(order_completed.revenue), 10%)", "top(sum(order_completed.revenue in 84 days) + 1, 5%)",
                "quantile(sum(order_completed.revenue), 5)", "quantile(sum(order_completed.revenue in 84 days) + 1, 10)",
            ],
            release.Cuts.Select(threshold => threshold.Key));
        Assert.Equal([0.05m, 0.1m, 0.05m, 0m, 0m], release.Cuts.Select(threshold => threshold.Share));
        Assert.Equal([0, 0, 0, 5, 10], release.Cuts.Select(threshold => threshold.Tiles));
        Assert.Equal(2, release.Cuts.Select(threshold => threshold.Ranked).Distinct().Count());
    }

    [Fact]
    public void Points_are_earned_by_rules_and_expire()
    {
        var points = Written.Compile("""
            definition: test
            events:
              order_completed: { revenue: number, sku: text }
            tracks:
              vip: [stage: none]
            points:
              earn:
                - event: order_completed
                  where: revenue >= 10
                  points: floor(trigger.revenue * 10)
                - event: page_viewed
                  points: 1 + trigger.depth
              expire: 1 week
            """).Points!;
        Assert.Equal(7 * Day, points.Expire);
        Assert.Equal(["order_completed", "page_viewed"], points.Earn.Select(rule => rule.Event));
        Assert.Equal(["revenue >= 10", null], points.Earn.Select(rule => rule.Where?.Text));
        Assert.Equal(["floor(trigger.revenue * 10)", "1 + trigger.depth"], points.Earn.Select(rule => rule.Points.Text));
        Assert.Null(Compile().Points!.Expire);
        Assert.Null(Written.Compile("definition: test\n").Points);
    }

    [Fact]
    public void A_stage_has_benefits_and_a_grace()
    {
        var release = Written.Compile("""
            definition: test
            tracks:
              vip:
                - stage: none
                - stage: gold
                  when: age >= 1 day
                  benefits: [skip_queue, gold_mount]
                  grace: 30 days
                - stage: platinum
                  when: age >= 2 days
                  benefits: skip_queue
            """);
        var stages = release.Tracks[0].Stages;
        Assert.Equal(["", "skip_queue gold_mount", "skip_queue"], stages.Select(stage => string.Join(' ', stage.Benefits)));
        Assert.Equal([0, 30 * Day, 0], stages.Select(stage => stage.Grace));
    }

    [Fact]
    public void The_language_s_own_example_compiles()
    {
        var release = Written.Compile(Example.Definition);
        Assert.Equal(("tianxia", 2, 9), (release.Name, release.Tracks.Length, release.Metrics.Length));
        Assert.Equal("skip_queue gold_mount", string.Join(' ', release.FindTrack("vip")!.Find("gold")!.Benefits));
        Assert.True(Assert.Single(release.Aggregates, aggregate => aggregate.OverFacts).Text == "sum(points_earned.points in 365 days)");
        Assert.Equal(365 * Day, release.Points!.Expire);
    }

    /// <summary>Metrics that double each other make a small text a rule of a million parts.</summary>
    [Fact]
    public void What_a_rule_is_made_of_is_bounded_with_its_metrics()
    {
        var doubling = Enumerable.Range(1, 30).Select(i => $"m{i}: m{i - 1} + m{i - 1}").Prepend("m0: 1").ToArray();
        Assert.Contains(Written.Read(Written.WithMetrics(doubling)).Errors, error => error.Code == "limit"
            && error.Message.Contains("1000", StringComparison.Ordinal));
        var deep = Enumerable.Range(1, 45).Select(i => $"m{i}: {string.Concat(Enumerable.Repeat("-", 40))}m{i - 1}").Prepend("m0: 1").ToArray();
        Assert.Contains(Written.Read(Written.WithMetrics(deep)).Errors, error => error.Code == "limit");
    }

    /// <summary>What the metrics that every definition here has bring along.</summary>
    private static int Others => Compile().Aggregates.Length;

    private static Release Compile(params string[] metrics) => Written.Compile(
        Written.WithMetrics(["spend: sum(order_completed.revenue)",
            "mixed: spend + 2 * max(order_completed.items) - default(avg(page_viewed.seconds), 0)", .. metrics])
            .Replace("  session_start: {}", "  session_start: {}\n  video_watched: { length: duration, made_on: date }", StringComparison.Ordinal)
        + "points:\n  earn:\n    - { event: order_completed, points: trigger.items }\n");

    private static string Quoted(string rule) => $"\"{rule}\"";
}
