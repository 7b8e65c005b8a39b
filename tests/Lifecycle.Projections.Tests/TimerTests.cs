using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class TimerTests
{
    [Fact]
    public async Task A_due_instant_fires_at_its_own_instant_however_late_we_look()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        var ordered = (await shop.Pages.FindAsync(shop.Tenant, "ann"))!.LastSeen!.Value;

        await shop.PassAsync(Duration.FromDays(20));
        await shop.SettleAsync();
        var decline = (await shop.Stages.SpansAsync(shop.Tenant, "ann"))!.Single(span => span.Stage == "decline");
        Assert.Equal(ordered + Duration.FromDays(14), decline.From);
        Assert.Equal(MoveCause.Time, decline.Cause);
        Assert.StartsWith("Fell to decline because 14 days passed since the last purchase (", decline.Words.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Looking_every_day_gives_the_same_facts_as_looking_once()
    {
        await using var daily = await ProjectionShop.OpenAsync();
        await using var once = await ProjectionShop.OpenAsync();
        once.Wall.Now = daily.Wall.Now;
        foreach (var shop in (ProjectionShop[])[daily, once])
        {
            await shop.PassAsync(Duration.FromMinutes(1));
            await shop.SendAsync([.. Enumerable.Range(0, 5).Select(i => shop.Order($"customer {i}", id: $"{i}"))]);
        }
        for (var day = 0; day < 40; day++)
        {
            await daily.PassAsync(Duration.FromDays(1));
            await daily.SettleAsync();
        }
        await once.PassAsync(Duration.FromDays(40));
        await once.SettleAsync();
        // Both logs recorded at the scripted minute, so that the facts agree to the millisecond.
        Assert.Equal(await daily.FactsAsync(), await once.FactsAsync());
        Assert.Equal(10, await daily.CountAsync("event where name = 'action_requested'"));
    }

    [Fact]
    public async Task Every_request_becomes_one_delivery_for_each_enabled_endpoint()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(15));
        await shop.SettleAsync();
        Assert.Equal(0, await shop.Log.Server.ScalarAsync<int>("select endpoint from delivery"));

        await shop.Log.Server.ExecuteAsync($"""
            insert into endpoint (tenant, endpoint, url, secret, enabled)
            values ({shop.Tenant.Id}, 1, 'http://one', '', true), ({shop.Tenant.Id}, 2, 'http://two', '', true), ({shop.Tenant.Id}, 3, 'http://three', '', false)
            """);
        await shop.PassAsync(Duration.FromDays(3));
        await shop.SettleAsync();
        Assert.Equal("0,1,2", await shop.Log.Server.ScalarAsync<string>("select string_agg(endpoint::text, ',' order by endpoint) from delivery"));
        Assert.Equal(2, await shop.CountAsync("(select distinct key from delivery) k"));
    }

    [Fact]
    public async Task A_customer_who_returns_in_time_is_left_alone()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(10));
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(10));
        await shop.SettleAsync();
        Assert.Equal("newcomer regular", await shop.StagesAsync("ann"));
    }

    [Fact]
    public async Task Firing_in_small_pages_with_a_kill_after_each_fires_everybody_once()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        shop.Options = shop.Options with { PageMax = 2 };
        await shop.SendAsync([.. Enumerable.Range(0, 9).Select(i => shop.Order($"customer {i}"))]);
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(15));
        for (var i = 0; i < 12; i++)
        {
            await shop.RestartAsync();
            var processor = await shop.ProcessorAsync(0);
            await processor.RoundAsync();
            await processor.RoundAsync();
        }
        await shop.SettleAsync();
        Assert.Equal(9, await shop.CountAsync("span where stage = 'decline'"));
        Assert.Equal(9, await shop.CountAsync("delivery"));
    }

    [Fact]
    public async Task Nothing_is_raised_while_nothing_is_due()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        var head = await shop.Log.Log.HeadAsync(0);
        shop.Wall.Now += Duration.FromDays(3);
        await shop.SettleAsync();
        Assert.Equal(head, await shop.Log.Log.HeadAsync(0));
    }
}
