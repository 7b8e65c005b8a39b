using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Replaying;
using NodaTime;
using Npgsql;

namespace Lifecycle.Projections.Tests;

public sealed class RebuildTests
{
    [Theory]
    [InlineData("delete from state; delete from due; delete from span")]
    [InlineData("update state set body = '\\x00'; update due set at = at + interval '5 days'; update span set stage = 'nowhere'")]
    [InlineData("insert into span select shard, lane, tenant, customer, track, ordinal + 70, stage, entered_at, left_at, release, fact from span; "
        + "insert into span select shard, lane, tenant, customer, 'nothing in ' || track, ordinal, stage, entered_at, left_at, release, fact from span")]
    public async Task What_is_derived_is_made_anew_as_the_processor_left_it(string damage)
    {
        await using var shop = await ReplayTests.EventfulAsync();
        var (states, spans) = (await StatesAsync(shop), await SpansAsync(shop));
        await shop.RestartAsync();
        await shop.Log.Server.ExecuteAsync(damage);

        var report = await RebuildAsync(shop);
        Assert.Equal(0, report.Different + report.SetAside);
        Assert.Equal(await shop.CountAsync("state"), report.Customers);
        Assert.Equal(await shop.CountAsync("event where kind < 3"), report.Events);
        Assert.Equal(states, await StatesAsync(shop));
        Assert.Equal(spans, await SpansAsync(shop));
    }

    [Fact]
    public async Task After_a_rebuild_time_goes_on_as_if_there_had_been_none()
    {
        await using var undisturbed = await ReplayTests.EventfulAsync();
        await using var shop = await ReplayTests.EventfulAsync();
        await shop.Log.Server.ExecuteAsync("delete from state; delete from due; delete from span");
        await RebuildAsync(shop);
        await shop.RestartAsync();
        foreach (var one in new[] { undisturbed, shop })
        {
            await one.PassAsync(Duration.FromDays(40));
            await one.SettleAsync();
        }
        Assert.True(await shop.CountAsync("event where kind = 2") > 0);
        Assert.Equal(await undisturbed.CountAsync("event where kind = 2"), await shop.CountAsync("event where kind = 2"));
    }

    [Fact]
    public async Task A_processor_whose_shard_is_rebuilt_changes_nothing_any_more_and_may_have_it_back()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        var processor = await shop.ProcessorAsync(0);
        await RebuildAsync(shop);
        var states = await StatesAsync(shop);
        // Enough customers for each shard to have some of them, wherever their keys lead.
        await shop.SendAsync([.. Enumerable.Range(0, 40).Select(customer => shop.Order($"newcomer {customer}"))]);
        Assert.Equal(ProcessingRound.LeaseLost, await processor.RoundAsync());
        Assert.Equal(states, await StatesAsync(shop));
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.NotEqual(states, await StatesAsync(shop));
    }

    [Fact]
    public async Task Who_no_longer_has_the_facts_of_the_log_is_left_as_they_are_and_counted()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        await shop.Log.Server.ExecuteAsync("delete from event where kind = 2 and (shard, position) = (select shard, max(position) from event where kind = 2 group by shard order by shard limit 1)");
        var states = await StatesAsync(shop);
        Assert.Equal(1, (await RebuildAsync(shop)).Different);
        Assert.Equal(states, await StatesAsync(shop));
    }

    [Fact]
    public async Task A_rebuild_finds_what_verification_finds_and_leaves_that_customer_alone()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        await shop.Log.Server.ExecuteAsync(ReplayTests.OneNumberWrittenOtherwise);
        var states = await StatesAsync(shop);
        var verified = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        var rebuilt = await RebuildAsync(shop);
        Assert.Equal(1, rebuilt.Different);
        Assert.Equal(verified.Differences, rebuilt.Differences);
        Assert.Equal("live 2", Assert.Single(rebuilt.Differences).CustomerId);
        Assert.Equal(states, await StatesAsync(shop));
    }

    [Fact]
    public async Task However_long_a_page_takes_the_lease_is_renewed_meanwhile()
    {
        await using var shop = await ReplayTests.EventfulAsync(Brisk);
        await using (var held = await HoldEventsAsync(shop))
        {
            var rebuild = new Rebuild(shop.Log.Log, shop.Releases).RunAsync(0);
            await UntilAsync(shop, "select count(*) from shard_lease where shard = 0 and expires_at > clock_timestamp()");
            await shop.Log.Server.ExecuteAsync("update shard_lease set expires_at = clock_timestamp() - interval '1 second'");
            await UntilAsync(shop, "select count(*) from shard_lease where shard = 0 and expires_at > clock_timestamp()");
            await held.DisposeAsync();
            Assert.Equal(0, (await rebuild).Different);
        }
    }

    [Theory]
    [InlineData(true, "Shard 0 went back to the server, because its lease could not be renewed for 10 seconds; rebuild again.")]
    [InlineData(false, "Shard 0 was taken by another rebuild; let only one run at a time.")]
    public async Task Whoever_loses_the_lease_is_told_to_whom_and_why(bool server, string why)
    {
        await using var shop = await ReplayTests.EventfulAsync(Brisk);
        await shop.RestartAsync();
        var other = Guid.NewGuid();
        if (server) await new ProcessRegistry(shop.Log.Database).ReportAsync(other, [ProcessRegistry.Process]);
        Task<RebuildReport> rebuild;
        await using (await HoldEventsAsync(shop))
        {
            rebuild = new Rebuild(shop.Log.Log, shop.Releases).RunAsync(0);
            await UntilAsync(shop, "select count(*) from shard_lease where shard = 0 and expires_at > clock_timestamp()");
            await shop.Log.Leases.TakeAsync(0, other);
        }
        Assert.Equal(why, (await Assert.ThrowsAsync<LogUnavailableException>(() => rebuild)).Message);
    }

    /// <summary>Renews leases often; how long they last is as ever.</summary>
    private static readonly LogOptions Brisk = new() { Shards = 2, LeaseRenewal = Duration.FromMilliseconds(50) };

    /// <summary>Until this is disposed of nobody reads an event.</summary>
    private static async Task<NpgsqlConnection> HoldEventsAsync(ProjectionShop shop)
    {
        var connection = await ((NpgsqlDataSource)shop.Log.Database.Source).OpenConnectionAsync();
        await using var hold = connection.CreateCommand();
        hold.CommandText = "set idle_in_transaction_session_timeout = 0; begin; lock table event in access exclusive mode";
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task UntilAsync(ProjectionShop shop, string counted)
    {
        while (await shop.Log.Server.ScalarAsync<long>(counted) == 0) await Task.Delay(20);
    }

    [Fact]
    public async Task Whose_life_cannot_be_lived_again_holds_up_nobody_else_and_is_named()
    {
        await using var shop = await ReplayTests.EventfulAsync();
        var (spans, customers) = (await SpansAsync(shop), await shop.CountAsync("state"));
        var broken = await shop.Log.Server.ScalarAsync<Guid>("""
            update event set open = 'broken' where (shard, position) = (select shard, position from event where kind = 1 order by shard, position limit 1)
            returning customer
            """);
        await shop.Log.Server.ExecuteAsync("update state set body = '\\x00'");

        var report = await RebuildAsync(shop);
        Assert.Equal((1, 0, customers - 1), (report.SetAside, report.Different, report.Customers));
        Assert.Equal(broken, report.Unlived.Single().Customer.Value);
        Assert.StartsWith("JsonReaderException: ", report.Unlived.Single().Reason, StringComparison.Ordinal);
        Assert.Equal(1, await shop.CountAsync($"state where body = '\\x00' and customer = '{broken}'"));
        Assert.Equal(0, await shop.CountAsync($"state where body = '\\x00' and customer <> '{broken}'"));
        Assert.Equal(spans, await SpansAsync(shop));

        var replay = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Equal((1, 0, customers - 1), (replay.SetAside, replay.DifferenceCount, replay.Customers));
        Assert.Equal(report.Unlived, replay.Unlived);
    }

    private static async Task<RebuildReport> RebuildAsync(ProjectionShop shop)
    {
        var (rebuild, report) = (new Rebuild(shop.Log.Log, shop.Releases), RebuildReport.Empty);
        for (var shard = 0; shard < shop.Log.Database.Shards; shard++) report = report.And(await rebuild.RunAsync(shard));
        return report;
    }

    private static Task<string> StatesAsync(ProjectionShop shop) => shop.Log.Server.ScalarAsync<string>("select string_agg(s::text, E'\n' order by s::text) from state s");

    private static Task<string> SpansAsync(ProjectionShop shop) => shop.Log.Server.ScalarAsync<string>("select string_agg(s::text, E'\n' order by s::text) from span s");
}
