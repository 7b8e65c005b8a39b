using Lifecycle.Domain.Events;
using Lifecycle.Projections.Replaying;
using NodaTime;
using static Lifecycle.Projections.Tests.CountScript;

namespace Lifecycle.Projections.Tests;

/// <summary>When a tenant's imported histories are all complete, its customers are counted at once.</summary>
public sealed class ClosedHistoryTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task When_history_closes_all_customers_are_counted_at_once(bool test)
    {
        await using var shop = await ImportedAsync(shards: 3, test);
        await shop.SettleAsync();
        await SweepTests.CloseHistoryAsync(shop);
        await PassAMomentAsync(shop);
        Assert.Equal(3, await shop.CountAsync("event where name = 'count_asked'"));
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
        Assert.Equal(0, await shop.CountAsync("event where name = 'cut_points_computed' and convert_from(open, 'UTF8') like '%left_out%'"));
        Assert.Equal([.. Enumerable.Range(96, 5).Select(i => $"customer {i}")], await BestAsync(shop));
        // Nothing is told for nothing, and midnight counts as ever.
        await SweepTests.CloseHistoryAsync(shop, "again");
        await PassAMomentAsync(shop);
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
        if (test) return;
        await PassMidnightAsync(shop);
        await SettleTwiceAsync(shop);
        Assert.Equal(6, await CutsAsync(shop));
        Assert.Equal(3, await shop.CountAsync("event where name = 'count_asked'"));
    }

    [Fact]
    public async Task A_shard_without_history_counts_with_the_others()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 3, release: TopShop.Release);
        var orders = Enumerable.Range(1, 100).Select(i => (Live: shop.Order($"customer {i}", i), Past: shop.PastOrder($"customer {i}", Yesterday(shop), i)));
        await shop.SendAsync([.. orders.Select(order => order.Live.Customer.Shard == 1 ? order.Live : order.Past)]);
        await shop.SettleAsync();
        await SweepTests.CloseHistoryAsync(shop);
        await PassAMomentAsync(shop);
        Assert.Equal(2, await shop.CountAsync("event where name = 'history_closed'"));
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
    }

    [Fact]
    public async Task The_shard_whose_history_closes_last_asks_and_each_later_history_is_counted_again()
    {
        await using var shop = await ImportedAsync(shards: 3);
        await shop.SettleAsync();
        for (var shard = 0; shard < 3; shard++)
        {
            await PassAMomentAsync(shop);
            Assert.Equal(0, await shop.CountAsync("event where name = 'count_asked'"));
            await CloseAsync(shop, shard);
        }
        await PassAMomentAsync(shop);
        Assert.Equal(3, await CutsAsync(shop));

        // One more is imported, into one shard. Until all is counted again, nobody is moved by it.
        await shop.SendAsync(shop.PastOrder("customer 1", Yesterday(shop), 500), shop.PastOrder("new", Yesterday(shop), 600));
        await PassAMomentAsync(shop);
        Assert.DoesNotContain("new", await BestAsync(shop));
        await SweepTests.CloseHistoryAsync(shop, "again");
        await PassAMomentAsync(shop);
        Assert.Equal(6, await CutsAsync(shop));
        Assert.Equal(97m, await LeastAsync(shop)); // The sixth of 101 customers.
        Assert.Contains("new", await BestAsync(shop));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task A_history_that_stays_open_is_waited_for_ten_minutes()
    {
        await using var shop = await ImportedAsync(shards: 3);
        await shop.SettleAsync();
        foreach (var shard in new[] { 0, 2 }) await CloseAsync(shop, shard);
        await PassAMomentAsync(shop);
        Assert.Equal(0, await shop.CountAsync("event where name = 'count_asked'"));
        await PassAsync(shop, Duration.FromMinutes(11));
        Assert.Equal(3, await shop.CountAsync("event where name = 'count_asked'"));
        await PassAsync(shop, Duration.FromMinutes(11));
        Assert.Equal(3, await shop.CountAsync("event where name = 'cut_points_computed' and convert_from(open, 'UTF8') like '%\"left_out\":[1]%'"));
        await CloseAsync(shop, 1);
        await PassAMomentAsync(shop);
        Assert.Equal(6, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task What_was_asked_for_while_a_history_was_open_is_not_counted_when_it_closes()
    {
        await using var shop = await ImportedAsync(shards: 2);
        await shop.SettleAsync();
        await CloseAsync(shop, 0);
        await PassAMomentAsync(shop);
        await PassAsync(shop, Duration.FromMinutes(11));
        Assert.Equal(2, await shop.CountAsync("event where name = 'count_asked'"));
        await CloseAsync(shop, 1);
        await PassAMomentAsync(shop);
        Assert.Equal(4, await shop.CountAsync("event where name = 'count_asked'"));
        Assert.Equal(1, await shop.CountAsync("(select distinct id from cut_count where shard = 1) counted"));
        Assert.Equal(2, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
    }

    [Fact]
    public async Task Histories_that_close_themselves_are_counted_as_well()
    {
        await using var shop = await ImportedAsync(shards: 2);
        await shop.SettleAsync();
        await shop.Log.Server.ExecuteAsync("update history set last_input_at = now() - interval '11 minutes'");
        await shop.RestartAsync();
        await PassAMomentAsync(shop);
        await PassAMomentAsync(shop);
        Assert.Equal(2, await shop.CountAsync("event where name = 'history_closed'"));
        Assert.Equal(2, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
    }

    [Fact]
    public async Task What_comes_after_the_closing_is_asked_does_not_count()
    {
        await using var shop = await ImportedAsync(shards: 1);
        await shop.SettleAsync();
        await SweepTests.CloseHistoryAsync(shop);
        while (await shop.CountAsync("event where name = 'count_asked'") == 0) await (await shop.ProcessorAsync(0)).RoundAsync();
        await shop.PassAsync(Duration.FromSeconds(1));
        await shop.SendAsync([.. Enumerable.Range(0, 40).Select(i => shop.Order($"customer {i}", 1000))]);
        await PassAMomentAsync(shop);
        Assert.Equal(1, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
        Assert.Equal(45, (await BestAsync(shop)).Count);
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task Whoever_is_killed_on_the_way_it_is_counted_once()
    {
        await using var shop = await ImportedAsync(shards: 3);
        shop.Options = shop.Options with { PageMax = 9 };
        await shop.SettleAsync();
        await SweepTests.CloseHistoryAsync(shop);
        for (var kill = 1; kill < 26; kill++)
        {
            await shop.RestartAsync();
            await shop.PassAsync(Duration.FromSeconds(1));
            for (var shard = 0; shard < 3; shard++)
            {
                var processor = await shop.ProcessorAsync(shard);
                for (var round = 0; round < kill; round++) await processor.RoundAsync();
            }
        }
        await shop.RestartAsync();
        await SettleTwiceAsync(shop);
        Assert.Equal(3, await shop.CountAsync("event where name = 'count_asked'"));
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
        Assert.Equal(5, await shop.CountAsync("event where name = 'stage_changed' and convert_from(open, 'UTF8') like '%\"to\":\"best\"%'"));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task Who_compares_nobody_is_not_asked()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 2, release: TopShop.WithoutTop);
        await shop.SendAsync([.. Enumerable.Range(1, 20).Select(i => shop.PastOrder($"customer {i}", Yesterday(shop), i))]);
        await SweepTests.CloseHistoryAsync(shop);
        await PassAMomentAsync(shop);
        await shop.Publishing.PublishAsync(shop.Tenant, TopShop.Release);
        await PassAMomentAsync(shop);
        Assert.Equal(0, await shop.CountAsync("event where name in ('count_asked', 'cut_points_computed')"));
        Assert.Equal(["customer 20"], await BestAsync(shop));
    }

    /// <summary>Customers 1 to 100, known by their history alone, who have spent as much as their number says.</summary>
    private static async Task<ProjectionShop> ImportedAsync(int shards, bool test = false)
    {
        var shop = await ProjectionShop.OpenAsync(shards, test, TopShop.Release);
        await shop.SendAsync([.. Enumerable.Range(1, 100).Select(i => shop.PastOrder($"customer {i}", Yesterday(shop), i))]);
        return shop;
    }

    private static Instant Yesterday(ProjectionShop shop) => shop.Wall.Now - Duration.FromDays(1);

    private static Task CloseAsync(ProjectionShop shop, int shard) =>
        shop.Log.Log.AppendShardInputAsync(shard, shop.Tenant, new HistoryClosed(), new RecordId(StableHash.Of("closed one", $"{shard}")));

    private static Task PassAMomentAsync(ProjectionShop shop) => PassAsync(shop, Duration.FromSeconds(40));

    /// <summary>Shards are settled one after another here: the last to close asks those before it, and the last to count tells them.</summary>
    private static async Task PassAsync(ProjectionShop shop, Duration time)
    {
        await SettleTwiceAsync(shop);
        await shop.PassAsync(time);
        await shop.RestartAsync();
        await SettleTwiceAsync(shop);
        await shop.PassAsync(Duration.FromSeconds(1));
        await SettleTwiceAsync(shop);
    }
}
