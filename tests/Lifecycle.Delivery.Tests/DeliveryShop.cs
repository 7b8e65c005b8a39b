using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Delivery.Relay;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

/// <summary>One tenant with a real database, whose journeys have requested what a test says, and Delivery at work on it.</summary>
internal sealed class DeliveryShop : IAsyncDisposable
{
    private readonly WebhookChannel _channel;
    private int _requests;

    private DeliveryShop(TestLog log, DispatchOptions options, string allowed)
    {
        (Log, Options) = (log, options);
        Endpoints = new EndpointStore(log.Database, TimeProvider.System);
        _channel = new WebhookChannel(AddressRules.Allowing(allowed), TimeProvider.System);
        Dispatcher = NewDispatcher();
        Carrier = new CrossCustomerRelay(log.Database, log.Log, log.Tenants, log.Customers, AllShards, TimeProvider.System, NullLogger<CrossCustomerRelay>.Instance);
        Deliveries = new DeliveryStore(log.Database, Endpoints, _channel, TimeProvider.System);
    }

    public TestLog Log { get; }
    public DispatchOptions Options { get; }
    public EndpointStore Endpoints { get; }
    public Dispatcher Dispatcher { get; }
    public CrossCustomerRelay Carrier { get; }
    public DeliveryStore Deliveries { get; }
    public int Tenant => Log.Tenant.Id;

    public static async Task<DeliveryShop> OpenAsync(bool test = false, int shards = 2, string allowed = "127.0.0.0/8", DispatchOptions? options = null) =>
        new(await TestLog.StartAsync(new LogOptions { Shards = shards }, test), options ?? new DispatchOptions(), allowed);

    /// <summary>A dispatcher as another process would have it.</summary>
    public Dispatcher NewDispatcher() => new(
        Log.Database, Log.Log, Log.Tenants, Log.Customers, Endpoints, _channel, AllShards, Options, NullLogger<Dispatcher>.Instance);

    public async Task<Endpoint> EndpointAsync(HttpReceiver receiver)
    {
        var registration = await Endpoints.CreateAsync(Tenant, receiver.Url);
        return registration.Endpoint!;
    }

    /// <summary>What the processor leaves behind when a journey requests an action of a customer.</summary>
    public async Task<Requested> RequestAsync(string customerId, int endpoint, Duration? age = null)
    {
        var customer = Log.Customer(customerId);
        await Log.Customers.EnsureAsync([customer]);
        var key = new RecordId(StableHash.Of("action", $"{++_requests}"));
        var request = EventCodec.WriteOpen(new ActionRequested(key, "win_back", 1, 2, "webhook", "we_miss_you"));
        await ExecuteAsync("""
            insert into delivery (shard, tenant, customer, key, endpoint, requested_at, created_at, request, status, next_at)
            select $1, $2, $3, $4, $5, date_trunc('milliseconds', now()) - $6, clock_timestamp(), $7, 0, clock_timestamp()
            """, customer.Shard, Tenant, customer.Key.Value, key.Value, endpoint, (age ?? Duration.Zero).ToTimeSpan(), request);
        return new Requested(customer, key, endpoint);
    }

    /// <summary>Lets every wait and every claim in the database run out.</summary>
    public Task PassTimeAsync() => ExecuteAsync("update delivery set next_at = created_at where status = 0");

    /// <summary>Dispatches what is due in all shards.</summary>
    public async Task<int> DispatchAsync(Dispatcher? dispatcher = null, CancellationToken cancellation = default)
    {
        var count = 0;
        foreach (var shard in AllShards()) count += await (dispatcher ?? Dispatcher).RunOnceAsync(shard, cancellation);
        return count;
    }

    /// <summary>The outcomes in a customer's log, in order.</summary>
    public async Task<IReadOnlyList<ActionOutcome>> OutcomesAsync(Requested requested) =>
        [.. (await RowsAsync(requested.Customer)).Select(row => EventCodec.ToRecorded(row).Input).OfType<ActionOutcome>()
            .Where(outcome => outcome.Key == requested.Key)];

    public Task<IReadOnlyList<LogRow>> RowsAsync(CustomerRef customer) =>
        Log.Log.ReadCustomerAsync(customer.Shard, customer.Tenant, customer.Key, long.MaxValue);

    public async Task<DeliveryRecord> DeliveryAsync(Requested requested)
    {
        var page = await Deliveries.ListAsync(Tenant, Lifecycle.Delivery.DeliveryStore.LimitMax);
        return page.Deliveries.Single(delivery => delivery.Key == requested.Key && delivery.Endpoint == requested.Endpoint);
    }

    public Task ExecuteAsync(string statement, params object[] parameters) => Log.Server.ExecuteAsync(statement, parameters);

    public IReadOnlyCollection<int> AllShards() => [.. Enumerable.Range(0, Log.Database.Shards)];

    public async ValueTask DisposeAsync()
    {
        Dispatcher.Dispose();
        _channel.Dispose();
        await Log.DisposeAsync();
    }
}

internal sealed record Requested(CustomerRef Customer, RecordId Key, int Endpoint);
