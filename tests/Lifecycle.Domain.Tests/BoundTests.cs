using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>What is remembered is bounded by its kind: exact as long as it can be, said to be approximate beyond, and never more than 64 KiB.</summary>
public sealed class BoundTests
{
    private const int StateMax = 64 * 1024;

    [Fact]
    public void Days_are_counted_beyond_five_hundred()
    {
        var life = Life.Under("""
            definition: x
            metrics: { active: days(session_start in 730 days) }
            tracks:
              lifecycle:
                - stage: new
                - stage: faithful
                  when: active >= 600
            """);
        for (var day = 0; day < 700; day++) life.At(day).Does("session_start");
        Assert.Equal(700, Number(life, 699));
        life.Is("faithful").Since(599);
        Assert.All(life.State.History.Series, series => Assert.False(series.Approximate));
    }

    [Theory]
    [InlineData("max(w.v)")]
    [InlineData("max(w.v in 730 days)")]
    public void The_greatest_of_seven_hundred_falling_values_is_the_first(string metric)
    {
        var life = Under(metric);
        for (var day = 0; day < 700; day++) life.At(day).Does("w", $$"""{"v":{{1200 - day}}}""");
        Assert.Equal(1200, Number(life, 699));
        Assert.Equal(metric == "max(w.v)" ? 1 : 700, life.State.History.Series[0].Count);
    }

    [Theory]
    [InlineData("distinct(w.v)", 4096)]
    [InlineData("distinct(w.t)", 4096)]
    [InlineData("distinct(w.t in 10000 days)", 4096)]
    [InlineData("days(w)", 4096)]
    [InlineData("days(w in 10000 days)", 4096)]
    [InlineData("min(w.v in 10000 days)", 1)]
    [InlineData("max(w.u in 10000 days)", 5000)]
    [InlineData("count(w)", 5000)]
    [InlineData("sum(w.v)", 5000 * 4999 / 2)]
    public void Five_thousand_of_a_kind_fit_into_a_state_and_what_is_no_longer_exact_is_said_to_be(string metric, int exactUpTo)
    {
        var life = Under(metric);
        for (var day = 0; day < 5000; day++) life.At(day).Does("w", $$"""{"v":{{day}},"u":{{5000 - day}},"t":"text {{day}}"}""");
        var (series, bytes) = (life.State.History.Series[0], StateCodec.Write(life.State));
        Assert.InRange(bytes.Length, 1, StateMax);
        Assert.InRange(series.Bytes, 1, StateMax);
        Assert.Equal(bytes, StateCodec.Write(StateCodec.Read(bytes, MachineRun.Customer)));
        if (!series.Approximate) Assert.Equal(metric.StartsWith("min", StringComparison.Ordinal) ? 0 : metric.Contains(".u", StringComparison.Ordinal) ? 5000 : exactUpTo, Number(life, 4999));
        Assert.Equal(exactUpTo == 4096 || metric.Contains(".u", StringComparison.Ordinal) || metric.Contains("min", StringComparison.Ordinal), series.Approximate);
    }

    [Fact]
    public void The_largest_series_is_shortened_first_when_all_are_more_than_fits()
    {
        var metrics = string.Join('\n', Enumerable.Range(0, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"  m{i}: count(w in {i + 1} days) + 0 * sum(w.v in {i + 1} days)")));
        var life = Life.Under($"definition: x\nevents: {{ w: {{ v: number }}, seldom: {{}} }}\nmetrics:\n{metrics}\n  rare: count(seldom in 30 days)\ntracks:\n  lifecycle:\n    - stage: a\n");
        life.At(0).Does("seldom");
        for (var i = 0; i < 500; i++) life.At(0.001 * i).Does("w", $$"""{"v":{{i}}}""");
        Assert.InRange(StateCodec.Write(life.State).Length, 1, StateMax);
        Assert.Contains(life.State.History.Series, series => series.Approximate);
        Assert.False(life.State.History.Series[^1].Approximate);
        Assert.Equal(500, life.Release.Metrics[3].Term.Evaluate(life.Release.Read(life.State, Life.Day(0.5))).Magnitude);
    }

    [Fact]
    public void A_series_says_how_many_bytes_it_takes()
    {
        var life = Under("distinct(w.t in 100 days) + max(w.u in 100 days) + sum(w.v in 100 days)");
        for (var i = 0; i < 400; i++)
        {
            life.At(i * 0.1).Does("w", $$"""{"v":{{i}}.25,"u":{{5000 - i}},"t":"text {{i}}"}""");
            var before = StateCodec.Write(life.State).Length;
            var series = life.State.History.Series.Sum(each => each.Bytes);
            Assert.InRange(before - series, -400 * 12, 200);
        }
    }

    [Fact]
    public void The_points_of_a_day_are_one_lot_and_expire_together()
    {
        var life = Life.Under("""
            definition: x
            zone: UTC
            events: { w: {} }
            tracks:
              lifecycle:
                - stage: a
            points:
              earn:
                - event: w
                  points: 1
              expire: 60 days
            """);
        for (var i = 0; i < 2000; i++)
        {
            life.At(i * 0.1).Does("w");
            if (i >= 650) Assert.InRange(life.State.Decisions.Points.Balance, 600, 610);
        }
        Assert.InRange(life.State.Decisions.Points.Lots.Count, 60, 61);
        life.Until(400);
        Assert.Equal(0, life.State.Decisions.Points.Balance);
        Assert.Equal(2000, life.All<PointsExpired>().Sum(expired => expired.Points));
    }

    private static Life Under(string metric) => Life.Under($$"""
        definition: x
        events: { w: { v: number, u: number, t: text } }
        metrics:
          m: {{metric}}
        tracks:
          lifecycle:
            - stage: a
        """);

    private static decimal Number(Life life, double day) => life.Release.Metrics[0].Term.Evaluate(life.Release.Read(life.State, Life.Day(day))).Magnitude;
}
