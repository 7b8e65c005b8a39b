using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Tests;

/// <summary>A database that takes nothing for a while: who appends hears why, and all goes on by itself afterwards.</summary>
public sealed class OutageTests
{
    private static readonly LogOptions Impatient = new()
    {
        Shards = 2, AttemptsMax = 3, RetryDelay = Duration.FromMilliseconds(10), RetryDelayMax = Duration.FromMilliseconds(20),
    };

    [Fact]
    public async Task Sessions_with_a_server_that_has_become_read_only_are_given_up_so_that_writes_go_on_when_it_is_no_more()
    {
        await using var log = await TestLog.StartAsync(Impatient);
        await log.Did("ann", "signed_up").SendAsync();
        await SetReadOnlyAsync(log, "on");
        await log.Server.ScalarAsync<long>("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => log.Did("bob", "signed_up").SendAsync());
        Assert.Equal(Outage.ReadOnly, Outages.Of(refused));
        Assert.Contains("it is a standby or set to read only", refused.Message, StringComparison.Ordinal);
        // A session that began read only stays so: only new ones write.
        await SetReadOnlyAsync(log, "off");
        Assert.Equal(AppendResult.Appended, (await log.AppendAsync(log.Touchpoint("cleo", "signed_up"))).Result);
    }

    [Fact]
    public async Task Whether_a_server_takes_writes_is_asked_anew()
    {
        await using var log = await TestLog.StartAsync(Impatient);
        foreach (var database in (LogDatabase[])[log.Database, log.Database.Readers])
        {
            Assert.True(await database.TakesWritesAsync());
            await SetReadOnlyAsync(log, "on");
            ((Npgsql.NpgsqlDataSource)database.Source).Clear();
            Assert.False(await database.TakesWritesAsync());
            await SetReadOnlyAsync(log, "off");
            Assert.True(await database.TakesWritesAsync());
        }
    }

    [Fact]
    public async Task A_database_that_is_read_only_at_the_start_is_said_to_be()
    {
        await using var server = await TestDatabase.CreateAsync();
        await server.ExecuteAsync("do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$");
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => server.OpenLogAsync());
        Assert.StartsWith("The database takes no writes, because it is a standby or set to read only: promote it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_told_at_once_and_not_waited_for()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 2, RetryDelay = Duration.FromMinutes(1), RetryDelayMax = Duration.FromMinutes(1) });
        await log.Server.ExecuteAsync("""
            create function full_disk() returns trigger language plpgsql as $$ begin raise 'no space left' using errcode = '53100'; end $$;
            create trigger full_disk before insert on event execute function full_disk();
            """);
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => log.Did("ann", "signed_up").SendAsync());
        Assert.Equal(Outage.DiskFull, Outages.Of(refused));
        await log.Server.ExecuteAsync("drop trigger full_disk on event");
        Assert.Equal(AppendResult.Appended, (await log.AppendAsync(log.Touchpoint("ann", "signed_up"))).Result);
    }

    [Fact]
    public async Task Where_the_server_has_no_connection_left_it_is_tried_again_until_there_is_one()
    {
        await using var log = await TestLog.StartAsync(Impatient);
        ((Npgsql.NpgsqlDataSource)log.Database.Source).Clear();
        await using var other = await log.Server.ConnectAsync();
        await SetAsync(other, "alter database %I connection limit 1");

        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => log.Did("ann", "signed_up").SendAsync());
        Assert.Equal(PostgresErrorCodes.TooManyConnections, Assert.IsType<PostgresException>(refused.InnerException).SqlState);
        Assert.Equal(Outage.Crowded, Outages.Of(refused));
        await SetAsync(other, "alter database %I connection limit -1");
        Assert.Equal(AppendResult.Appended, (await log.AppendAsync(log.Touchpoint("ann", "signed_up"))).Result);
    }

    [Fact]
    public async Task Readers_take_a_quarter_of_the_connections_and_keep_nobody_from_writing()
    {
        const string asleep = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like 'select pg_sleep%'";
        await using var log = await TestLog.StartAsync(Impatient with { ConnectionsMax = 8 });
        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 20).Select(_ => Task.Run(() => SleepAsync(log.Database.Readers, over.Token))).ToList();
        while (await log.Server.ScalarAsync<long>(asleep) < 2) Assert.DoesNotContain(readers, reader => reader.IsFaulted);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Task.Run(() => log.AppendAsync(log.Touchpoint($"customer {n}", "signed_up")))));
        Assert.Equal(2, await log.Server.ScalarAsync<long>(asleep));
        var connections = await log.Server.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        Assert.InRange(connections, 3, 8);
        await over.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_budget_that_nobody_could_work_with_is_refused()
    {
        await using var server = await TestDatabase.CreateAsync();
        await Assert.ThrowsAsync<LogConfigurationException>(() => server.OpenLogAsync(new LogOptions { ConnectionsMax = 7 }));
        await Assert.ThrowsAsync<LogConfigurationException>(() => LogDatabase.OpenAsync(server.ConnectionUri + "?Maximum Pool Size=4", new LogOptions()));
    }

    private static async Task SleepAsync(LogDatabase database, CancellationToken over)
    {
        try
        {
            await using var slow = database.Source.CreateCommand("select pg_sleep(25)");
            await slow.ExecuteNonQueryAsync(over);
        }
        catch (Exception ended) when (ended is OperationCanceledException or NpgsqlException)
        {
            // Told to end, or no connection came free in time.
        }
    }

    private static async Task SetReadOnlyAsync(TestLog log, string value)
    {
        await using var connection = await log.Server.ConnectAsync();
        await using var writable = new NpgsqlCommand("set default_transaction_read_only = off", connection);
        await writable.ExecuteNonQueryAsync();
        await SetAsync(connection, $"alter database %I set default_transaction_read_only = {value}");
    }

    private static async Task SetAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand($"do $$ begin execute format('{statement}', current_database()); end $$", connection);
        await command.ExecuteNonQueryAsync();
    }
}
