using Lifecycle.Domain;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lifecycle.Projections.Tests;

public sealed class EngineVersionTests
{
    private static readonly EngineVersion Newer = EngineVersion.Present with { Semantics = EngineVersion.Present.Semantics + 1 };

    /// <summary>As if the engine before had read the order of a customer otherwise: by the present reading it was none.</summary>
    private const string AnOrderThatIsNone = """
        update event set name = 'page_viewed'
        where (shard, position) = (select event.shard, min(position) from event join customer using (shard, tenant, customer)
          where kind = 1 and name = 'order_completed' and customer.id = 'live 2' group by event.shard)
        """;

    [Fact]
    public async Task A_newer_engine_activates_the_release_anew_and_judges_everybody_once()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        var (states, facts) = (await shop.CountAsync("state"), await shop.CountAsync("event where kind = 2"));
        await shop.RestartAsync();
        await using var database = await NewerAsync(shop);
        await SettleAsync(shop, database);

        Assert.Equal(2 * 3, await shop.CountAsync("event where name = 'release_activated'"));
        Assert.Equal(states, await shop.CountAsync("event where name = 'standing_kept'"));
        Assert.Equal(facts + states, await shop.CountAsync("event where kind = 2"));
        var timeline = await shop.Timelines.ReadAsync(shop.Tenant, "live 2", new TimelineQuestion { Limit = TimelineQuestion.LimitMax });
        Assert.DoesNotContain(timeline!.Items, item => item.Name == "standing_kept");
        // Started once more it has nothing to say.
        await SettleAsync(shop, database);
        Assert.Equal(2 * 3, await shop.CountAsync("event where name = 'release_activated'"));
        Assert.Equal(facts + states, await shop.CountAsync("event where kind = 2"));
    }

    [Fact]
    public async Task Verification_compares_from_the_change_on_and_says_how_many_facts_it_did_not()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        await shop.Log.Server.ExecuteAsync(AnOrderThatIsNone);
        Assert.NotEqual(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
        var facts = await shop.CountAsync("event where kind = 2");
        await shop.RestartAsync();
        await using var database = await NewerAsync(shop);
        await SettleAsync(shop, database);
        await shop.SendAsync(shop.Order("live 2", 7), shop.Order("newcomer"));
        await SettleAsync(shop, database);

        var report = await CompareAsync(database);
        Assert.Equal((0, facts), (report.DifferenceCount, report.Uncompared));
        Assert.Equal(await shop.CountAsync("event where kind = 2") - facts, report.Facts);
    }

    [Fact]
    public async Task A_rebuild_keeps_what_the_engine_before_decided()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        await shop.Log.Server.ExecuteAsync(AnOrderThatIsNone);
        await shop.RestartAsync();
        await using var database = await NewerAsync(shop);
        await SettleAsync(shop, database);
        var (states, spans) = (await StatesAsync(shop), await shop.CountAsync("span"));
        await shop.RestartAsync();
        await shop.Log.Server.ExecuteAsync("delete from state");

        for (var shard = 0; shard < database.Shards; shard++)
        {
            var report = await new Rebuild(new TouchpointLog(database), new ReleaseStore(database)).RunAsync(shard);
            Assert.Equal((0, 0, 0), (report.Different, report.SetAside, report.Behind));
        }
        Assert.Equal(states, await StatesAsync(shop));
        Assert.Equal(spans, await shop.CountAsync("span"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Whom_the_change_has_not_reached_is_not_compared_and_not_rebuilt(int rounds)
    {
        await using var shop = await ReplayTests.EventfulAsync();
        await shop.Log.Server.ExecuteAsync(AnOrderThatIsNone);
        await shop.RestartAsync();
        await using var database = await NewerAsync(shop);
        shop.Options = shop.Options with { PageMax = 1 };
        await using (var processed = new Processed(shop, database))
            for (var shard = 0; shard < database.Shards; shard++) await processed.RunAsync(shard, rounds);
        var (states, reached) = (await StatesAsync(shop), await shop.CountAsync("event where name = 'standing_kept'"));
        Assert.Equal(rounds > 0, reached > 0);

        var report = await CompareAsync(database);
        Assert.Equal((0, await shop.CountAsync("state") - reached), (report.DifferenceCount, report.Unjudged));
        var behind = 0L;
        for (var shard = 0; shard < database.Shards; shard++) behind += (await new Rebuild(new TouchpointLog(database), new ReleaseStore(database)).RunAsync(shard)).Behind;
        Assert.Equal(report.Unjudged, behind);
        Assert.Equal(states, await StatesAsync(shop));
    }

    [Fact]
    public async Task An_older_engine_that_is_still_running_judges_nothing_behind_the_change()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        await using var database = await NewerAsync(shop);
        await Assert.ThrowsAsync<LogConfigurationException>(shop.SettleAsync);
        var refusal = await Assert.ThrowsAsync<LogConfigurationException>(() => shop.Log.Server.OpenLogAsync(new LogOptions { Shards = 2 }));
        Assert.Equal($"This log is processed by semantics {Newer.Semantics}; this program knows {Newer.Semantics - 1}. Use the newer program.", refusal.Message);
    }

    private static Task<ReplayReport> CompareAsync(LogDatabase database) => new Replay(new TouchpointLog(database), new ReleaseStore(database)).CompareAsync();

    private static Task<string> StatesAsync(ProjectionShop shop) => shop.Log.Server.ScalarAsync<string>(
        "select string_agg(concat_ws(' ', shard, customer, lived_to, encode(body, 'hex')), E'\n' order by shard, customer) from state");

    private static async Task<LogDatabase> NewerAsync(ProjectionShop shop)
    {
        var database = await shop.Log.Server.OpenLogAsync(new LogOptions { Shards = 2, Engine = Newer });
        await new Publishing(new TouchpointLog(database), new ReleaseStore(database), new TenantStore(database)).ResumeAsync();
        return database;
    }

    private static async Task SettleAsync(ProjectionShop shop, LogDatabase database)
    {
        await using var processed = new Processed(shop, database);
        await new Publishing(new TouchpointLog(database), new ReleaseStore(database), new TenantStore(database)).ResumeAsync();
        for (var shard = 0; shard < database.Shards; shard++) await processed.SettleAsync(shard);
    }

    /// <summary>The shards of a database as a process of the newer engine judges them.</summary>
    private sealed class Processed(ProjectionShop shop, LogDatabase database) : IAsyncDisposable
    {
        private readonly List<ShardProcessor> _processors = [];

        public async Task SettleAsync(int shard) => await ProjectionShop.SettleAsync(await ProcessorAsync(shard));

        public async Task RunAsync(int shard, int rounds)
        {
            if (rounds == 0) return;
            var processor = await ProcessorAsync(shard);
            for (var round = 0; round < rounds; round++) await processor.RoundAsync();
        }

        public ValueTask DisposeAsync()
        {
            _processors.ForEach(processor => processor.Dispose());
            return ValueTask.CompletedTask;
        }

        private async Task<ShardProcessor> ProcessorAsync(int shard)
        {
            var lease = await new LeaseStore(database).TakeAsync(shard, Guid.NewGuid());
            _processors.Add(new ShardProcessor(new TouchpointLog(database), new TenantStore(database), new ReleaseStore(database), new ShardProgressBoard(database), lease,
                shop.Options.Checked(), NullLogger.Instance));
            return _processors[^1];
        }
    }
}
