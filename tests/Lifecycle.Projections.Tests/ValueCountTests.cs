using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Projections.Thresholds;

namespace Lifecycle.Projections.Tests;

/// <summary>Counts of several shards come to what one count of all would.</summary>
public sealed class ValueCountTests
{
    private static readonly TopThreshold[] Cuts = [Top(0.05m), Top(0.5m), Tiles(4), Tiles(100)];

    [Fact]
    public void Merged_counts_answer_as_the_sorted_list_of_all_does()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var values = Enumerable.Range(0, random.Next(400)).Select(_ => Draw(random)).ToList();
            var shards = values.GroupBy(_ => random.Next(5)).Select(part => ValueCounts.Write(part)).Append(ValueCounts.Write([])).ToList();
            var sorted = values.Order().ToList();
            foreach (var (threshold, points) in Cuts.Zip(ValueCounts.Answer(Cuts, shards)))
            {
                Assert.Equal((threshold.Key, (long)values.Count), (points.Cut, points.Customers));
                Assert.Equal(threshold.RanksAmong(values.Count).Select(rank => sorted[(int)rank - 1]), points.Values.AsEnumerable());
            }
        }
    }

    [Fact]
    public void A_value_has_one_form()
    {
        var points = ValueCounts.Answer([Top(0.5m)], [ValueCounts.Write([26.30m]), ValueCounts.Write([26.3m])]);
        Assert.Equal("26.3", $"{points[0].Values[0]}");
    }

    [Fact]
    public void Amounts_and_counts_take_few_bytes()
    {
        var random = new Random(1);
        Assert.True(ValueCounts.Write(Enumerable.Range(0, 10_000).Select(_ => random.Next(1_000_000) / 100m)).Length < 4 * 10_000);
        Assert.True(ValueCounts.Write(Enumerable.Range(0, 10_000).Select(_ => (decimal)random.Next(50))).Length < 200);
    }

    private static decimal Draw(Random random) => random.Next(7) switch
    {
        0 => 0,
        1 => random.Next(-5, 5),
        2 => random.Next(-100_000, 100_000) / 100m,
        3 => decimal.Round((decimal)random.NextDouble(), 9),
        4 => 9_999_999_999_999_999_999.999999999m * (random.Next(2) == 0 ? 1 : -1),
        5 => 79_228_162_514_264_337_593_543_950_335m * (random.Next(2) == 0 ? 1 : -1),
        _ => 0.000000001m * random.Next(-3, 3),
    };

    private static TopThreshold Top(decimal share) => new($"top {share}", "metric", Metric, share);

    private static TopThreshold Tiles(int tiles) => new($"quantile {tiles}", "metric", Metric, 0, tiles);

    private static readonly Metric Metric = new("metric", new ConstantTerm(Value.Of(1m), "1"));
}
