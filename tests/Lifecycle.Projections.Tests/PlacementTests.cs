using Lifecycle.Projections.Processing;

namespace Lifecycle.Projections.Tests;

public sealed class PlacementTests
{
    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 2)]
    [InlineData(16, 3)]
    [InlineData(16, 5)]
    [InlineData(64, 8)]
    [InlineData(2, 5)]
    public void Every_shard_has_one_place_and_the_shares_differ_by_one_at_most(int shards, int processes)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var placement = Placement.Of(shards, Some(processes, seed));
            Assert.Equal(shards, placement.Count);
            var shares = Some(processes, seed).Select(process => placement.Count(holder => holder == process)).ToList();
            Assert.Equal(shards, shares.Sum());
            Assert.InRange(shares.Max() - shares.Min(), 0, 1);
        }
    }

    [Fact]
    public void All_who_see_the_same_processes_agree_in_whatever_order_they_see_them()
    {
        var processes = Some(5, seed: 1);
        Assert.Equal(Placement.Of(64, processes), Placement.Of(64, [.. processes.Reverse()]));
    }

    [Fact]
    public void Nobody_holds_anything_where_nobody_is() => Assert.Empty(Placement.Of(16, []));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Who_comes_or_goes_moves_little_beyond_their_own_share(int processes)
    {
        const int shards = 64, cases = 50;
        var moved = 0;
        for (var seed = 0; seed < cases; seed++)
        {
            var all = Some(processes, seed);
            var (with, without) = (Placement.Of(shards, all), Placement.Of(shards, all[1..]));
            moved += Enumerable.Range(0, shards).Count(shard => with[shard] != without[shard]);
        }
        // The share itself has to move. Half as much again is what even numbers cost at most.
        var share = (double)cases * shards / processes;
        Assert.InRange(moved / share, 0.9, 1.5);
    }

    private static Guid[] Some(int count, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[16];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            random.NextBytes(bytes);
            return new Guid(bytes);
        })];
    }
}
