using Lifecycle.EventLog.Log;

namespace Lifecycle.Benchmarks;

/// <summary>Durable append with de-duplication and timeline index, beside binary COPY of the same rows into the same tables and indexes; two writers each, 5,000 rows a commit.</summary>
internal static class AppendBenchmark
{
    public static async IAsyncEnumerable<Figure> RunAsync(IReadOnlySet<string> wanted)
    {
        await using var rig = await Rig.StartAsync();
        var batches = await Rows.PrepareAsync(rig.Database);
        var log = new TouchpointLog(rig.Database);
        await Rows.RateAsync(batches, batch => log.AppendAsync(batch)); // The first time is the compiler's, as it is of the limit.
        await rig.ExecuteAsync("truncate event, message_id");
        var meter = new CpuMeter(rig.Postmaster);
        var appended = await Rows.RateAsync(batches, batch => log.AppendAsync(batch));
        var figure = new Figure("append", appended, "events per second", null).With(meter, Load.Events);
        yield return figure with { Limit = await Rows.CopiedAsync(rig, batches) };
    }
}
