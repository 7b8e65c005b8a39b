using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Partitions;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Testing;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Tests;

/// <summary>The log's partitions by months.</summary>
public sealed class MonthTests
{
    private const string MonthOfEvents = "select string_agg(tableoid::regclass || ' ' || n, ', ' order by tableoid::regclass::text) from (select tableoid, count(*) as n from event group by tableoid) e";

    [Fact]
    public async Task Each_event_lies_in_the_month_in_which_it_was_recorded()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 1 });
        await log.Log.RaiseAsync(0, Instant.FromUtc(2031, 4, 30, 23, 59, 59) + Duration.FromMilliseconds(999));
        await log.Did("ann", "session_start").SendAsync();
        await log.Log.RaiseAsync(0, Instant.FromUtc(2031, 5, 1, 0, 0));
        await log.Did("ann", "session_start").Once("ann", "order_completed", Instant.FromUtc(2020, 1, 1, 0, 0)).SendAsync();
        Assert.Equal("event_2031_04 1, event_2031_05 2, event_of_shard 1", await log.Server.ScalarAsync<string>(MonthOfEvents));
        Assert.Equal("event_2031_06", await log.Server.ScalarAsync<string>("select max(relname::text) from pg_class where relname ~ '^event_[0-9]{4}_[0-9]{2}$'"));
    }

    [Fact]
    public async Task A_month_that_is_missing_is_made_when_an_event_comes()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 1 });
        await log.Server.ExecuteAsync("update shard_head set recorded_at = '2033-02-10'");
        Assert.Equal(AppendResult.Appended, (await log.Did("ann", "session_start").SendAsync())[0].Result);
        Assert.Equal("event_2033_02 1", await log.Server.ScalarAsync<string>(MonthOfEvents));
    }

    [Fact]
    public async Task Looked_after_every_hour_the_months_are_ahead_of_time()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 2 });
        await log.Server.ExecuteAsync("update shard_head set recorded_at = '2033-02-10' where shard = 1");
        await log.Log.MaintainPartitionsAsync();
        Assert.Equal(2, await log.Server.ScalarAsync<long>("select count(*) from pg_class where relname in ('event_2033_02', 'event_2033_03')"));
    }

    [Fact]
    public async Task Several_processes_make_a_month_at_once()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 1 });
        var at = Instant.FromUtc(2040, 7, 7, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new EventMonths(log.Database.Source).EnsureAsync(at, default))));
        Assert.Equal(2, await log.Server.ScalarAsync<long>("select count(*) from pg_class where relname in ('event_2040_07', 'event_2040_08')"));
    }

    [Fact]
    public async Task A_log_begun_before_there_were_months_goes_on_as_it_is()
    {
        await using var server = await TestDatabase.CreateEmptyAsync();
        foreach (var (name, text) in SqlFiles.Folder("Migrations").Take(2)) await ByHandAsync(server, text, name);
        await ByHandAsync(server, """
            create table schema_version (version int primary key, name text not null, applied_at timestamptz not null default now());
            insert into schema_version values (1, '001-log.sql'), (2, '002-processes.sql');
            insert into shard_head values (0, 3, '2026-08-05'); insert into shard_lease (shard, expires_at, fired_to) values (0, now(), now());
            insert into tenant (tenant, name, test, secret) values (1, 'live', false, '\x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff');
            """, "rows");
        foreach (var (position, month, kind) in new[] { (1, 7, 1), (2, 7, 3), (3, 8, 1) })
            await ByHandAsync(server, $"""
                insert into event (shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, id, open)
                values (0, {position}, '2026-{month:00}-05', '2026-{month:00}-05', '2026-{month:00}-05', 1, {(kind == 3 ? "null" : "'0a000000-0000-4000-8000-000000000001'")}, {kind},
                  {(kind == 3 ? "'history_closed'" : "'session_start'")}, 1, false, 0, gen_random_uuid(), '{"{}"}')
                """, "row");

        await using var database = await server.OpenLogAsync(new LogOptions { Shards = 1 });
        var log = new TouchpointLog(database);
        Assert.Equal([1, 2, 3], (await log.ReadAsync(0, 0, 10)).Select(row => row.Position));
        Assert.Equal(2, Assert.Single(await log.ReadShardInputsAsync(0, 0)).Position);
        var tenant = (await new TenantStore(database).FindAsync(1))!;
        var ann = new CustomerDirectory(database).Locate(tenant, "ann");
        var open = "{}"u8.ToArray();
        var input = new NewInput(ann, new RecordId(Guid.NewGuid()), StableHash.Of(open), "session_start", 1, open, null, Instant.FromUtc(2026, 1, 1, 0, 0), false, 0, false);
        Assert.Equal(4, (await log.AppendAsync([input]))[0].Position);
        // The months before were one table, and go into files as one when the last of them is over.
        var present = await server.ScalarAsync<string>("select to_char(now() at time zone 'UTC', '\"event_\"YYYY\"_\"MM')");
        Assert.Equal($"{present} 3, event_of_shard 1", await server.ScalarAsync<string>(MonthOfEvents));
    }

    private static async Task ByHandAsync(TestDatabase server, string text, string name)
    {
        try
        {
            await server.ExecuteAsync(text);
        }
        catch (PostgresException wrong)
        {
            throw new InvalidOperationException($"{name}: {wrong.MessageText}", wrong);
        }
    }
}
