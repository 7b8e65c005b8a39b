using System.Text;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Replaying;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class ErasureTests
{
    [Fact]
    public async Task Of_who_is_erased_nothing_is_left_and_everybody_else_is_as_before()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"), shop.Order("ann", 200), shop.Order("bob"), shop.Order("bob"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(15));
        await shop.SettleAsync();
        Assert.Equal(2, await shop.CountAsync("delivery"));

        var ann = shop.Log.Customer("ann");
        Assert.Equal(AppendResult.Appended, (await shop.Log.Log.EraseAsync(shop.Tenant, ann))!.Value.Result);
        Assert.Equal(AppendResult.Duplicate, (await shop.Log.Log.EraseAsync(shop.Tenant, ann))!.Value.Result);
        Assert.Null(await shop.Log.Log.EraseAsync(shop.Tenant, shop.Log.Customer("nobody")));
        await shop.SettleAsync();
        foreach (var table in (string[])["state", "due", "span", "delivery"])
            Assert.Equal((table, 0, true), (table, await shop.CountAsync($"{table} where customer = '{ann.Key}'"), await shop.CountAsync(table) > 0));
        Assert.Equal(1, await shop.CountAsync($"customer where customer = '{ann.Key}' and key is null and id = ''"));

        Assert.Equal([AppendResult.Erased, AppendResult.Appended, AppendResult.Erased], (await shop.SendAsync(shop.Order("ann"), shop.Order("bob"), shop.PastOrder("ann", Instant.FromUtc(2020, 1, 1, 0, 0))))
            .Select(outcome => outcome.Result));
        await shop.SettleAsync();
        Assert.Null(await shop.Pages.FindAsync(shop.Tenant, "ann"));
        Assert.Null(await shop.Pages.FindAtAsync(shop.Tenant, "ann", shop.Wall.Now));
        Assert.Null(await shop.Timelines.ReadAsync(shop.Tenant, "ann", new TimelineQuestion()));
        Assert.Null(await shop.Stages.SpansAsync(shop.Tenant, "ann"));
        Assert.Equal("newcomer regular decline regular", await shop.StagesAsync("bob"));
        await BobAgreesAsync(shop);

        var rebuilt = await new Rebuild(shop.Log.Log, shop.Releases).RunAsync(0);
        Assert.Equal((1, 0, 0), (rebuilt.Customers, rebuilt.SetAside, rebuilt.Different));
        Assert.Equal(0, await shop.CountAsync($"state where customer = '{ann.Key}'"));
    }

    [Fact]
    public async Task What_came_just_before_the_end_of_a_life_is_not_judged_any_more_and_nobody_is_set_aside()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await SealedAsync(shop, "ann");
        await SealedAsync(shop, "bob");
        await shop.SettleAsync();
        var facts = await shop.CountAsync("event where kind = 2");
        // The processor has not seen the end yet when another one begins, with a key that is gone.
        await SealedAsync(shop, "ann");
        await shop.Log.Log.EraseAsync(shop.Tenant, shop.Log.Customer("ann"));
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal((facts, 0), (await shop.CountAsync("event where kind = 2"), await shop.CountAsync("set_aside")));
        Assert.Equal(1, await shop.CountAsync("state"));
        await BobAgreesAsync(shop);
    }

    [Fact]
    public async Task Who_was_set_aside_can_be_erased()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"));
        await shop.SettleAsync();
        await shop.Log.Server.ExecuteAsync($"update state set body = '\\x0102'::bytea where customer = '{shop.Log.Customer("ann").Key}'");
        await shop.RestartAsync();
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        Assert.Equal(1, await shop.CountAsync("set_aside"));
        await shop.Log.Log.EraseAsync(shop.Tenant, shop.Log.Customer("ann"));
        await shop.SettleAsync();
        Assert.Equal((0, 1), (await shop.CountAsync("set_aside"), await shop.CountAsync("state")));
        await BobAgreesAsync(shop);
    }

    private static async Task BobAgreesAsync(ProjectionShop shop)
    {
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Equal((1, 1, 0, 0), (report.Customers, report.Erased, report.SetAside, report.DifferenceCount));
    }

    private static async Task SealedAsync(ProjectionShop shop, string customer)
    {
        var input = shop.Order(customer);
        var keys = await shop.Log.Customers.EnsureAsync([input.Customer]);
        var personal = Encoding.UTF8.GetBytes("""{"properties":{"phone":"13800138000"}}""");
        await shop.SendAsync(input with { Sealed = PersonalCipher.Encrypt(keys[input.Customer.Key], input.Id, personal, forRules: true) });
    }
}
