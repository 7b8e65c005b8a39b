using System.Text.Json;
using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

public class DeliveriesTests
{
    [Fact]
    public async Task Deliveries_of_all_shards_are_listed_newest_first_page_by_page()
    {
        await using var shop = await DeliveryShop.OpenAsync(shards: 4);
        var requested = new List<RecordId>();
        for (var request = 0; request < 7; request++) requested.Add((await shop.RequestAsync($"customer-{request}", endpoint: 0)).Key);
        requested.Reverse();

        var listed = new List<RecordId>();
        var sizes = new List<int>();
        DeliveryCursor? after = null;
        do
        {
            var page = await shop.Deliveries.ListAsync(shop.Tenant, limit: 3, after);
            sizes.Add(page.Deliveries.Count);
            listed.AddRange(page.Deliveries.Select(delivery => delivery.Key));
            after = page.Next;
        }
        while (after is not null && sizes.Count < 10);
        Assert.Equal([3, 3, 1], sizes);
        Assert.Equal(requested, listed);
    }

    [Fact]
    public async Task Deliveries_of_one_instant_are_listed_once_each()
    {
        await using var shop = await DeliveryShop.OpenAsync(shards: 4);
        var requested = new List<RecordId>();
        for (var request = 0; request < 6; request++) requested.Add((await shop.RequestAsync($"customer-{request}", endpoint: 0)).Key);
        await shop.ExecuteAsync("update delivery set created_at = '2026-11-22T08:00:00.123456Z'");
        var first = await shop.Deliveries.ListAsync(shop.Tenant, limit: 4);
        var second = await shop.Deliveries.ListAsync(shop.Tenant, limit: 4, first.Next);
        Assert.Equal(requested.OrderDescending(), first.Deliveries.Concat(second.Deliveries).Select(delivery => delivery.Key));
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Another_tenants_deliveries_are_not_listed()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", endpoint: 0);
        var other = await shop.Log.Tenants.EnsureAsync("another", test: false);
        Assert.Empty((await shop.Deliveries.ListAsync(other.Id, 10)).Deliveries);
        Assert.Equal("ann", Assert.Single((await shop.Deliveries.ListAsync(shop.Tenant, 10)).Deliveries).CustomerId);
        Assert.Equal(0, await shop.Deliveries.PendingAsync(other.Id));
        Assert.Equal(ReplayResult.Unknown, await shop.Deliveries.ReplayAsync(other.Id, requested.Key, 0));
    }

    [Fact]
    public async Task A_replay_sends_the_same_message_again_with_a_fresh_round_of_attempts()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200), HttpReceiver.Status(500));
        await using var shop = await DeliveryShop.OpenAsync();
        var number = (await shop.EndpointAsync(receiver)).Number;
        var requested = await shop.RequestAsync("ann", number, age: Duration.FromDays(2));
        Assert.Equal(ReplayResult.AlreadyPending, await shop.Deliveries.ReplayAsync(shop.Tenant, requested.Key, number));
        await shop.DispatchAsync();
        Assert.Equal(ReplayResult.Replayed, await shop.Deliveries.ReplayAsync(shop.Tenant, requested.Key, number));
        for (var attempt = 1; attempt <= 9; attempt++)
        {
            await shop.DispatchAsync();
            await shop.PassTimeAsync();
        }

        Assert.Equal(9, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => (request.Id, Convert.ToHexString(request.Body))).Distinct());
        Assert.Equal([1, .. Enumerable.Range(9, 8)], (await shop.OutcomesAsync(requested)).Select(outcome => outcome.Attempt));
        Assert.Equal((DeliveryStatus.Withheld, 16), await StandingAsync(shop, requested));
    }

    [Fact]
    public async Task A_replay_of_what_does_not_exist_is_unknown()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", endpoint: 1);
        Assert.Equal(ReplayResult.Unknown, await shop.Deliveries.ReplayAsync(shop.Tenant, requested.Key, 2));
        Assert.Equal(ReplayResult.Unknown, await shop.Deliveries.ReplayAsync(shop.Tenant, new RecordId(StableHash.Of("another")), 1));
    }

    [Fact]
    public async Task A_test_message_is_sent_at_once_and_leaves_no_trace()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(418));
        await using var shop = await DeliveryShop.OpenAsync();
        var endpoint = await shop.EndpointAsync(receiver);
        await shop.Endpoints.DisableAsync(shop.Tenant, endpoint.Number);

        var answer = await shop.Deliveries.TestSendAsync(shop.Tenant, endpoint.Number);
        Assert.Equal((418, "http_418"), (answer!.Status, answer.Error));
        var received = Assert.Single(receiver.Requests);
        Assert.StartsWith("msg_test_", received.Id, StringComparison.Ordinal);
        Assert.Equal(SignatureCheck.Genuine, received.VerifyWith(endpoint.Secrets!, SystemClock.Instance.GetCurrentInstant()));
        Assert.Equal("endpoint.tested", JsonDocument.Parse(received.Body).RootElement.GetProperty("type").GetString());
        Assert.Empty((await shop.Deliveries.ListAsync(shop.Tenant, 10)).Deliveries);
        Assert.Null((await shop.Endpoints.FindAsync(shop.Tenant, endpoint.Number))!.FailingSince);
        Assert.Null(await shop.Deliveries.TestSendAsync(shop.Tenant, 99));
    }

    [Fact]
    public async Task A_delivery_is_pending_for_the_first_time_until_its_first_attempt_has_come_to_an_end()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(500));
        await using var shop = await DeliveryShop.OpenAsync();
        await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);
        await shop.RequestAsync("bob", endpoint: 0);
        Assert.Equal(2, await shop.Deliveries.PendingAsync(shop.Tenant));
        await shop.ExecuteAsync("update delivery set attempt = 1"); // In somebody's hand, nothing has come back.
        Assert.Equal(2, await shop.Deliveries.PendingAsync(shop.Tenant));
        await shop.DispatchAsync();
        Assert.Equal(0, await shop.Deliveries.PendingAsync(shop.Tenant));
    }

    private static async Task<(DeliveryStatus, int)> StandingAsync(DeliveryShop shop, Requested requested)
    {
        var delivery = await shop.DeliveryAsync(requested);
        return (delivery.Status, delivery.Attempt);
    }
}
