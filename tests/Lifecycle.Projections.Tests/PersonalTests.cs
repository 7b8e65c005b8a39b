using System.Text;
using Lifecycle.Definitions;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;

namespace Lifecycle.Projections.Tests;

public sealed class PersonalTests
{
    [Fact]
    public async Task Rules_read_what_is_sealed_and_a_replay_agrees()
    {
        await using var shop = await Shop.OpenAsync(release: Reachable(""));
        await SealedAsync(shop, shop.Log.Input("ann", new ProfileChanged(Properties.Parse("""{"country":"CN"}"""))), """{"traits":{"phone":"13800138000"}}""");
        await SealedAsync(shop, shop.Order("bob"), """{"properties":{"phone":"+14155550100"}}""");
        await shop.SendAsync(shop.Order("cid"));
        await shop.SettleAsync();
        Assert.Equal(["unknown reachable", "unknown reachable", "unknown"], [await shop.StagesAsync("ann"), await shop.StagesAsync("bob"), await shop.StagesAsync("cid")]);
        await AgreesAsync(shop);
    }

    [Fact]
    public async Task A_release_that_declares_what_was_sealed_before_reads_it_and_rewrites_no_row()
    {
        await using var shop = await Shop.OpenAsync();
        await SealedAsync(shop, shop.Log.Input("ann", new ProfileChanged(Properties.None)), """{"traits":{"phone":"13800138000"}}""");
        await shop.SettleAsync();
        var rows = await RowsAsync(shop);
        await shop.Publishing.PublishAsync(shop.Tenant, Reachable(""));
        await shop.SettleAsync();
        Assert.Equal("newcomer unknown reachable", await shop.StagesAsync("ann"));
        Assert.Equal(rows, await RowsAsync(shop));
        await AgreesAsync(shop);

        static Task<string> RowsAsync(Shop shop) => shop.Log.Server.ScalarAsync<string>(
            "select string_agg(position || encode(open, 'hex') || coalesce(encode(sealed, 'hex'), ''), ',' order by shard, position) from event where kind = 1");
    }

    private static async Task AgreesAsync(Shop shop)
    {
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Equal(0, report.DifferenceCount);
        Assert.True(report.Facts > 0);
    }

    /// <summary>Sends an input with something sealed beside it, as intake would.</summary>
    private static async Task SealedAsync(Shop shop, NewInput input, string personal)
    {
        var keys = await shop.Log.Customers.EnsureAsync([input.Customer]);
        await shop.SendAsync(input with { Sealed = Seal.Close(keys[input.Customer.Key], input.Id, Encoding.UTF8.GetBytes(personal), forRules: true) });
    }

    /// <summary>A shop that tells customers apart by whether a phone number of theirs is known.</summary>
    private static ReleaseText Reachable(string personal) => new($$"""
        definition: reachable
        zone: UTC
        currency: USD
        customer: { country: text, phone: {{personal}}text }
        events:
          order_completed: { revenue: money, phone: {{personal}}text }
        metrics:
          revenue: sum(order_completed.revenue)
          last_phone: latest(order_completed.phone)
        tracks:
          lifecycle:
            - stage: unknown
            - stage: reachable
              when: default(customer.phone, last_phone) != 'none'

        """, [], null);
}
