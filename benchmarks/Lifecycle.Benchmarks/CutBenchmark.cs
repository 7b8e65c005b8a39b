using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;

namespace Lifecycle.Benchmarks;

/// <summary>All customers counted for what compares them: how long that takes, and what intake and judging wait meanwhile under a light load.</summary>
/// <remarks>A count begins at midnight or when it is asked for, and is the same work. Here it is asked for, as when imported history is complete.</remarks>
internal static class CutBenchmark
{
    private const int BatchSize = 1000, Connections = 8, LightBatchSize = 10, LightBatchesPerSecond = 50, Readers = 2;
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(10), LookInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>How many: <c>LIFECYCLE_BENCH_CUSTOMERS</c>, 100,000 by default; a million is what is promised.</summary>
    private static readonly int Customers =
        int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_BENCH_CUSTOMERS") ?? "100000", CultureInfo.InvariantCulture);

    private const string Definition = """
        definition: comparisons
        zone: UTC
        currency: CNY
        events:
          order_completed: { revenue: money }
        metrics:
          spend: sum(order_completed.revenue in 90 days)
          orders: count(order_completed)
          largest: max(order_completed.revenue)
          average: avg(order_completed.revenue in 365 days)
        tracks:
          value:
            - stage: other
              when: not top(spend, 5%)
            - stage: best
              when: top(spend, 5%)
          score:
            - stage: low
              when: quantile(orders, 5) < 5 or quantile(average, 4) < 4
            - stage: high
              when: quantile(orders, 5) == 5 and quantile(average, 4) == 4 and top(largest, 10%)
        """;

    public static async IAsyncEnumerable<Figure> RunAsync(IReadOnlySet<string> wanted)
    {
        await using var rig = await Rig.StartAsync();
        await using var server = await ServerProcess.StartAsync(rig, Definition, [], null);
        await Traffic.SendAllAsync(Bodies(Enumerable.Range(0, Customers), BatchSize), server.SendAsync, Connections);
        await ServerProcess.JudgedAsync(rig);
        await rig.ExecuteAsync("vacuum (analyze)");
        var read = await ReadStatesAsync(rig);
        await CountAsync(rig, server, "first"); // The compiler's share.
        yield return (await CountAsync(rig, server, "second")) with { Limit = read };
    }

    private static async Task<Figure> CountAsync(Rig rig, ServerProcess server, string name)
    {
        using var stopQuiet = new CancellationTokenSource(QuietTime);
        var before = await LightLoadAsync(server, stopQuiet.Token);
        using var stop = new CancellationTokenSource();
        var load = LightLoadAsync(server, stop.Token);
        var asked = await AskAsync(rig, name);
        var pause = await LongestPauseAsync(rig, asked);
        await stop.CancelAsync();
        var meanwhile = await load;
        var seconds = await rig.AskAsync<double>($"""
            select extract(epoch from max(told.recorded_at) - min(asked.recorded_at))::float8
            from event asked join event told using (shard)
            where asked.id = '{asked}' and told.name = 'cut_points_computed' and told.position > asked.position
            """);
        return new Figure("cuts", Customers / seconds, "customers per second", null).With("customers", Customers).With("seconds", seconds)
            .With("judging_pause_s", pause.TotalSeconds).With("ack_p99_before_ms", before.At(0.99)).With("ack_max_before_ms", before.At(1))
            .With("ack_p99_meanwhile_ms", meanwhile.At(0.99)).With("ack_max_meanwhile_ms", meanwhile.At(1));
    }

    /// <summary>Asks every shard and answers the id under which it is asked.</summary>
    private static async Task<Guid> AskAsync(Rig rig, string name)
    {
        var tenant = await new TenantStore(rig.Database).FindAsync(await rig.AskAsync<int>("select tenant from release limit 1"), CancellationToken.None);
        var (log, id) = (new TouchpointLog(rig.Database), StableHash.Of("bench", name));
        await Task.WhenAll(Enumerable.Range(0, rig.Database.Shards).Select(shard => log.AppendShardInputAsync(shard, tenant!, new CountAsked(), new RecordId(id))));
        return id;
    }

    /// <summary>Looks until every shard has been told the cut points, and answers the longest time for which any left unjudged what was in its log.</summary>
    private static async Task<TimeSpan> LongestPauseAsync(Rig rig, Guid asked)
    {
        var (moved, consumed, longest, watch) = (new TimeSpan[rig.Database.Shards], new long[rig.Database.Shards], TimeSpan.Zero, Stopwatch.StartNew());
        using var pause = new PeriodicTimer(LookInterval);
        while (await rig.AskAsync<long>($"""
            select count(*) from event asked
            where asked.id = '{asked}' and asked.kind = 3 and not exists (
              select from event told where told.shard = asked.shard and told.kind = 3 and told.name = 'cut_points_computed' and told.position > asked.position)
            """) > 0)
        {
            await using var command = rig.Database.Source.CreateCommand("select shard, l.consumed, h.position from shard_lease l join shard_head h using (shard)");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var (shard, now) = (reader.GetInt32(0), watch.Elapsed);
                var isIdle = reader.GetInt64(1) == reader.GetInt64(2);
                if (now - moved[shard] > longest && !isIdle) longest = now - moved[shard];
                if (isIdle || reader.GetInt64(1) > consumed[shard]) (moved[shard], consumed[shard]) = (now, reader.GetInt64(1));
            }
            await pause.WaitForNextTickAsync();
        }
        return longest;
    }

    /// <summary>Customers a second whose states are read in order and discarded, by so many readers.</summary>
    private static async Task<double> ReadStatesAsync(Rig rig)
    {
        var (watch, states) = (Stopwatch.StartNew(), 0L);
        await Parallel.ForEachAsync(Enumerable.Range(0, rig.Database.Shards), new ParallelOptions { MaxDegreeOfParallelism = Readers }, async (shard, ct) =>
        {
            await using var command = rig.Database.Source.CreateCommand($"select customer, body from state where lane = 0 and shard = {shard} order by tenant, customer");
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                _ = reader.GetFieldValue<byte[]>(1);
                Interlocked.Increment(ref states);
            }
        });
        return states / watch.Elapsed.TotalSeconds;
    }

    private static Task<Latencies> LightLoadAsync(ServerProcess server, CancellationToken stop)
    {
        var random = new Random(11);
        return Traffic.SendEvenlyAsync(Bodies(Endless().Select(_ => random.Next(Customers)), LightBatchSize), server.SendAsync, LightBatchesPerSecond, stop);
    }

    private static IEnumerable<int> Endless()
    {
        while (true) yield return 0;
    }

    private static IEnumerable<byte[]> Bodies(IEnumerable<int> customers, int batchSize)
    {
        var random = new Random(5);
        foreach (var batch in customers.Chunk(batchSize))
        {
            var messages = batch.Select(customer => string.Create(CultureInfo.InvariantCulture,
                $$$"""{"type":"track","messageId":"{{{Guid.NewGuid()}}}","userId":"buyer-{{{customer}}}","event":"order_completed","properties":{"revenue":{{{random.Next(100, 99_999) / 100m}}},"currency":"CNY"}}"""));
            yield return Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', messages)}}]}""");
        }
    }
}
