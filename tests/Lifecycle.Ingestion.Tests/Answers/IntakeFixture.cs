using System.Text;
using Lifecycle.EventLog.Log;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Ingestion.Protocols.Segment;
using Lifecycle.Testing;

namespace Lifecycle.Ingestion.Tests.Answers;

/// <summary>Intake on a database of its own, with a key for each of its two tenants.</summary>
internal sealed class IntakeFixture : IAsyncDisposable
{
    public const string WriteKey = "lc_write_fixture";

    private IntakeFixture(TestLog log, IntakeLimits limits, FreeSpace? space)
    {
        Log = log;
        Keys = new ApiKeys(log.Database, log.Tenants, TimeProvider.System);
        Intake = new Intake(log.Database, log.Customers, log.Log, Keys, new QuarantineStore(log.Database, log.Customers), TimeProvider.System, limits, space);
    }

    public TestLog Log { get; }
    public ApiKeys Keys { get; }
    public Intake Intake { get; }

    public static async Task<IntakeFixture> StartAsync(IntakeLimits? limits = null, bool test = false, LogOptions? options = null, FreeSpace? space = null)
    {
        var fixture = new IntakeFixture(await TestLog.StartAsync(options ?? new LogOptions { Shards = 2 }, test), limits ?? new IntakeLimits(), space);
        await fixture.Keys.EnsureAsync(WriteKey, fixture.Log.Tenant, KeyKind.Write);
        return fixture;
    }

    public Task<IntakeAnswer> SendAsync(string body, string route = "batch", string? key = WriteKey, string? bearer = null, bool historical = false) =>
        SendAsync(Encoding.UTF8.GetBytes(body), null, route, key, bearer, historical);

    public Task<IntakeAnswer> SendAsync(byte[] body, string? encoding, string route = "batch", string? key = WriteKey, string? bearer = null,
        bool historical = false) => Intake.AcceptAsync(new(SegmentRoute.Named(route), body, encoding, historical, key, bearer));

    /// <summary>All inputs in the log.</summary>
    public async Task<List<LogRow>> InputsAsync()
    {
        var rows = new List<LogRow>();
        for (var shard = 0; shard < Log.Database.Shards; shard++)
            rows.AddRange((await Log.Log.ReadAsync(shard, 0, 100_000)).Where(row => row.Kind == Lifecycle.Domain.Events.EventKind.Input));
        return rows;
    }

    public Task<long> QuarantinedAsync(string code) =>
        Log.Server.ScalarAsync<long>($"select count(*) from quarantine where code = '{code}'");

    public ValueTask DisposeAsync() => Log.DisposeAsync();
}
