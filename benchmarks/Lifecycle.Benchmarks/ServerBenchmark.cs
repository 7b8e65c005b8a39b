using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Lifecycle.Benchmarks;

/// <summary>The server as its users meet it, with the sample game published: what it takes in and judges, how long answers take under half of that load,
/// how fast all states are rebuilt, and whether its memory grows.</summary>
internal static class ServerBenchmark
{
    private const int BatchSize = 1000, Connections = 32, EvenBatchSize = 50, RenewedEvery = 2_000_000;
    private static readonly TimeSpan HalfLoadTime = TimeSpan.FromSeconds(20), SettlingTime = TimeSpan.FromSeconds(10), ReadingTime = TimeSpan.FromSeconds(8), ProbeInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long <c>memory</c> looks on: <c>LIFECYCLE_BENCH_MINUTES</c>, 2 by default; an hour is what is promised.</summary>
    private static readonly double Minutes = double.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_BENCH_MINUTES") ?? "2", CultureInfo.InvariantCulture);

    public static async IAsyncEnumerable<Figure> RunAsync(IReadOnlySet<string> wanted)
    {
        await using var rig = await Rig.StartAsync();
        var copied = await Rows.CopiedAsync(rig, await Rows.PrepareAsync(rig.Database));
        var game = SampleGame.Text();
        var rate = 0.0;
        await using (var server = await ServerProcess.StartAsync(rig, game.Definition, game.Journeys, game.Settings))
        {
            await SendAllAsync(rig, server, 0); // The compiler's share.
            var meter = new CpuMeter(server.Id, rig.Postmaster);
            rate = await SendAllAsync(rig, server, Load.Events);
            if (wanted.Contains("http"))
            {
                var figure = new Figure("http", rate, "events per second", copied).With(meter, Load.Events);
                yield return await WithHalfLoadAsync(figure, server, rate);
            }
            await foreach (var figure in AnswersAsync(wanted, rig, server, rate)) yield return figure;
            if (wanted.Contains("memory")) yield return await MemoryAsync(server, rate);
            await ServerProcess.JudgedAsync(rig);
        }
        if (wanted.Contains("rebuild")) yield return await RebuildBenchmark.RunAsync(rig);
    }

    /// <summary>Events a second until the last of the load is judged and stored.</summary>
    private static async Task<double> SendAllAsync(Rig rig, ServerProcess server, int first)
    {
        var watch = Stopwatch.StartNew();
        await Traffic.SendAllAsync(Traffic.Bodies(first, Load.Events, BatchSize), server.SendAsync, Connections);
        await ServerProcess.JudgedAsync(rig);
        return Load.Events / watch.Elapsed.TotalSeconds;
    }

    /// <summary>What a sender and a marketer wait for at half of the full rate: the answer to a batch, and a new customer's stage.</summary>
    private static async Task<Figure> WithHalfLoadAsync(Figure figure, ServerProcess server, double rate)
    {
        // What the full load left to the compiler and to the disk is not of this load.
        using (var settled = new CancellationTokenSource(SettlingTime)) await HalfLoadAsync(server, rate, 3 * Load.Events, settled.Token);
        using var stop = new CancellationTokenSource(HalfLoadTime);
        var load = HalfLoadAsync(server, rate, 2 * Load.Events, stop.Token);
        var (visible, random) = (new Latencies(), new Random(7));
        using var interval = new PeriodicTimer(ProbeInterval);
        for (var probe = 0; !stop.IsCancellationRequested; probe++)
        {
            await interval.WaitForNextTickAsync(CancellationToken.None);
            var id = string.Create(CultureInfo.InvariantCulture, $"newcomer-{probe}");
            var watch = Stopwatch.StartNew();
            var seen = await server.SendAsync(Encoding.UTF8.GetBytes($$"""{"batch":[{{Traffic.Message(-1 - probe, id, "session_start", random)}}]}"""));
            var page = await server.GetAsync($"/v1/customers/{id}?after={Uri.EscapeDataString(seen)}");
            using var answer = JsonDocument.Parse(page);
            if (answer.RootElement.GetProperty("tracks").TryGetProperty("lifecycle", out _)) visible.Add(watch.Elapsed);
        }
        var acknowledged = await load;
        return figure.With("ack_p50_ms", acknowledged.At(0.5)).With("ack_p99_ms", acknowledged.At(0.99))
            .With("visible_p50_ms", visible.At(0.5)).With("visible_p99_ms", visible.At(0.99)).With("half_load_batches", acknowledged.Count);
    }

    /// <summary>Half of the full rate, in small batches at an even pace, until it is told to stop.</summary>
    public static Task<Latencies> HalfLoadAsync(ServerProcess server, double rate, int firstNumber, CancellationToken stop, int renewedEvery = int.MaxValue) =>
        Traffic.SendEvenlyAsync(Traffic.Bodies(firstNumber, int.MaxValue / 4, EvenBatchSize, renewedEvery), server.SendAsync, rate / 2 / EvenBatchSize, stop);

    /// <summary>Pages under half load, each beside one hand-written statement that reads the same rows.</summary>
    private static async IAsyncEnumerable<Figure> AnswersAsync(IReadOnlySet<string> wanted, Rig rig, ServerProcess server, double rate)
    {
        var customers = new List<(int Shard, int Tenant, Guid Key, string Id)>();
        await using (var command = rig.Database.Source.CreateCommand("select shard, tenant, customer, id from customer where id like 'player-%' limit 2000"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) customers.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetGuid(2), reader.GetString(3)));
        const string one = "shard = $1 and tenant = $2 and customer = $3";
        (string Name, string Path, string Sql)[] pages =
        [
            ("timeline", "/v1/customers/{0}/timeline?order=desc&limit=50&kind=input,fact", $"select * from event where {one} order by clock desc, position desc limit 50"),
            ("customer", "/v1/customers/{0}", $"select body from state where lane = 0 and {one}"),
            ("benefit", "/v1/customers/{0}/benefits/skip_queue", $"select body from state where lane = 0 and {one}"),
            ("summary", "/v1/stages/summary",
                "select track, stage, count(*) from span where lane = 0 and tenant = $2 and left_at is null and $1 >= 0 and $3 is not null group by track, stage"),
        ];
        var first = 4 * Load.Events;
        foreach (var (name, path, sql) in pages.Where(page => wanted.Contains(page.Name)))
        {
            using var stop = new CancellationTokenSource(ReadingTime);
            var load = HalfLoadAsync(server, rate, first += Load.Events, stop.Token);
            var (answers, rows, random) = (new Latencies(), new Latencies(), new Random(3));
            while (!stop.IsCancellationRequested)
            {
                var (shard, tenant, key, id) = customers[random.Next(customers.Count)];
                var watch = Stopwatch.StartNew();
                await server.GetAsync(string.Format(CultureInfo.InvariantCulture, path, id));
                answers.Add(watch.Elapsed);
                watch.Restart();
                await ReadAsync(rig, sql, shard, tenant, key);
                rows.Add(watch.Elapsed);
            }
            await load;
            yield return new Figure(name, answers.At(0.5), "milliseconds p50 under half load", rows.At(0.5))
                .With("p99_ms", answers.At(0.99)).With("limit_p99_ms", rows.At(0.99)).With("answers", answers.Count);
        }
    }

    private static async Task ReadAsync(Rig rig, string sql, int shard, int tenant, Guid customer)
    {
        await using var command = rig.Database.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = shard });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = tenant });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customer });
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) _ = reader.GetValue(0);
    }

    /// <summary>How the server's memory grows at 60 % of the full rate: a straight line through the second half of the time.</summary>
    /// <remarks>Others come in the place of all customers again and again, as in a life in which what is old counts no more; the same ones for an hour would do as much in
    /// it as in years.</remarks>
    private static async Task<Figure> MemoryAsync(ServerProcess server, double rate)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(Minutes));
        var load = HalfLoadAsync(server, rate * 1.2, 16 * Load.Events, stop.Token, RenewedEvery);
        var (samples, watch) = (new List<(double Hours, double Megabytes)>(), Stopwatch.StartNew());
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!stop.IsCancellationRequested)
        {
            await second.WaitForNextTickAsync(CancellationToken.None);
            samples.Add((watch.Elapsed.TotalHours, CpuMeter.ResidentBytes(server.Id) / 1e6));
        }
        var sent = (await load).Count * EvenBatchSize;
        var late = samples[(samples.Count / 2)..];
        var (x, y) = (late.Average(sample => sample.Hours), late.Average(sample => sample.Megabytes));
        var slope = late.Sum(sample => (sample.Hours - x) * (sample.Megabytes - y)) / late.Sum(sample => (sample.Hours - x) * (sample.Hours - x));
        return new Figure("memory", slope, "megabytes per hour", null)
            .With("minutes", Minutes).With("megabytes_mean", y).With("megabytes_max", late.Max(sample => sample.Megabytes)).With("events", sent);
    }
}
