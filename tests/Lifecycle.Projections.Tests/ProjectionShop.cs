using Lifecycle.Definitions;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Releases;
using Lifecycle.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Lifecycle.Projections.Tests;

/// <summary>A log with the small shop published in it, processed by hand, round by round, with a wall clock that stands where the test puts it.</summary>
internal sealed class ProjectionShop : IAsyncDisposable
{
    private readonly Dictionary<int, ShardProcessor> _processors = [];

    private ProjectionShop(TestLog log)
    {
        Log = log;
        Releases = new ReleaseStore(log.Database);
        Progress = new ShardProgressBoard(log.Database);
        Publishing = new Publishing(log.Log, Releases, log.Tenants);
        Pages = new CustomerQueries(log.Log, log.Customers, Releases, Wall);
        Timelines = new TimelineQueries(log.Database, log.Customers);
        Stages = new StageQueries(log.Log, log.Customers, Releases, Pages);
        Options = new ProcessingOptions { Wall = Wall };
    }

    public TestLog Log { get; }
    public ReleaseStore Releases { get; }
    public ShardProgressBoard Progress { get; }
    public Publishing Publishing { get; }
    public CustomerQueries Pages { get; }
    public TimelineQueries Timelines { get; }
    public StageQueries Stages { get; }
    public ScriptedWall Wall { get; } = new();
    public ProcessingOptions Options { get; set; }

    public Tenant Tenant => Log.Tenant;

    public static async Task<ProjectionShop> OpenAsync(int shards = 2, bool test = false, ReleaseText? release = null, LogOptions? log = null)
    {
        var shop = new ProjectionShop(await TestLog.StartAsync(log ?? new LogOptions { Shards = shards }, test));
        var published = await shop.Publishing.PublishAsync(shop.Tenant, release ?? SmallShop.Release);
        Assert.IsType<PublishResult.Published>(published);
        return shop;
    }

    /// <summary>Appends inputs of customers who are registered as intake would.</summary>
    public async Task<IReadOnlyList<AppendOutcome>> SendAsync(params NewInput[] inputs)
    {
        await Log.Customers.EnsureAsync([.. inputs.Select(input => input.Customer).Distinct()]);
        return await Log.Log.AppendAsync(inputs);
    }

    /// <summary>A live order, now.</summary>
    public NewInput Order(string customer, decimal revenue = 10, string? id = null) =>
        Log.Touchpoint(customer, "order_completed", properties: $$"""{"revenue":{{revenue}}}""", id: id);

    /// <summary>An order of long ago.</summary>
    public NewInput PastOrder(string customer, Instant at, decimal revenue = 10, string? id = null) =>
        Log.Touchpoint(customer, "order_completed", at, $$"""{"revenue":{{revenue}}}""", id, imported: true);

    /// <summary>Lets days pass on the wall and in the log, so that what is sent next is recorded then.</summary>
    public async Task PassAsync(Duration time)
    {
        Wall.Now += time;
        for (var shard = 0; shard < Log.Database.Shards; shard++) await Log.Log.RaiseAsync(shard, Wall.Now);
    }

    /// <summary>Processes every shard until nothing is left to do.</summary>
    public async Task SettleAsync()
    {
        for (var shard = 0; shard < Log.Database.Shards; shard++) await SettleAsync(await ProcessorAsync(shard));
    }

    public static async Task SettleAsync(ShardProcessor processor)
    {
        for (var rounds = 0; ; rounds++)
        {
            Assert.True(rounds < 10_000, "The processor does not come to rest.");
            var round = await processor.RoundAsync();
            Assert.NotEqual(ProcessingRound.LeaseLost, round);
            if (round == ProcessingRound.Idle) return;
        }
    }

    /// <summary>The processor of a shard, kept until <c>Restart</c>.</summary>
    public async Task<ShardProcessor> ProcessorAsync(int shard)
    {
        if (_processors.TryGetValue(shard, out var running)) return running;
        var lease = await Log.Leases.TryAcquireAsync(shard, Guid.NewGuid());
        Assert.NotNull(lease);
        return _processors[shard] = Processor(lease);
    }

    public ShardProcessor Processor(Lease lease) =>
        new(Log.Log, Log.Tenants, Releases, Progress, lease, Options.Checked(), NullLogger.Instance);

    /// <summary>Forgets the processors, as a killed process would, and lets their leases expire.</summary>
    public async Task RestartAsync()
    {
        _processors.Clear();
        await Log.Server.ExecuteAsync("update shard_lease set expires_at = now() - interval '1 second'");
    }

    /// <summary>All facts of the log, one a line: whose, when, what, why. Keys are left out, since no two databases hash a customer alike.</summary>
    public Task<string> FactsAsync() => Log.Server.ScalarAsync<string>("""
        select coalesce(string_agg(concat_ws(' ', c.id, extract(epoch from e.clock), e.name, e.version, e.cause, e.ordinal,
          regexp_replace(convert_from(e.open, 'UTF8'), '"key":"[0-9a-f]+"', '')), E'\n' order by c.id, e.clock, e.cause, e.ordinal), '')
        from event e join customer c using (shard, tenant, customer)
        where e.kind = 2
        """);

    /// <summary>The stages a customer went through in a track: <c>newcomer regular decline</c>.</summary>
    public async Task<string> StagesAsync(string customer, string track = "lifecycle") =>
        string.Join(' ', (await Stages.SpansAsync(Tenant, customer))!.Where(span => span.Track == track).Select(span => span.Stage));

    public Task<long> CountAsync(string from) => Log.Server.ScalarAsync<long>($"select count(*) from {from}");

    public async ValueTask DisposeAsync() => await Log.DisposeAsync();
}

/// <summary>A wall clock that moves when it is told to. It begins at the machine's time, since that is what the database records.</summary>
internal sealed class ScriptedWall : TimeProvider
{
    public Instant Now { get; set; } = Instant.FromDateTimeOffset(System.GetUtcNow()).ToMilliseconds();

    public override DateTimeOffset GetUtcNow() => Now.ToDateTimeOffset();
}
