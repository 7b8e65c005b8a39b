using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Replaying;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class ReplayTests
{
    [Fact]
    public async Task A_log_of_history_releases_timers_and_late_events_replays_to_the_same_facts()
    {
        await using var shop = await EventfulAsync();
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Empty(report.Differences);
        Assert.True(report is { Customers: > 10, Facts: > 60 }, $"There is too little to compare: {report}");
    }

    [Theory]
    [InlineData("update event set clock = clock + interval '1 millisecond' where kind = 2 and position = {0}")]
    [InlineData("update event set open = convert_to(replace(convert_from(open, 'UTF8'), 'decline', 'recline'), 'UTF8') where kind = 2 and position = {0}")]
    [InlineData("update event set ordinal = ordinal + 1 where kind = 2 and position = {0}")]
    [InlineData("delete from event where kind = 2 and position = {0}")]
    public async Task A_fact_that_does_not_follow_is_found(string forgery)
    {
        await using var shop = await EventfulAsync();
        var position = await shop.Log.Server.ScalarAsync<long>(
            "select max(position) from event where shard = 0 and name = 'stage_changed' and convert_from(open, 'UTF8') like '%\"to\":\"decline\"%'");
        await shop.Log.Server.ExecuteAsync(string.Format(null, forgery, $"{position} and shard = 0"));
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Equal(1, report.DifferenceCount);
    }

    [Fact]
    public async Task A_difference_names_the_customer_the_path_and_both_values()
    {
        await using var shop = await EventfulAsync();
        await shop.Log.Server.ExecuteAsync(OneNumberWrittenOtherwise);
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        var difference = Assert.Single(report.Differences);
        Assert.Equal((shop.Tenant.Name, "live 2"), (difference.Tenant, difference.CustomerId));
        Assert.Equal(new ValueDifference("release", "1.0", "1"), Assert.Single(difference.Values));
    }

    [Fact]
    public async Task Whom_the_server_beside_has_not_judged_yet_is_not_compared_and_counted()
    {
        await using var shop = await EventfulAsync();
        await shop.SendAsync(shop.Order("live 1"), shop.Order("nobody yet"));
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Equal((0, 2), (report.DifferenceCount, report.Unjudged));
    }

    /// <summary>One fact of one customer says 1.0 where it said 1.</summary>
    internal const string OneNumberWrittenOtherwise = """
        update event set open = convert_to(replace(convert_from(open, 'UTF8'), '"release":1,', '"release":1.0,'), 'UTF8')
        where (shard, position) = (select event.shard, min(position) from event join customer using (shard, tenant, customer)
          where kind = 2 and name = 'stage_changed' and customer.id = 'live 2' group by event.shard)
        """;

    [Fact]
    public async Task Replayed_into_a_fresh_database_the_inputs_give_the_same_facts_and_deliver_nothing()
    {
        await using var shop = await EventfulAsync();
        await using var fresh = await TestDatabase.CreateAsync();
        await using var target = await fresh.OpenLogAsync(new LogOptions { Shards = shop.Log.Database.Shards });
        await new ReplayCopy(shop.Log.Log, new TouchpointLog(target)).RunAsync(new ProcessingOptions { StepRowsMax = 7, PageMax = 3 });

        Assert.Equal(await AllFactsAsync(shop.Log.Server), await AllFactsAsync(fresh));
        Assert.True(await shop.CountAsync("delivery") > 0);
        Assert.Equal(0, await fresh.ScalarAsync<long>("select count(*) from delivery"));
        Assert.Equal(await SpansAsync(shop.Log.Server), await SpansAsync(fresh));
    }

    [Fact]
    public async Task Processing_that_stood_still_for_a_day_while_events_came_in_gives_the_facts_of_a_replay()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        foreach (var customer in Enumerable.Range(0, 12)) await shop.SendAsync(shop.Order($"live {customer}"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(13) + Duration.FromHours(12));
        await shop.SettleAsync();
        await shop.RestartAsync();
        var before = await shop.CountAsync("event where kind = 2");

        await shop.PassAsync(Duration.FromHours(6));
        await shop.SendAsync(shop.Order("live 1"), shop.Order("live 12"));
        await shop.PassAsync(Duration.FromHours(12));
        await shop.SendAsync(shop.Order("live 2", 300), shop.Order("live 12"));
        await shop.PassAsync(Duration.FromHours(6));
        Assert.Equal(before, await shop.CountAsync("event where kind = 2"));
        await shop.SettleAsync();

        await using var fresh = await TestDatabase.CreateAsync();
        await using var target = await fresh.OpenLogAsync(new LogOptions { Shards = shop.Log.Database.Shards });
        await new ReplayCopy(shop.Log.Log, new TouchpointLog(target)).RunAsync();
        Assert.Equal(await AllFactsAsync(shop.Log.Server), await AllFactsAsync(fresh));
        Assert.True(await shop.CountAsync("event where kind = 2") > before + 5, "Nothing became due while processing stood still.");
    }

    internal static async Task<ProjectionShop> EventfulAsync(LogOptions? options = null)
    {
        var shop = await ProjectionShop.OpenAsync(log: options);
        await shop.SendAsync([.. StepTests.History(shop)]);
        await shop.SendAsync(shop.Order("live 1"), shop.Order("live 2"), shop.Order("customer 3"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(16));
        await shop.SettleAsync();
        // A late event for who lives by the wall: it must be judged alike, whether timers had fired before it or not.
        await shop.SendAsync(shop.PastOrder("live 1", shop.Wall.Now - Duration.FromDays(15)), shop.PastOrder("customer 3", shop.Wall.Now - Duration.FromDays(30)));
        await shop.SettleAsync();
        await SweepTests.CloseHistoryAsync(shop);
        await shop.SettleAsync();
        await shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient);
        await shop.SendAsync(shop.Order("live 2", 300));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(9));
        await shop.SettleAsync();
        return shop;
    }

    private static Task<string> AllFactsAsync(TestDatabase database) => database.ScalarAsync<string>("""
        select string_agg(concat_ws(' ', shard, tenant, customer, extract(epoch from clock), name, version, cause, ordinal, id, convert_from(open, 'UTF8')), E'\n'
          order by shard, tenant, customer, clock, cause, ordinal)
        from event where kind = 2
        """);

    private static Task<string> SpansAsync(TestDatabase database) =>
        database.ScalarAsync<string>("select string_agg(s::text, E'\n' order by s::text) from span s");
}
