using System.Text.Json;
using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Domain.Events;
using NodaTime;
using Npgsql;

namespace Lifecycle.Delivery.Tests;

public class DispatcherTests
{
    [Fact]
    public async Task A_requested_action_is_sent_once_with_a_genuine_signature_and_its_outcome_is_in_the_log()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync();
        var endpoint = await shop.EndpointAsync(receiver);
        var requested = await shop.RequestAsync("ann", endpoint.Number);
        var woken = new List<int>();
        shop.Dispatcher.OutcomeRecorded += woken.Add;

        Assert.Equal(1, await shop.DispatchAsync());
        await shop.PassTimeAsync();
        Assert.Equal(0, await shop.DispatchAsync());

        var received = Assert.Single(receiver.Requests);
        Assert.Equal($"msg_{requested.Key}", received.Id);
        Assert.Equal(SignatureCheck.Genuine, received.VerifyWith(endpoint.Secrets!, SystemClock.Instance.GetCurrentInstant()));
        Assert.Equal([new ActionOutcome(requested.Key, endpoint.Number, 1, Outcome.Sent, null, null)], await shop.OutcomesAsync(requested));
        Assert.Equal([requested.Customer.Shard], woken);
        var delivery = await shop.DeliveryAsync(requested);
        Assert.Equal((DeliveryStatus.Sent, 1, 200, null), (delivery.Status, delivery.Attempt, delivery.LastStatus, delivery.LastError));
    }

    [Fact]
    public async Task The_message_says_what_was_requested_for_whom()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("Zoë €😀 <a@b.example>", (await shop.EndpointAsync(receiver)).Number);
        await shop.DispatchAsync();

        var message = JsonDocument.Parse(Assert.Single(receiver.Requests).Body).RootElement;
        var delivery = await shop.DeliveryAsync(requested);
        Assert.Equal(["type", "timestamp", "data"], message.EnumerateObject().Select(member => member.Name));
        Assert.Equal("action.requested", message.GetProperty("type").GetString());
        Assert.Equal(delivery.RequestedAt.ToIso(), message.GetProperty("timestamp").GetString());
        var data = message.GetProperty("data").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.ToString());
        Assert.Equal(
            new()
            {
                ["customer"] = "Zoë €😀 <a@b.example>",
                ["key"] = requested.Key.ToString(),
                ["channel"] = "webhook",
                ["template"] = "we_miss_you",
                ["journey"] = "win_back",
                ["enrolment"] = "1",
                ["step"] = "2",
            },
            data);
    }

    [Fact]
    public async Task After_a_failure_the_same_bytes_are_sent_again_under_the_same_id()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(500), HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync();
        var endpoint = await shop.EndpointAsync(receiver);
        var requested = await shop.RequestAsync("ann", endpoint.Number);

        await shop.DispatchAsync();
        var postponed = await shop.DeliveryAsync(requested);
        Assert.Equal((DeliveryStatus.Pending, 1, 500, "http_500"), (postponed.Status, postponed.Attempt, postponed.LastStatus, postponed.LastError));
        Assert.Equal(0, await shop.DispatchAsync());
        Assert.NotNull((await shop.Endpoints.FindAsync(shop.Tenant, endpoint.Number))!.FailingSince);
        await shop.PassTimeAsync();
        Assert.Equal(1, await shop.DispatchAsync());

        Assert.Equal(2, receiver.Requests.Count);
        Assert.Equal(receiver.Requests[0].Id, receiver.Requests[1].Id);
        Assert.Equal(receiver.Requests[0].Body, receiver.Requests[1].Body);
        var outcomes = await shop.OutcomesAsync(requested);
        Assert.Equal([(1, Outcome.Postponed, "http_500"), (2, Outcome.Sent, null)],
            outcomes.Select(outcome => (outcome.Attempt, outcome.Outcome, outcome.Because)));
        Assert.Equal(postponed.NextAt, outcomes[0].Until);
        Assert.InRange(postponed.NextAt - postponed.Attempts[0].StartedAt, Duration.FromSeconds(4), Duration.FromSeconds(10));
        var attempts = (await shop.DeliveryAsync(requested)).Attempts;
        Assert.Equal([(1, 500, "http_500"), (2, 200, null)], attempts.Select(attempt => (attempt.Attempt, attempt.Status!.Value, attempt.Error)));
        Assert.Null((await shop.Endpoints.FindAsync(shop.Tenant, endpoint.Number))!.FailingSince);
    }

    [Fact]
    public async Task Retry_after_postpones_beyond_the_schedule()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(429, ("Retry-After", "600")));
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);
        await shop.DispatchAsync();
        var delivery = await shop.DeliveryAsync(requested);
        Assert.InRange(delivery.NextAt - delivery.Attempts[0].StartedAt, Duration.FromSeconds(599), Duration.FromSeconds(615));
    }

    [Fact]
    public async Task After_the_eighth_failure_it_is_withheld_as_undeliverable()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(503));
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);
        for (var attempt = 1; attempt <= 9; attempt++)
        {
            await shop.DispatchAsync();
            await shop.PassTimeAsync();
        }

        Assert.Equal(8, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(request => Convert.ToHexString(request.Body)).Distinct());
        var outcomes = await shop.OutcomesAsync(requested);
        Assert.Equal(Enumerable.Range(1, 8), outcomes.Select(outcome => outcome.Attempt));
        Assert.Equal((Outcome.Withheld, "undeliverable"), (outcomes[^1].Outcome, outcomes[^1].Because));
    }

    [Fact]
    public async Task An_endpoint_that_answers_410_is_disabled_and_gets_nothing_more()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(410));
        await using var shop = await DeliveryShop.OpenAsync();
        var endpoint = await shop.EndpointAsync(receiver);
        var first = await shop.RequestAsync("ann", endpoint.Number);
        await shop.DispatchAsync();
        var second = await shop.RequestAsync("ann", endpoint.Number);
        await shop.DispatchAsync();

        Assert.Single(receiver.Requests);
        Assert.Equal((false, "gone"), await HealthAsync(shop, endpoint));
        foreach (var requested in new[] { first, second })
        {
            var outcome = Assert.Single(await shop.OutcomesAsync(requested));
            Assert.Equal(new ActionOutcome(requested.Key, endpoint.Number, 1, Outcome.Withheld, null, "endpoint_disabled"), outcome);
        }
    }

    [Theory]
    [InlineData(119, true)]
    [InlineData(121, false)]
    public async Task An_endpoint_is_disabled_after_five_days_of_nothing_but_failures(int hours, bool enabled)
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(500));
        await using var shop = await DeliveryShop.OpenAsync();
        var endpoint = await shop.EndpointAsync(receiver);
        await shop.ExecuteAsync("update endpoint set failing_since = now() - $1", TimeSpan.FromHours(hours));
        await shop.RequestAsync("ann", endpoint.Number);
        await shop.DispatchAsync();
        Assert.Equal((enabled, enabled ? null : "failing"), await HealthAsync(shop, endpoint));
    }

    [Fact]
    public async Task Without_an_endpoint_it_is_withheld_and_the_log_says_so()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", endpoint: 0);
        await shop.DispatchAsync();
        Assert.Equal([new ActionOutcome(requested.Key, 0, 1, Outcome.Withheld, null, "no_endpoint")], await shop.OutcomesAsync(requested));
        var delivery = await shop.DeliveryAsync(requested);
        Assert.Equal((DeliveryStatus.Withheld, "no_endpoint"), (delivery.Status, delivery.LastError));
        Assert.Empty(delivery.Attempts);
    }

    [Fact]
    public async Task A_refused_address_is_not_tried_again()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync(allowed: "");
        var number = (await shop.EndpointAsync(receiver)).Number;
        var requested = await shop.RequestAsync("ann", number);
        await shop.DispatchAsync();
        await shop.PassTimeAsync();
        Assert.Equal(0, await shop.DispatchAsync());
        Assert.Empty(receiver.Requests);
        Assert.Equal([new ActionOutcome(requested.Key, number, 1, Outcome.Withheld, null, "address_refused")], await shop.OutcomesAsync(requested));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task An_intention_that_is_too_old_is_withheld_unless_the_tenant_lives_by_a_test_clock(bool test, int sent)
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync(test);
        var number = (await shop.EndpointAsync(receiver)).Number;
        var requested = await shop.RequestAsync("ann", number, age: Duration.FromDays(3) + Duration.FromMinutes(1));
        await shop.DispatchAsync();
        Assert.Equal(sent, receiver.Requests.Count);
        Assert.Equal(test ? null : "too_old", Assert.Single(await shop.OutcomesAsync(requested)).Because);
    }

    [Fact]
    public async Task Two_processes_at_one_shard_send_each_message_once()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync(shards: 1);
        using var other = shop.NewDispatcher();
        var number = (await shop.EndpointAsync(receiver)).Number;
        for (var request = 0; request < 40; request++) await shop.RequestAsync($"customer-{request}", number);

        for (var round = 0; round < 3; round++) await Task.WhenAll(shop.DispatchAsync(), shop.DispatchAsync(other));
        Assert.Equal(40, receiver.Requests.Count);
        Assert.Equal(40, receiver.Requests.Select(request => request.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_delivery_in_another_hand_is_passed_over_without_waiting_for_it()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync(shards: 1);
        var number = (await shop.EndpointAsync(receiver)).Number;
        var held = await shop.RequestAsync("ann", number);
        var free = await shop.RequestAsync("bob", number);

        await using var other = await shop.Log.Server.ConnectAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("select from delivery where shard = 0 and key = $1 for update", other, transaction);
        hold.Parameters.Add(new NpgsqlParameter { Value = held.Key.Value });
        await hold.ExecuteNonQueryAsync();
        Assert.Equal(1, await shop.DispatchAsync());
        await transaction.RollbackAsync();

        Assert.Equal($"msg_{free.Key}", Assert.Single(receiver.Requests).Id);
        Assert.Equal(1, await shop.DispatchAsync());
    }

    [Fact]
    public async Task A_running_dispatcher_sends_what_it_is_woken_for_and_a_stop_waits_for_what_is_on_the_way()
    {
        var gate = new TaskCompletionSource();
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.After(gate.Task, 200));
        await using var shop = await DeliveryShop.OpenAsync(options: new DispatchOptions { Time = new ManualTime() });
        var number = (await shop.EndpointAsync(receiver)).Number;
        using var stop = new CancellationTokenSource();
        var running = shop.Dispatcher.RunAsync(stop.Token);

        var requested = await shop.RequestAsync("ann", number);
        shop.Dispatcher.Wake(requested.Customer.Shard);
        await receiver.ArrivalAsync();
        await stop.CancelAsync();
        Assert.False(running.IsCompleted);
        Assert.Empty(await shop.OutcomesAsync(requested));
        gate.SetResult();
        await running;
        Assert.Equal(Outcome.Sent, Assert.Single(await shop.OutcomesAsync(requested)).Outcome);
    }

    [Fact]
    public async Task A_second_attempt_comes_when_it_is_due_however_seldom_a_running_dispatcher_looks()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(500), HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync(options: new DispatchOptions { Poll = Duration.FromHours(1) });
        var number = (await shop.EndpointAsync(receiver)).Number;
        using var stop = new CancellationTokenSource();
        var running = shop.Dispatcher.RunAsync(stop.Token);
        var requested = await shop.RequestAsync("ann", number);
        shop.Dispatcher.Wake(requested.Customer.Shard);
        await receiver.ArrivalAsync();
        Assert.Equal($"msg_{requested.Key}", (await receiver.ArrivalAsync()).Id);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task No_more_messages_are_on_the_way_at_once_than_allowed_and_all_arrive()
    {
        var (inFlight, most) = (0, 0);
        await using var receiver = await HttpReceiver.StartAsync(async _ =>
        {
            var now = Interlocked.Increment(ref inFlight);
            InterlockedMax(ref most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inFlight);
        });
        await using var shop = await DeliveryShop.OpenAsync(options: new DispatchOptions { InFlightMax = 3 });
        var number = (await shop.EndpointAsync(receiver)).Number;
        for (var request = 0; request < 30; request++) await shop.RequestAsync($"customer-{request}", number);

        using var stop = new CancellationTokenSource();
        var running = shop.Dispatcher.RunAsync(stop.Token);
        for (var arrival = 0; arrival < 30; arrival++) await receiver.ArrivalAsync();
        await stop.CancelAsync();
        await running;
        Assert.InRange(most, 1, 3);
        Assert.Equal(30, receiver.Requests.Select(request => request.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_claim_must_outlast_an_attempt()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => DeliveryShop.OpenAsync(options: new DispatchOptions { ClaimTime = Duration.FromSeconds(15) }));
    }

    private static async Task<(bool Enabled, string? Because)> HealthAsync(DeliveryShop shop, Endpoint endpoint)
    {
        var now = await shop.Endpoints.FindAsync(shop.Tenant, endpoint.Number);
        return (now!.Enabled, now.DisabledBecause);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most) Interlocked.CompareExchange(ref most, value, seen);
    }
}
