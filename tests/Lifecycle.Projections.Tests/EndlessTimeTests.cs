using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Replaying;

namespace Lifecycle.Projections.Tests;

public sealed class EndlessTimeTests
{
    [Theory]
    [InlineData("occurred_at = '-infinity'")]
    [InlineData("occurred_at = '-infinity', clock = '-infinity', imported = true")]
    public async Task A_stored_event_before_all_time_is_judged_shown_and_verified(string stored)
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"), shop.Order("ann"), shop.Order("bob"));
        await shop.Log.Server.ExecuteAsync(
            $"update event set {stored} where position = (select min(position) from event where customer = '{shop.Log.Customer("ann").Key}')");
        await shop.SettleAsync();

        Assert.Equal(0, await shop.CountAsync("set_aside"));
        Assert.Equal("newcomer regular", await shop.StagesAsync("bob"));
        Assert.StartsWith("newcomer", await shop.StagesAsync("ann"), StringComparison.Ordinal);
        var question = new TimelineQuestion { Kinds = [TimelineKind.Input] };
        Assert.Equal(2, (await shop.Timelines.ReadAsync(shop.Tenant, "ann", question))!.Items.Count);
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
    }
}
