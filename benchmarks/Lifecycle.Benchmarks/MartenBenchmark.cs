using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Marten;
using Marten.Events.Projections;

namespace Lifecycle.Benchmarks;

/// <summary>Marten appending touchpoints of the same shape, beside our append and binary COPY in the same run. 1,000 events a commit, 20,000 customers,
/// each a stream of its own.</summary>
/// <remarks>Marten is set as its documentation advises for speed: quick append, string streams, lightweight sessions, its code generated before the
/// clock starts. What is measured is what every event costs, so each kind is warmed by one commit first.</remarks>
internal static class MartenBenchmark
{
    private const int Streams = 20_000, CommitSize = 1000;

    private static readonly int Events = Load.Events / 4;

    public static async IAsyncEnumerable<Figure> RunAsync(IReadOnlySet<string> wanted)
    {
        await using var rig = await Rig.StartAsync();
        var batches = await Rows.PrepareAsync(rig.Database);
        var log = new TouchpointLog(rig.Database);
        await Rows.RateAsync(batches, batch => log.AppendAsync(batch)); // The first time is the compiler's.
        await rig.ExecuteAsync("truncate event, message_id");
        var meter = new CpuMeter(rig.Postmaster);
        var appended = await Rows.RateAsync(batches, batch => log.AppendAsync(batch));
        var appendMicroseconds = Microseconds(meter, Load.Events);
        meter = new CpuMeter(rig.Postmaster);
        var copied = await Rows.CopiedAsync(rig, batches);
        var copyMicroseconds = Microseconds(meter, 2 * Load.Events); // It copies twice and tells the second time.

        var one = await QuickAsync(rig, writers: 1, snapshots: false);
        var four = await QuickAsync(rig, writers: 4, snapshots: false);
        var snapshot = await QuickAsync(rig, writers: 1, snapshots: true);
        yield return new Figure("marten", four.Rate, "events per second", copied)
            .With("us", four.Microseconds).With("one_writer_us", one.Microseconds).With("one_writer_per_s", one.Rate)
            .With("snapshot_us", snapshot.Microseconds).With("snapshot_per_s", snapshot.Rate)
            .With("append_us", appendMicroseconds).With("append_per_s", appended).With("copy_us", copyMicroseconds);
    }

    /// <summary>Events a second, and CPU microseconds per event of client and PostgreSQL together.</summary>
    private static async Task<(double Rate, double Microseconds)> QuickAsync(Rig rig, int writers, bool snapshots)
    {
        var schema = $"marten_{writers}_{(snapshots ? "snapshot" : "quick")}";
        await using var store = StoreOf(rig, schema, snapshots);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await AppendAsync(store, [.. Touchpoints(writer: 0, writers, seed: 1).Take(CommitSize)]);
        var work = Enumerable.Range(0, writers)
            .Select(writer => Touchpoints(writer, writers, seed: 2).Take(Events / writers).Chunk(CommitSize).ToList()).ToList();
        var (meter, watch) = (new CpuMeter(rig.Postmaster), Stopwatch.StartNew());
        await Task.WhenAll(work.Select(commits => Task.Run(async () =>
        {
            foreach (var commit in commits) await AppendAsync(store, commit);
        })));
        var result = (Events / watch.Elapsed.TotalSeconds, Microseconds(meter, Events));
        await rig.ExecuteAsync($"drop schema {schema} cascade");
        return result;
    }

    private static DocumentStore StoreOf(Rig rig, string schema, bool snapshots) => DocumentStore.For(options =>
    {
        options.Connection(LogConnection.Settings(rig.ConnectionUri));
        options.DatabaseSchemaName = schema;
        options.AutoCreateSchemaObjects = AutoCreate.All;
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.AppendMode = EventAppendMode.Quick;
        options.UseSystemTextJsonForSerialization();
        if (snapshots) options.Projections.Snapshot<MartenCustomer>(SnapshotLifecycle.Inline);
    });

    private static async Task AppendAsync(DocumentStore store, (string Stream, MartenTouchpoint Event)[] commit)
    {
        await using var session = store.LightweightSession();
        foreach (var stream in commit.GroupBy(pair => pair.Stream)) session.Events.Append(stream.Key, stream.Select(pair => (object)pair.Event));
        await session.SaveChangesAsync();
    }

    // Each writer has customers of its own, so that no two commits wait for the same streams.
    private static IEnumerable<(string Stream, MartenTouchpoint Event)> Touchpoints(int writer, int writers, int seed)
    {
        var random = new Random(seed * 100 + writer);
        for (var number = 0; ; number++)
        {
            var customer = random.Next(Streams / writers) * writers + writer;
            yield return (string.Create(CultureInfo.InvariantCulture, $"player-{customer}"), new MartenTouchpoint(
                string.Create(CultureInfo.InvariantCulture, $"node-next-1795310151863-{writer}-{number:D12}"), Load.Name(random),
                random.Next(100, 9999) / 100m, "CNY", $"sku-{random.Next(1000)}", random.Next(60), $"s{random.Next(40)}", "2026-11-22T01:15:51.863Z"));
        }
    }

    private static double Microseconds(CpuMeter meter, double events) => (meter.ClientSeconds + meter.ServerSeconds) * 1e6 / events;
}

/// <summary>A touchpoint as an event of Marten's: the members and about the bytes of <see cref="Load"/>.</summary>
public sealed record MartenTouchpoint(
    [property: JsonPropertyName("message_id")] string MessageId, [property: JsonPropertyName("raw_name")] string RawName, decimal Revenue,
    string Currency, string Sku, int Level, string Server, string Timestamp);

/// <summary>What an inline snapshot keeps of a customer.</summary>
public sealed class MartenCustomer
{
    public string Id { get; set; } = "";
    public int Events { get; set; }
    public int Orders { get; set; }
    public decimal Revenue { get; set; }

    public void Apply(MartenTouchpoint touchpoint)
    {
        Events++;
        if (touchpoint.RawName != "order_completed") return;
        Orders++;
        Revenue += touchpoint.Revenue;
    }
}
