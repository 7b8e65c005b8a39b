using Lifecycle.EventLog;
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
        await using var shop = await Shop.OpenAsync(shards: 4);
        await using var first = await StartAsync(shop);
        await using var second = await StartAsync(shop);
        Assert.Equal(2, first.Processing.HeldShards.Count);
        Assert.Equal([0, 1, 2, 3], first.Processing.HeldShards.Concat(second.Processing.HeldShards).Order());

        var seen = await SendAsync(shop, 0);
        Assert.True(await shop.Progress.WaitAsync(seen, Patience));
        await first.DieAsync();
        seen = await SendAsync(shop, 100);
        Assert.True(await shop.Progress.WaitAsync(seen, Patience));
        Assert.Equal([0, 1, 2, 3], second.Processing.HeldShards);
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
        Assert.Equal(40, await shop.CountAsync("span where track = 'lifecycle' and ordinal = 0"));
    }

    [Fact]
    public async Task Drained_shards_are_free_at_once()
    {
        await using var shop = await Shop.OpenAsync(shards: 4);
        await using var first = await StartAsync(shop, wanted: 4);
        Assert.Equal(4, first.Processing.HeldShards.Count);
        await first.Processing.DrainAsync();
        await using var second = await StartAsync(shop, wanted: 4);
        Assert.Equal(4, second.Processing.HeldShards.Count);
    }

    [Fact]
    public async Task Paused_processing_keeps_its_leases_and_goes_on_where_it_was()
    {
        await using var shop = await Shop.OpenAsync(shards: 4);
        await using var process = await StartAsync(shop, wanted: 4);
        await process.Processing.PauseAsync();
        var seen = await SendAsync(shop, 0);
        Assert.False(await shop.Progress.WaitAsync(seen, Quick.LeaseTime * 2));
        Assert.Equal(4, process.Processing.HeldShards.Count);
        await process.Processing.ResumeAsync();
        Assert.True(await shop.Progress.WaitAsync(seen, Patience));
    }

    private static async Task<IReadOnlyDictionary<int, long>> SendAsync(Shop shop, int from)
    {
        var outcomes = await shop.SendAsync([.. Enumerable.Range(from, 20).Select(i => shop.Order($"customer {i}"))]);
        return outcomes.GroupBy(outcome => outcome.Shard).ToDictionary(shard => shard.Key, shard => shard.Max(outcome => outcome.Position));
    }

    private static async Task<Process> StartAsync(Shop shop, int wanted = 2)
    {
        var database = await shop.Log.Server.OpenLogAsync(Quick);
        var processing = new Processing(new Log(database), new Releases(database), new Progress(database),
            new ProcessingOptions { ShardsWanted = wanted, PollInterval = Duration.FromMilliseconds(50) });
        await processing.StartAsync();
        return new Process(database, processing);
    }

    /// <summary>What one operating system process would have: connections of its own.</summary>
    private sealed class Process(LogDatabase database, Processing processing) : IAsyncDisposable
    {
        private bool _isDead;

        public Processing Processing => processing;

        /// <summary>Cuts its connections, so that it can neither work, nor renew, nor give anything back.</summary>
        public ValueTask DieAsync()
        {
            _isDead = true;
            return database.DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            if (_isDead) return;
            await processing.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
