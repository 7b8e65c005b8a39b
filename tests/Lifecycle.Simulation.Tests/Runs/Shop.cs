using Lifecycle.Definitions;
using Lifecycle.EventLog;
using Lifecycle.Projections;

namespace Lifecycle.Simulation.Tests;

/// <summary>What is simulated: customers who decline after 20 seconds without an order and are then written to, twice.</summary>
internal static class Shop
{
    public const string WriteKey = "lc_write_simulation";

    public static readonly ReleaseText Release = new(
        """
        definition: hasty-shop
        zone: UTC
        currency: USD
        events:
          order_completed: { revenue: money }
        metrics:
          purchases: count(order_completed)
          revenue: sum(order_completed.revenue)
          idle: default(since(last(order_completed)), age)
        tracks:
          lifecycle:
            - stage: newcomer
            - stage: regular
              when: purchases >= 2
            - stage: decline
              when: idle >= 20 seconds
              keep: idle >= 8 seconds
            - stage: lost
              when: idle >= 50 seconds
              keep: idle >= 8 seconds
          vip:
            - stage: plain
              when: revenue < 100
            - stage: gold
              when: revenue >= 100

        """,
        [
            """
            journey: win-back
            kind: win-back
            trigger: enter decline
            again: always
            exit: stage != decline
            steps:
              - send: { channel: webhook, template: miss-you }
              - wait: 10 seconds
              - send: { channel: webhook, template: miss-you-still }

            """,
        ], null);

    /// <summary>What some runs publish later: other thresholds, a stage less and a stage more, and a metric over what was decided before.</summary>
    public static readonly ReleaseText NextRelease = Release with
    {
        Definition = Release.Definition.Replace("metrics:", "metrics:\n  declines: count(stage_changed where to == 'decline')", StringComparison.Ordinal)
            .Replace("idle >= 20 seconds", "idle >= 14 seconds", StringComparison.Ordinal).Replace("- stage: lost", "- stage: gone", StringComparison.Ordinal)
            .Replace("idle >= 50 seconds", "idle >= 35 seconds or (declines >= 2 and idle >= 9 seconds)", StringComparison.Ordinal)
            .Replace("revenue < 100", "revenue < 60", StringComparison.Ordinal).Replace("revenue >= 100", "revenue >= 60", StringComparison.Ordinal),
    };

    public static readonly string ReleaseJson = Release.ToJson();

    /// <summary>The releases, compiled once for all runs: that takes longer than the rest of a run.</summary>
    public static readonly Releases Releases = new(new LogDatabase(new FakeSource(_ => Task.FromResult<IReadOnlyList<Answer>>(
        [Answer.Of([[1, Release.Hash, ReleaseJson, DateTime.UnixEpoch], [2, NextRelease.Hash, NextRelease.ToJson(), DateTime.UnixEpoch]])])), Server.Options));
}
