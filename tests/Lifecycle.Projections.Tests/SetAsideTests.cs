using Lifecycle.Projections.Replaying;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class SetAsideTests
{
    [Fact]
    public async Task Who_cannot_be_processed_is_set_aside_alone_and_comes_back_after_the_repair()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"), shop.Order("ann"), shop.Order("bob"), shop.Order("ann", 200), shop.Order("bob", 200));
        await BreakAsync(shop, "ann", place: 2);
        await shop.SettleAsync();
        Assert.Equal("newcomer", await shop.StagesAsync("ann"));
        Assert.Equal("newcomer regular", await shop.StagesAsync("bob"));
        Assert.Equal(1, await shop.CountAsync($"set_aside where position = (select position from event where convert_from(open, 'UTF8') = 'broken')"));

        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"));
        await shop.SettleAsync();
        Assert.Equal("plain", await shop.StagesAsync("ann", "vip"));
        Assert.Equal("plain gold", await shop.StagesAsync("bob", "vip"));

        await RepairAsync(shop);
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal(0, await shop.CountAsync("set_aside"));
        Assert.Equal("newcomer regular", await shop.StagesAsync("ann"));
        Assert.Equal("plain gold", await shop.StagesAsync("ann", "vip"));
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
    }

    [Fact]
    public async Task A_history_that_cannot_be_folded_anew_holds_up_nobody_else()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"), shop.Order("cid"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(10));
        await BreakAsync(shop, "bob", place: 1);
        await shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient);
        await shop.SettleAsync();
        Assert.Equal("newcomer", await shop.StagesAsync("bob"));
        Assert.Equal("newcomer decline", await shop.StagesAsync("cid"));

        await RepairAsync(shop);
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal("newcomer decline", await shop.StagesAsync("bob"));
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_holds_up_nobody_else()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"));
        await shop.SettleAsync();
        await shop.Log.Server.ExecuteAsync($"update state set body = '\\xff' where customer = '{shop.Log.Customer("ann").Key}'");
        await shop.RestartAsync();
        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"));
        await shop.SettleAsync();
        Assert.Equal("newcomer regular", await shop.StagesAsync("bob"));
        Assert.Equal(1, await shop.CountAsync($"set_aside where customer = '{shop.Log.Customer("ann").Key}'"));
    }

    private static Task BreakAsync(ProjectionShop shop, string customer, int place) => shop.Log.Server.ExecuteAsync($"""
        create table whole as select shard, position, open from event
        where kind = 1 and customer = '{shop.Log.Customer(customer).Key}' order by position offset {place - 1} limit 1;
        update event e set open = 'broken' from whole w where e.shard = w.shard and e.position = w.position
        """);

    private static Task RepairAsync(ProjectionShop shop) => shop.Log.Server.ExecuteAsync(
        "update event e set open = w.open from whole w where e.shard = w.shard and e.position = w.position");
}
