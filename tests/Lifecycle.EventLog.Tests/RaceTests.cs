using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Tests;

/// <summary>The four races that the locking recipe exists for.</summary>
public sealed class RaceTests
{
    private static readonly LogOptions OneShard = new() { Shards = 1 };

    [Fact]
    public async Task A_duplicate_is_found_across_the_boundary_of_two_windows_under_concurrency()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 1, MessageIdWindow = Duration.FromHours(1) });
        var windowStart = NextWindow(await log.Log.HeadAsync(0));
        for (var boundary = 0; boundary < 5; boundary++)
        {
            // One millisecond before the boundary, then over it while eight writers send the same ids.
            await log.Log.RaiseAsync(0, windowStart - Duration.FromMilliseconds(1));
            var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                var mine = new TouchpointLog(log.Database);
                for (var n = 0; n < 10; n++)
                    await mine.AppendAsync([log.Touchpoint("ann", "session_start", id: $"{boundary}-{n}"), log.Touchpoint("ann", "session_start", id: $"{boundary}-{n + 1}")]);
            })).ToList();
            var start = windowStart;
            writers.Add(Task.Run(() => log.Log.RaiseAsync(0, start)));
            await Task.WhenAll(writers);
            windowStart = NextWindow(await log.Log.HeadAsync(0));
        }

        var rows = await log.Log.ReadAsync(0, 0, 10_000);
        Assert.Equal(5 * 11, rows.Count);
        Assert.Equal(rows.Count, rows.Select(row => row.Id).Distinct().Count());
        Assert.True(await log.Server.ScalarAsync<long>("select count(distinct time_window) from message_id where time_window > 0") > 1);
    }

    [Fact]
    public async Task An_id_is_remembered_over_one_boundary_and_forgotten_over_two_but_an_imported_one_never()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 1, MessageIdWindow = Duration.FromHours(1) });
        await log.Did("ann", "signed_up", id: "live").Once("ann", "signed_up", Instant.FromUtc(2000, 1, 1, 0, 0), id: "imported").SendAsync();
        await log.Log.RaiseAsync(0, NextWindow(await log.Log.HeadAsync(0)));
        Assert.Equal(AppendResult.Duplicate, (await log.AppendAsync(log.Touchpoint("ann", "signed_up", id: "live"))).Result);
        await log.Log.RaiseAsync(0, NextWindow(await log.Log.HeadAsync(0)));
        Assert.Equal(1, await log.Log.MaintainPartitionsAsync());
        Assert.Equal(AppendResult.Appended, (await log.AppendAsync(log.Touchpoint("ann", "signed_up", id: "live"))).Result);
        Assert.Equal(AppendResult.Duplicate, (await log.AppendAsync(log.Touchpoint("ann", "signed_up", id: "imported"))).Result);
        Assert.Equal(0, await log.Log.MaintainPartitionsAsync());
    }

    [Theory]
    [InlineData("this window"), InlineData("window before"), InlineData("imported")]
    public async Task Who_has_met_no_repeat_yet_finds_it_wherever_the_first_is_remembered(string known)
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 1, MessageIdWindow = Duration.FromHours(1) });
        await log.Once("ann", "signed_up", Instant.FromUtc(2000, 1, 1, 0, 0), id: "imported").Did("ann", "signed_up", id: "window before").SendAsync();
        await log.Log.RaiseAsync(0, NextWindow(await log.Log.HeadAsync(0)));
        await log.Did("ann", "signed_up", id: "this window").SendAsync();
        var before = await log.Log.HeadAsync(0);

        var outcomes = await new TouchpointLog(log.Database).AppendAsync(
            [log.Touchpoint("ann", "session_start", id: "new"), log.Touchpoint("ann", "signed_up", id: known), log.Touchpoint("bob", "signed_up", id: known)]);
        var first = (await log.Log.ReadAsync(0, 0, 10)).First(row => row.Id == new RecordId(StableHash.Of(known)));
        Assert.Equal([new(AppendResult.Appended, 0, before.Position + 1), new(AppendResult.Duplicate, 0, first.Position), new AppendOutcome(AppendResult.Appended, 0, before.Position + 2)], outcomes);
        Assert.Equal(before.Position + 2, (await log.Log.HeadAsync(0)).Position);
    }

    [Fact]
    public async Task A_window_without_a_partition_gets_one_when_the_first_event_comes()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 1, MessageIdWindow = Duration.FromHours(1) });
        await log.Server.ExecuteAsync("update shard_head set recorded_at = recorded_at + interval '30 days'");
        Assert.Equal(AppendResult.Appended, (await log.AppendAsync(log.Touchpoint("ann", "signed_up"))).Result);
    }

    [Fact]
    public async Task The_time_is_taken_after_the_lock()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "warm_up").SendAsync();
        await using var other = await log.Server.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await ExecuteAsync(other, "select * from shard_head where shard = 0 for update");

        var append = Task.Run(() => log.AppendAsync(log.Touchpoint("ann", "signed_up", id: "a")));
        await UntilWaitingAsync(log);
        await ExecuteAsync(other, "select pg_sleep(0.2)");
        var released = await ScalarAsync<DateTime>(other, "select clock_timestamp()");
        await transaction.CommitAsync();

        var outcome = await append;
        var row = (await log.Log.ReadAsync(0, outcome.Position - 1, 1))[0];
        Assert.True(row.RecordedAt >= Instant.FromDateTimeUtc(released).ToMilliseconds(), $"recorded {row.RecordedAt}, released {released:O}");
    }

    [Fact]
    public async Task A_duplicate_that_waited_for_the_lock_sees_what_was_committed_meanwhile()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "warm_up").SendAsync();
        await using var other = await log.Server.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await ExecuteAsync(other, "select * from shard_head where shard = 0 for update");

        // Two processes with the same event, both waiting for the head.
        var appends = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            (await new TouchpointLog(log.Database).AppendAsync([log.Touchpoint("ann", "signed_up", id: "a")]))[0])).ToList();
        await UntilWaitingAsync(log, count: 2);
        await transaction.CommitAsync();

        Assert.Equal([AppendResult.Appended, AppendResult.Duplicate], (await Task.WhenAll(appends)).Select(outcome => outcome.Result).Order());
        Assert.Equal(2, (await log.Log.HeadAsync(0)).Position);
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_in_the_log_once()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await using var proxy = new DatabaseProxy(log.Server.Port);
        await using var through = await LogDatabase.OpenAsync(log.Server.ConnectionUriVia(proxy.Port), OneShard);
        var mine = new TouchpointLog(through);
        await mine.AppendAsync([log.Touchpoint("ann", "warm_up")]);

        for (var round = 1; round <= 5; round++)
        {
            proxy.SwallowAnswers();
            var append = mine.AppendAsync([log.Touchpoint("ann", "signed_up", id: $"{round}"), log.Touchpoint("bob", "signed_up", id: $"{round}")]);
            await UntilAsync(async () => (await log.Log.HeadAsync(0)).Position == 1 + 2 * round);
            Assert.False(append.IsCompleted);
            proxy.Cut();
            Assert.Equal([new(AppendResult.Duplicate, 0, 2 * round), new AppendOutcome(AppendResult.Duplicate, 0, 2 * round + 1)], await append);
        }

        Assert.True(proxy.Cuts >= 5);
        Assert.Equal(11, (await log.Log.ReadAsync(0, 0, 100)).Count);
    }

    [Fact]
    public async Task A_stopped_client_that_holds_a_head_is_thrown_out_and_appends_go_on()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await using var stopped = await ((NpgsqlDataSource)log.Database.Source).OpenConnectionAsync();
        await ExecuteAsync(stopped, "begin; select * from shard_head where shard = 0 for update");

        var outcome = await log.AppendAsync(log.Touchpoint("ann", "signed_up"));

        Assert.Equal(AppendResult.Appended, outcome.Result);
        var thrownOut = await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(stopped, "commit"));
        Assert.True(thrownOut is not PostgresException refused || refused.SqlState == "25P03");
    }

    [Fact]
    public async Task A_log_out_of_reach_is_reported_after_a_bounded_number_of_attempts()
    {
        var options = new LogOptions { Shards = 1, AttemptsMax = 3, RetryDelay = Duration.FromMilliseconds(1) };
        await using var log = await TestLog.StartAsync(options);
        var proxy = new DatabaseProxy(log.Server.Port);
        await using var through = await LogDatabase.OpenAsync(log.Server.ConnectionUriVia(proxy.Port), options);
        await proxy.DisposeAsync();
        await Assert.ThrowsAsync<LogUnavailableException>(() => new TouchpointLog(through).AppendAsync([log.Touchpoint("ann", "signed_up")]));
    }

    private static Instant NextWindow(ShardHead head)
    {
        var hour = Duration.FromHours(1).TotalMilliseconds;
        return Instant.FromUnixTimeMilliseconds((long)((Math.Floor(head.RecordedAt.ToUnixTimeMilliseconds() / hour) + 1) * hour));
    }

    private static Task UntilWaitingAsync(TestLog log, int count = 1) => UntilAsync(async () =>
        await log.Server.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") >= count);

    // Asks again and again, at most for as long as a lock is waited for.
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 2000; attempt++)
            if (await holds()) return;
        Assert.Fail("What was waited for did not come.");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
