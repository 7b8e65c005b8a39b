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

    public static readonly string ReleaseJson = Release.ToJson();

    /// <summary>The release, compiled once for all runs: that takes longer than the rest of a run.</summary>
    public static readonly Releases Releases = new(new LogDatabase(new FakeSource(_ => Task.FromResult<IReadOnlyList<Answer>>(
        [Answer.Row(1, Release.Hash, ReleaseJson, DateTime.UnixEpoch)])), Server.Options));
}
