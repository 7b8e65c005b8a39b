using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>What rules make of the values that part all customers of a tenant.</summary>
public sealed class RankingTests
{
    private const string Tiled = """
        definition: shop
        metrics:
          orders: count(order_completed)
          fifth: quantile(orders, 5)
        tracks:
          recency:
            - stage: low
              when: fifth < 4
            - stage: high
              when: fifth >= 4
              keep: fifth >= 3
          other:
            - stage: few
            - stage: many
              when: orders >= 3
        """;

    private const string Key = "quantile(count(order_completed), 5)";

    [Theory]
    [InlineData(0.05, 0, 100, "96")]
    [InlineData(0.05, 0, 101, "96")]
    [InlineData(0.05, 0, 1, "1")]
    [InlineData(0.5, 0, 4, "3")]
    [InlineData(0.05, 0, 40, "39")]
    [InlineData(0.05, 0, 0, "")]
    [InlineData(0, 5, 10, "2 4 6 8")]
    [InlineData(0, 4, 10, "3 5 8")]
    [InlineData(0, 5, 2, "1 1 2 2")]
    [InlineData(0, 5, 1, "1 1 1 1")]
    [InlineData(0, 2, 0, "")]
    public void Cut_points_lie_at_the_ranks_to_which_the_shares_of_all_round_up(double share, int tiles, long customers, string ranks)
    {
        var threshold = new TopThreshold("key", "orders", new Metric("orders", new ConstantTerm(Value.Of(1m), "1")), (decimal)share, tiles);
        Assert.Equal(ranks, string.Join(' ', threshold.RanksAmong(customers)));
    }

    [Fact]
    public void A_tile_is_one_more_than_the_cut_points_strictly_below()
    {
        var life = Life.Under(Tiled);
        life.At(0).Does("order_completed").Does("order_completed").Does("order_completed");
        var day = 1;
        foreach (var (points, stage) in new[] { ("1 1 1 3", "high"), ("0 3 3 3", "low"), ("0 1 2 3", "high"), ("3 3 3 3", "low"), ("0 0 1 2", "high") })
        {
            life.At(day++).TakesShardInput(Counted(points));
            Assert.Equal(stage, life.State.Decisions.In("recency")!.Stage);
        }
    }

    [Fact]
    public void A_track_rests_until_all_it_compares_was_counted_and_other_tracks_do_not()
    {
        var life = Life.Under(Tiled.Replace("when: fifth < 4", "when: orders < 1", StringComparison.Ordinal).Replace("fifth >= 4", "fifth >= 4 or orders >= 3", StringComparison.Ordinal));
        life.At(0).Does("order_completed").Does("order_completed").Does("order_completed").Is("low", "recency").Is("many", "other");
        life.At(1).TakesShardInput(new CutPointsComputed([new CutPoints("another question", 3, [1m])])).Is("low", "recency");
        // That it was counted is enough, be it that nobody had a value.
        life.At(2).TakesShardInput(new CutPointsComputed([new CutPoints(Key, 0, [])])).Is("high", "recency").Since(2, "recency");
    }

    [Fact]
    public void A_release_that_asks_anew_brings_the_answer_and_demotes_nobody()
    {
        var before = Tiled.Replace("fifth: quantile(orders, 5)", "fifth: orders", StringComparison.Ordinal);
        var life = Life.Under(before);
        for (var i = 0; i < 5; i++) life.At(i).Does("order_completed");
        life.Is("high", "recency").At(6).PublishesCounted(Tiled, [new CutPoints(Key, 10, [1m, 2m, 3m, 4m])]).Is("high", "recency");
        // What the next release asks too stands; what it does not is forgotten.
        life.At(7).Publishes(Tiled).Is("high", "recency");
        Assert.True(life.State.Decisions.Cuts.ContainsKey(Key));
        life.At(8).Publishes(before).Is("high", "recency");
        Assert.Empty(life.State.Decisions.Cuts);
    }

    [Fact]
    public void Values_are_compared_by_nine_decimals()
    {
        var life = Life.Under("""
            definition: shop
            currency: EUR
            events: { order_completed: { revenue: money } }
            metrics: { mean: avg(order_completed.revenue) }
            tracks:
              value:
                - stage: ordinary
                - stage: best
                  when: top(mean, 50%)
            """);
        foreach (var revenue in new[] { 1, 1, 0 }) life.At(0).Does("order_completed", $$"""{"revenue":{{revenue}},"currency":"EUR"}""");
        var threshold = life.Release.Cuts.Single();
        Assert.Equal(0.666666667m, threshold.Measure(life.Release.Read(life.State, life.State.Clock)));
        life.At(1).TakesShardInput(new CutPointsComputed([new CutPoints(threshold.Key, 1, [0.666666667m])])).Is("best", "value");
    }

    private static CutPointsComputed Counted(string points) =>
        new([new CutPoints(Key, 10, [.. points.Split(' ').Select(point => decimal.Parse(point, System.Globalization.CultureInfo.InvariantCulture))])]);
}
