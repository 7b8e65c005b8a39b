using Lifecycle.Definitions;
using Lifecycle.EventLog.Database;
using Lifecycle.Projections.Releases;
using Lifecycle.Simulation.Tests.Store;
using Lifecycle.Simulation.Tests.World;
using NodaTime;

namespace Lifecycle.Simulation.Tests.Runs;

/// <summary>What is simulated: customers who decline after 20 seconds without an order and are then written to, twice.</summary>
internal sealed class SimulatedShop
{
    public const string WriteKey = "lc_write_simulation";

    /// <summary>Beginning and end of a day of the shop that asks for its top.</summary>
    public static readonly Instant Midnight = Instant.FromDateTimeUtc(SimulatedWorld.Usual);

    private static readonly ReleaseText Hasty = new(
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
              keep: idle >= 8 seconds and count(order_completed in this stage) == 0
          card:
            - stage: filling
              when: purchases - 3 * floor(purchases / 3) != 0
            - stage: full
              when: purchases - 3 * floor(purchases / 3) == 0 and purchases > 0
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
            exit: stage != decline or count(order_completed in this journey) >= 1
            steps:
              - send: { channel: webhook, template: miss-you }
              - wait: 10 seconds
              - send: { channel: webhook, template: miss-you-still }

            """,
        ], null);

    public static readonly SimulatedShop Plain = new(Hasty);

    /// <summary>Gold are those who spend most, counted at a midnight that comes soon after a run has begun.</summary>
    public static readonly SimulatedShop WithTop = new(Hasty with
    {
        Definition = Hasty.Definition.Replace("zone: UTC", "zone: Etc/GMT+8", StringComparison.Ordinal).Replace("revenue < 100", "revenue >= 0", StringComparison.Ordinal)
            .Replace("when: revenue >= 100", "when: revenue >= 100 or top(revenue, 30%)\n      keep: revenue >= 100 or quantile(revenue, 5) >= 3", StringComparison.Ordinal),
    });

    private SimulatedShop(ReleaseText first)
    {
        (First, Next) = (first, Later(first));
        Releases = new ReleaseStore(new LogDatabase(new FakeSource(_ => Task.FromResult<IReadOnlyList<Answer>>(
            [Answer.Of([[1, First.Hash, First.ToJson(), DateTime.UnixEpoch], [2, Next.Hash, Next.ToJson(), DateTime.UnixEpoch]])])), SimulatedServer.Options));
    }

    public ReleaseText First { get; }

    /// <summary>What some runs publish later.</summary>
    public ReleaseText Next { get; }

    public bool AsksForTop => ReferenceEquals(this, WithTop);

    /// <summary>The releases, compiled once for all runs: that takes longer than the rest of a run.</summary>
    public ReleaseStore Releases { get; }

    /// <summary>Other thresholds, a stage less and a stage more, and a metric over what was decided before.</summary>
    private static ReleaseText Later(ReleaseText first) => first with
    {
        Definition = first.Definition.Replace("metrics:", "metrics:\n  declines: count(stage_changed where to == 'decline')", StringComparison.Ordinal)
            .Replace("idle >= 20 seconds", "idle >= 14 seconds", StringComparison.Ordinal).Replace("- stage: lost", "- stage: gone", StringComparison.Ordinal)
            .Replace("idle >= 50 seconds", "idle >= 35 seconds or (declines >= 2 and idle >= 9 seconds)", StringComparison.Ordinal)
            .Replace("revenue < 100", "revenue < 60", StringComparison.Ordinal).Replace("revenue >= 100", "revenue >= 60", StringComparison.Ordinal)
            .Replace("30%", "40%", StringComparison.Ordinal),
    };
}
