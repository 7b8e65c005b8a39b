using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lifecycle.EventLog.Log;
using NodaTime;

namespace Lifecycle.Benchmarks;

/// <summary>Customers who were all there at one instant and sleep since: what they cost while nothing happens, and how it goes when a review of each falls
/// due at one instant while others go on sending.</summary>
internal static class SleeperBenchmark
{
    private const int BatchSize = 1000, Connections = 8;
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60), QuietTime = TimeSpan.FromSeconds(15);

    /// <summary>How many: <c>LIFECYCLE_BENCH_SLEEPERS</c>, 100,000 by default; a million is what is promised.</summary>
    private static readonly int Sleepers =
        int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_BENCH_SLEEPERS") ?? "100000", CultureInfo.InvariantCulture);

    public static async IAsyncEnumerable<Figure> RunAsync(IReadOnlySet<string> wanted)
    {
        await using var rig = await Rig.StartAsync();
        var batches = await Rows.PrepareAsync(rig.Database);
        var log = new TouchpointLog(rig.Database);
        var appended = await Rows.RateAsync(batches, batch => log.AppendAsync(batch));
        await rig.ExecuteAsync("truncate event, message_id; update shard_head set position = 0");

        // Long enough for everybody to be there, for the look at idleness and for the ingest before the instant.
        var start = SystemClock.Instance.GetCurrentInstant();
        var wait = Duration.FromSeconds(150 + Sleepers / 4000);
        await using var server = await ServerProcess.StartAsync(rig, Definition(wait), [], null);
        var watch = Stopwatch.StartNew();
        await Traffic.SendAllAsync(Bodies(start), server.SendAsync, Connections);
        await ServerProcess.JudgedAsync(rig);
        var rate = Sleepers / watch.Elapsed.TotalSeconds;
        // Who sleeps has slept for a while: what PostgreSQL tidies up after a load is done.
        await rig.ExecuteAsync("vacuum (analyze)");

        if (wanted.Contains("idle"))
        {
            var meter = new CpuMeter(server.Id, rig.Postmaster);
            await Task.Delay(IdleTime, TimeProvider.System);
            yield return new Figure("idle", meter.ServerSeconds * (3600 / IdleTime.TotalSeconds), "CPU seconds per hour", null).With("sleepers", Sleepers);
        }
        if (wanted.Contains("due")) yield return await DueAsync(rig, server, start + wait, rate, appended);
    }

    private static async Task<Figure> DueAsync(Rig rig, ServerProcess server, Instant due, double rate, double appended)
    {
        using var stopQuiet = new CancellationTokenSource(QuietTime);
        var before = await ServerBenchmark.HalfLoadAsync(server, rate, Load.Events, stopQuiet.Token);
        var left = due - SystemClock.Instance.GetCurrentInstant();
        if (left < Duration.Zero) throw new InvalidOperationException($"The reviews fell due {-left} before all customers were there.");
        await Task.Delay(left.ToTimeSpan(), TimeProvider.System);

        using var stop = new CancellationTokenSource();
        var load = ServerBenchmark.HalfLoadAsync(server, rate, 4 * Load.Events, stop.Token);
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var instant = due.ToDateTimeUtc().ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        while (await rig.AskAsync<long>($"select count(*) from (select 1 from due where at <= '{instant}' limit 1) d") > 0)
            await pause.WaitForNextTickAsync();
        var drained = Sleepers / watch.Elapsed.TotalSeconds;
        await stop.CancelAsync();
        var meanwhile = await load;
        var late = $"percentile_cont({{0}}) within group (order by extract(epoch from recorded_at - clock) * 1000) from event where kind = 2 and name = 'stage_changed' and clock = '{instant}'";
        return new Figure("due", drained, "reviews per second", appended).With("reviews", Sleepers)
            .With("late_p50_ms", await rig.AskAsync<double>("select " + late.Replace("{0}", "0.5", StringComparison.Ordinal)))
            .With("late_p99_ms", await rig.AskAsync<double>("select " + late.Replace("{0}", "0.99", StringComparison.Ordinal)))
            .With("ack_p99_before_ms", before.At(0.99)).With("ack_p99_meanwhile_ms", meanwhile.At(0.99));
    }

    private static string Definition(Duration wait) => $"""
        definition: sleepers
        zone: UTC
        tracks:
          lifecycle:
            - stage: active
              when: since(last(session_start)) < {(long)wait.TotalSeconds} seconds
            - stage: decline
              when: since(last(session_start)) >= {(long)wait.TotalSeconds} seconds
        """;

    /// <summary>One session of each customer, all at one instant.</summary>
    private static IEnumerable<byte[]> Bodies(Instant at)
    {
        var timestamp = at.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        for (var from = 0; from < Sleepers; from += BatchSize)
        {
            var messages = Enumerable.Range(from, Math.Min(BatchSize, Sleepers - from)).Select(number => string.Create(CultureInfo.InvariantCulture,
                $$"""{"type":"track","messageId":"sleeper-{{number:D12}}","userId":"sleeper-{{number}}","event":"session_start","timestamp":"{{timestamp}}"}"""));
            yield return Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', messages)}}]}""");
        }
    }
}
