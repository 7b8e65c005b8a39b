using System.Runtime.Versioning;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.EmbeddedPostgres;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Tests;

/// <summary>A log on a PostgreSQL of its own that is stopped, started, and made a standby.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LogRestartTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "lifecycle-restart-" + Guid.NewGuid().ToString("n"));
    private EmbeddedServer _server = null!;

    public async Task InitializeAsync() => _server = await EmbeddedServer.StartAsync(_folder);

    public async Task DisposeAsync()
    {
        await _server.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Who_appends_while_the_server_is_started_again_waits_and_nothing_is_doubled()
    {
        await using var database = await LogDatabase.OpenAsync(_server.ConnectionUri, new LogOptions { Shards = 2, AttemptsMax = 40 });
        var (log, tenant) = (new TouchpointLog(database), await new TenantStore(database).EnsureAsync("live", test: false));
        var appending = Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            for (var n = 0; n < 100; n++) await AppendAsync(log, tenant, $"customer {sender} {n}");
        })).ToList();
        for (var restart = 0; restart < 2; restart++)
        {
            await _server.StopAsync();
            _server = await EmbeddedServer.StartAsync(_folder);
        }
        await Task.WhenAll(appending);
        var heads = await Task.WhenAll(log.HeadAsync(0), log.HeadAsync(1));
        Assert.Equal(400, heads.Sum(head => head.Position));
    }

    [Fact]
    public async Task A_standby_is_read_and_not_written_to_until_it_is_promoted()
    {
        await using var database = await LogDatabase.OpenAsync(_server.ConnectionUri,
            new LogOptions { Shards = 2, AttemptsMax = 3, RetryDelay = Duration.FromMilliseconds(10), RetryDelayMax = Duration.FromMilliseconds(20) });
        var (log, tenant) = (new TouchpointLog(database), await new TenantStore(database).EnsureAsync("live", test: false));
        await AppendAsync(log, tenant, "ann");
        await _server.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(_server.Folder, "standby.signal"), "");
        _server = await EmbeddedServer.StartAsync(_folder);

        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => AppendAsync(log, tenant, "bob"));
        Assert.Equal(Outage.ReadOnly, Outages.Of(refused));
        Assert.False(await database.TakesWritesAsync());
        Assert.Equal(1, (await log.HeadAsync(0)).Position + (await log.HeadAsync(1)).Position);
        await Assert.ThrowsAsync<LogUnavailableException>(() => LogDatabase.OpenAsync(_server.ConnectionUri, new LogOptions { Shards = 2 }));

        await PromoteAsync();
        await AppendAsync(log, tenant, "bob");
        Assert.True(await database.TakesWritesAsync());
        Assert.Equal(2, (await log.HeadAsync(0)).Position + (await log.HeadAsync(1)).Position);
    }

    private static async Task AppendAsync(TouchpointLog log, Tenant tenant, string customer)
    {
        var input = new Touchpoint("signed_up", Properties.Parse("{}"));
        var (name, version) = EventCodec.NameOf(input);
        var open = EventCodec.WriteOpen(input);
        await log.AppendAsync([new NewInput(new CustomerDirectory(log.Database).Locate(tenant, customer), new RecordId(StableHash.Of(customer)), StableHash.Of(open),
            name, version, open, null, Instants.Never, false, 0, false)]);
    }

    private async Task PromoteAsync()
    {
        var password = (await File.ReadAllTextAsync(Path.Combine(_server.Folder, "..", "password"))).Trim();
        var address = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _server.Port, Username = "postgres", Password = password, Pooling = false };
        await using var source = NpgsqlDataSource.Create(address);
        await using var promote = source.CreateCommand("select pg_promote()");
        Assert.True(await promote.ExecuteScalarAsync() is true);
    }
}
