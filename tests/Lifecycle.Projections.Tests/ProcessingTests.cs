using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Replaying;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class ProcessingTests
{
    private static readonly LogOptions Quick = new()
    {
        Shards = 4, LeaseTime = Duration.FromMilliseconds(600), LeaseRenewal = Duration.FromMilliseconds(150),
    };

    private static readonly Duration Patience = Duration.FromSeconds(20);

    [Fact]
    public async Task Two_processes_share_the_shards_and_one_that_dies_is_replaced()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 4);
        await using var first = await StartAsync(shop);
        await using var second = await StartAsync(shop);
        var seen = await SendAsync(shop, 0);
        Assert.True(await shop.Progress.WaitAsync(seen, Patience));
        await first.DieAsync();
        seen = await SendAsync(shop, 100);
        Assert.True(await shop.Progress.WaitAsync(seen, Patience));
        Assert.Equal([0, 1, 2, 3], second.Shards);
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
        Assert.Equal(40, await shop.CountAsync("span where track = 'lifecycle' and ordinal = 0"));
    }

    [Fact]
    public async Task Drained_shards_are_free_at_once()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 4);
        await using var first = await StartAsync(shop);
        Assert.Equal(4, first.Shards.Count);
        await first.Processing.DrainAsync();
        await using var second = await StartAsync(shop);
        Assert.Equal(4, second.Shards.Count);
    }

    [Fact]
    public async Task Paused_processing_keeps_its_leases_and_goes_on_where_it_was()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 4);
        await using var process = await StartAsync(shop);
        await process.Processing.PauseAsync();
        var seen = await SendAsync(shop, 0);
        Assert.False(await shop.Progress.WaitAsync(seen, Quick.LeaseTime * 2));
        Assert.Equal(4, process.Shards.Count);
        await process.Processing.ResumeAsync();
        Assert.True(await shop.Progress.WaitAsync(seen, Patience));
    }

    private static async Task<IReadOnlyDictionary<int, long>> SendAsync(ProjectionShop shop, int from)
    {
        var outcomes = await shop.SendAsync([.. Enumerable.Range(from, 20).Select(i => shop.Order($"customer {i}"))]);
        return outcomes.GroupBy(outcome => outcome.Shard).ToDictionary(shard => shard.Key, shard => shard.Max(outcome => outcome.Position));
    }

    private static Task<OneProcess> StartAsync(ProjectionShop shop) => OneProcess.StartAsync(shop, Quick, placement: Duration.FromMilliseconds(50));
}
