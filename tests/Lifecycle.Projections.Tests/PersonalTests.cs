using System.Text;
using Lifecycle.Definitions;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;

namespace Lifecycle.Projections.Tests;

public sealed class PersonalTests
{
    [Fact]
    public async Task Rules_read_what_is_sealed_and_a_replay_agrees()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: Reachable(""));
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
        await using var shop = await ProjectionShop.OpenAsync();
        await SealedAsync(shop, shop.Log.Input("ann", new ProfileChanged(Properties.None)), """{"traits":{"phone":"13800138000"}}""");
        await shop.SettleAsync();
        var rows = await RowsAsync(shop);
        var published = await shop.Publishing.PublishAsync(shop.Tenant, Reachable("") with { Map = ReleaseEditTests.Map("newcomer", "unknown") });
        Assert.IsType<PublishResult.Published>(published);
        await shop.SettleAsync();
        Assert.Equal("newcomer unknown reachable", await shop.StagesAsync("ann"));
        Assert.Equal(rows, await RowsAsync(shop));
        await AgreesAsync(shop);

        static Task<string> RowsAsync(ProjectionShop shop) => shop.Log.Server.ScalarAsync<string>(
            "select string_agg(position || encode(open, 'hex') || coalesce(encode(sealed, 'hex'), ''), ',' order by shard, position) from event where kind = 1");
    }

    [Fact]
    public async Task No_fact_and_no_state_carries_what_is_personal_and_pages_do()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: Reachable("personal "));
        await SealedAsync(shop, shop.Log.Input("ann", new ProfileChanged(Properties.None)), """{"traits":{"phone":"13800138000"}}""");
        // Declared personal later: it lies open and is personal all the same.
        await shop.SendAsync(shop.Log.Touchpoint("bob", "order_completed", properties: """{"phone":"13800138000"}"""));
        await shop.SettleAsync();
        Assert.Equal(2, await shop.CountAsync("event where kind = 2 and name = 'stage_changed' and convert_from(open, 'UTF8') like '%reachable%'"));
        Assert.Equal(0, await shop.CountAsync("event where kind = 2 and convert_from(open, 'UTF8') like '%13800138000%'"));
        Assert.Equal(0, await shop.CountAsync("state where position('13800138000'::bytea in body) > 0"));
        Assert.Equal(2, await shop.CountAsync("state where get_byte(body, 0) = 255"));

        var why = (await shop.Stages.SpansAsync(shop.Tenant, "ann"))!.Single(span => span.Stage == "reachable").Because!;
        Assert.Contains(Values(why), value => value.ToString() == "sealed");
        Assert.DoesNotContain(Values(why), value => value.ToString().Contains("138", StringComparison.Ordinal));
        var page = (await shop.Pages.FindAsync(shop.Tenant, "bob"))!;
        Assert.Equal("13800138000", page.Metrics.Single(metric => metric.Key == "last_phone").Value.Text);
        Assert.Equal("13800138000", (await shop.Pages.FindAsync(shop.Tenant, "ann"))!.Attributes["phone"]!.GetValue<string>());
        await AgreesAsync(shop);

        await shop.RestartAsync();
        await shop.SendAsync(shop.Order("ann"), shop.Order("bob"));
        await shop.SettleAsync();
        Assert.Equal(0, await shop.CountAsync("set_aside"));
        await AgreesAsync(shop);

        static IEnumerable<Value> Values(Explanation node) => node.Parts.SelectMany(Values).Prepend(node.Value);
    }

    [Fact]
    public async Task A_rebuild_makes_sealed_states_anew()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: Reachable("personal "));
        await SealedAsync(shop, shop.Log.Input("ann", new ProfileChanged(Properties.None)), """{"traits":{"phone":"13800138000"}}""");
        await shop.SettleAsync();
        await shop.Log.Server.ExecuteAsync("delete from state");
        for (var shard = 0; shard < shop.Log.Database.Shards; shard++) await new Rebuild(shop.Log.Log, shop.Releases).RunAsync(shard);
        Assert.Equal(1, await shop.CountAsync("state where get_byte(body, 0) = 255"));
        Assert.Equal("13800138000", (await shop.Pages.FindAsync(shop.Tenant, "ann"))!.Attributes["phone"]!.GetValue<string>());
    }

    private static async Task AgreesAsync(ProjectionShop shop)
    {
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Equal(0, report.DifferenceCount);
        Assert.True(report.Facts > 0);
    }

    /// <summary>Sends an input with something sealed beside it, as intake would.</summary>
    private static async Task SealedAsync(ProjectionShop shop, NewInput input, string personal)
    {
        var keys = await shop.Log.Customers.EnsureAsync([input.Customer]);
        await shop.SendAsync(input with { Sealed = PersonalCipher.Encrypt(keys[input.Customer.Key], input.Id, Encoding.UTF8.GetBytes(personal), forRules: true) });
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
