using Lifecycle.Testing;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Power cuts and takeovers on the real server and the real database; afterwards the log is audited in SQL and replayed.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_KILLS") ?? "20", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_again_and_again_under_load_nothing_acknowledged_is_lost_or_doubled()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        var server = await Server.StartAsync(database.ConnectionUri, folder.Path);
        await Story.PublishGameAsync(server, server.Client);
        var ledger = new LedgerClient(() => server.Url, server.WriteKey, senders: 3, seed: 11);
        var random = new Random(5);
        for (var kill = 0; kill < Kills; kill++)
        {
            for (var pause = 5 + random.Next(10); pause > 0; pause--) await Server.PauseAsync();
            server.Kill();
            await server.DisposeAsync();
            server = await Server.StartAsync(database.ConnectionUri, folder.Path);
        }
        await ledger.DisposeAsync();
        await AssertNothingLostAsync(ledger, server, database);
        output.WriteLine($"{Kills} kills, {ledger.Acknowledged.Count} acknowledged, {ledger.Retries} batches sent again.");
        Assert.True(ledger.Retries >= Kills / 2, "The kills did not hit any request in flight.");
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_processes_that_share_the_shards_one_is_killed_and_the_other_goes_on()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var oneFolder = new TemporaryFolder();
        using var otherFolder = new TemporaryFolder();
        var one = await Server.StartAsync(database.ConnectionUri, oneFolder.Path);
        await Story.PublishGameAsync(one, one.Client);
        await using var other = await Server.StartAsync(database.ConnectionUri, otherFolder.Path);
        var log = new LogAudit(database.ConnectionUri);
        var ledger = new LedgerClient(() => other.Url, other.WriteKey, senders: 2, seed: 23);
        for (var pause = 0; pause < 30; pause++) await Server.PauseAsync();
        one.Kill();
        await one.DisposeAsync();
        for (var pause = 0; pause < 150; pause++) await Server.PauseAsync();
        await ledger.DisposeAsync();
        Assert.Equal(16, await log.CountAsync("select count(*) from shard_lease where expires_at > now() and epoch > 1"));
        Assert.Equal(1, await log.CountAsync("select count(distinct owner) from shard_lease"));
        await AssertNothingLostAsync(ledger, other, database);
        output.WriteLine($"{ledger.Acknowledged.Count} acknowledged.");
    }

    private static async Task AssertNothingLostAsync(LedgerClient ledger, Server server, TestDatabase database)
    {
        var log = new LogAudit(database.ConnectionUri);
        await ReplayCheck.JudgedAsync(log);
        var stored = await log.ListAsync(
            "select convert_from(open, 'UTF8')::json->>'message_id' from event where kind = 1 and name in ('session_start', 'order_completed')", row => row.GetString(0));
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(ledger.Acknowledged.Keys.Except(stored));
        await log.AssertSoundAsync();
        await server.StopAsync();
        await ReplayCheck.AssertSameFactsAsync(database);
    }
}
