using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

public class CarrierTests
{
    private static readonly Instant Said = Instant.FromUtc(2026, 11, 1, 12, 0);

    [Fact]
    public async Task What_a_customer_says_to_another_becomes_an_input_in_that_ones_log_once()
    {
        await using var shop = await DeliveryShop.OpenAsync(shards: 4);
        var fact = await SayAsync(shop, fromShard: 3, to: "bob", "ann", hops: 2);
        Assert.Equal(1, await shop.Deliveries.PendingAsync(shop.Tenant));

        Assert.Equal(1, await shop.Carrier.MoveOnceAsync(3));
        Assert.Equal(0, await shop.Carrier.MoveOnceAsync(3));
        Assert.Equal(0, await shop.Deliveries.PendingAsync(shop.Tenant));

        var bob = shop.Log.Customer("bob");
        var row = Assert.Single(await shop.RowsAsync(bob));
        Assert.Equal((fact, 2, Said, false), (row.Id, row.Hops, row.OccurredAt, row.Imported));
        Assert.Equal(new IdentityClaimed("ann"), EventCodec.ToRecorded(row).Input);
        Assert.Equal("bob", await shop.Log.Customers.FindIdAsync(shop.Tenant, bob.Shard, bob.Key));
    }

    [Fact]
    public async Task What_was_carried_and_not_taken_off_the_list_is_carried_again_without_effect()
    {
        await using var shop = await DeliveryShop.OpenAsync(shards: 4);
        await SayAsync(shop, fromShard: 1, to: "bob", "ann");
        await shop.ExecuteAsync("create table carry_before as select * from carry");
        await shop.Carrier.MoveOnceAsync(1);
        await shop.ExecuteAsync("insert into carry select * from carry_before");
        Assert.Equal(1, await shop.Carrier.MoveOnceAsync(1));
        Assert.Single(await shop.RowsAsync(shop.Log.Customer("bob")));
        Assert.Equal(0, await shop.Deliveries.PendingAsync(shop.Tenant));
    }

    [Fact]
    public async Task What_is_said_arrives_in_the_order_it_was_said()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        foreach (var minute in new[] { 3, 1, 2 })
            await SayAsync(shop, fromShard: 0, to: "bob", $"ann-{minute}", at: Said + Duration.FromMinutes(minute));
        await shop.Carrier.MoveOnceAsync(0);
        var rows = await shop.RowsAsync(shop.Log.Customer("bob"));
        Assert.Equal(["ann-1", "ann-2", "ann-3"], rows.Select(row => ((IdentityClaimed)EventCodec.ToRecorded(row).Input).By));
    }

    [Fact]
    public async Task A_running_carrier_carries_what_it_is_woken_for()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var arrived = new TaskCompletionSource<int>();
        shop.Log.Log.Appended += shard => arrived.TrySetResult(shard);
        using var stop = new CancellationTokenSource();
        var running = shop.Carrier.RunAsync(stop.Token);
        await SayAsync(shop, fromShard: 1, to: "bob", "ann");
        shop.Carrier.Wake(1);
        Assert.Equal(shop.Log.Customer("bob").Shard, await arrived.Task);
        await stop.CancelAsync();
        await running;
        Assert.Single(await shop.RowsAsync(shop.Log.Customer("bob")));
    }

    private static async Task<RecordId> SayAsync(DeliveryShop shop, int fromShard, string to, string by, int hops = 1, Instant? at = null)
    {
        var id = new RecordId(StableHash.Of("fact", to, by));
        var (name, version) = EventCodec.NameOf(new IdentityClaimed(by));
        await shop.ExecuteAsync(
            "insert into carry (shard, tenant, id, clock, target, hops, name, version, open) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            fromShard, shop.Tenant, id.Value, (at ?? Said).ToDateTimeUtc(), to, (short)hops, name, version,
            EventCodec.WriteOpen(new IdentityClaimed(by)));
        return id;
    }
}
