using System.Diagnostics;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;
using Npgsql;

namespace Lifecycle.Benchmarks;

/// <summary>All states made anew from the log, two shards at a time, beside reading the same rows in order and discarding them.</summary>
internal static class RebuildBenchmark
{
    private const int AtOnce = 2;

    public static async Task<Figure> RunAsync(Rig rig)
    {
        var rebuild = new Rebuild(new TouchpointLog(rig.Database), new ReleaseStore(rig.Database));
        await RebuildAsync(rig, rebuild); // The first time is the compiler's.
        var (meter, watch) = (new CpuMeter(rig.Postmaster), Stopwatch.StartNew());
        var events = await RebuildAsync(rig, rebuild);
        var (rebuilt, figure) = (events / watch.Elapsed.TotalSeconds, new Figure("rebuild", 0, "events per second", null).With(meter, events));
        watch.Restart();
        var rows = 0L;
        await OverShardsAsync(rig, async shard => Interlocked.Add(ref rows, await ReadAsync(rig, shard)));
        return figure with { Value = rebuilt, Limit = rows / watch.Elapsed.TotalSeconds };
    }

    /// <summary>Answers how many events the states were made from.</summary>
    private static async Task<long> RebuildAsync(Rig rig, Rebuild rebuild)
    {
        var events = 0L;
        await OverShardsAsync(rig, async shard =>
        {
            var report = await rebuild.RunAsync(shard);
            if (report.Different + report.SetAside > 0) throw new InvalidOperationException($"Shard {shard} cannot be rebuilt: {report}.");
            Interlocked.Add(ref events, report.Events);
        });
        return events;
    }

    private static Task OverShardsAsync(Rig rig, Func<int, Task> work) => Parallel.ForEachAsync(
        Enumerable.Range(0, rig.Database.Shards), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (shard, _) => await work(shard));

    private static async Task<long> ReadAsync(Rig rig, int shard)
    {
        await using var command = rig.Database.Source.CreateCommand(
            "select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, id, open from event where shard = $1 order by position");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = shard });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0L;
        while (await reader.ReadAsync())
        {
            _ = reader.GetFieldValue<byte[]>(10);
            rows++;
        }
        return rows;
    }
}
