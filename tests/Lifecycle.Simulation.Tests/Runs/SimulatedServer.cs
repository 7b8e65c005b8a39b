using Lifecycle.Delivery;
using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Delivery.Relay;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using Lifecycle.Simulation.Tests.Store;
using Lifecycle.Simulation.Tests.World;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Lifecycle.Simulation.Tests.Runs;

/// <summary>One process of the product, wired as the server wires it, on the simulated store, clocks and network.</summary>
#pragma warning disable CA1001 // A killed process disposes of nothing.
internal sealed class SimulatedServer
#pragma warning restore CA1001
{
    public static readonly LogOptions Options = new() { Shards = 2, LeaseTime = Duration.FromSeconds(10), LeaseRenewal = Duration.FromSeconds(3) };

    private static readonly Duration Poll = Duration.FromSeconds(4);

    private readonly SimulatedWorld _world;
    private readonly TenantStore _tenants;
    private readonly ProcessingHost _processing;
    private readonly Dispatcher _dispatcher;
    private readonly CrossCustomerRelay _relay;
    private readonly CancellationTokenSource _stop = new();

    public SimulatedServer(SimulatedWorld world, string name, FakeStore store, Weather weather, SimulatedReceiver receiver, Tenant tenant, SimulatedShop shop)
    {
        (_world, Node, Tenant, Shop) = (world, new Node(world, name), tenant, shop);
        var source = new FakeSource(calls => weather.CallAsync(Node, store, calls));
        Database = new LogDatabase(source, (Options with { Time = Node.Time, Jitter = world.Dice.NextDouble }).Checked());
        Log = new TouchpointLog(Database);
        _tenants = new TenantStore(Database);
        var releases = world.Chance(0.05) ? new ReleaseStore(Database) : shop.Releases;
        var customers = new CustomerDirectory(Database);
        var keys = new ApiKeys(Database, _tenants, Node.Time);
        Intake = new Intake(Database, customers, Log, keys, new QuarantineStore(Database, customers), Node.Time, new IntakeLimits());
        _processing = new ProcessingHost(Log, releases, new ShardProgressBoard(Database, Node.Time),
            new ProcessingOptions { Owner = NewOwner(world), Time = Node.Time, PageMax = 3, StepRowsMax = 20, PollInterval = Poll, PollIntervalAlone = Poll, StepsMax = 2 });
        Publishing = new Publishing(Log, releases, _tenants, Node.Time);
        var endpoints = new EndpointStore(Database, Node.Time);
        var channel = new WebhookChannel(receiver.Network(Node), Node.Time);
        var dispatch = new DispatchOptions { Time = Node.Time, InFlightMax = 64, Poll = Poll };
        _dispatcher = new Dispatcher(Database, Log, _tenants, customers, endpoints, channel, Shards, dispatch, NullLogger<Dispatcher>.Instance);
        _relay = new CrossCustomerRelay(Database, Log, _tenants, customers, Shards, Node.Time, NullLogger<CrossCustomerRelay>.Instance, Poll);
    }

    public Node Node { get; }
    public LogDatabase Database { get; }
    public TouchpointLog Log { get; }
    public Intake Intake { get; }
    public Publishing Publishing { get; }

    /// <summary>The shop that it serves.</summary>
    public Tenant Tenant { get; }

    public SimulatedShop Shop { get; }

    /// <summary>Whether it takes requests.</summary>
    public bool IsUp { get; private set; }

    public void Start() => Node.Run(() => _ = StartAsync());

    /// <summary>Gives everything back in order, as a process does that was asked to end.</summary>
    public void Stop() => Node.Run(() => _ = StopAsync());

    private async Task StartAsync()
    {
        try
        {
            await _processing.StartAsync();
        }
        catch (Exception refused)
        {
            // A process that cannot start ends; whoever runs it starts it again.
            _world.Note($"{Node.Name} could not start: {refused.Message}");
            Node.Kill();
            return;
        }
        _processing.HandedOn += _dispatcher.Wake;
        _processing.HandedOn += _relay.Wake;
        _dispatcher.OutcomeRecorded += _processing.Wake;
        IsUp = true;
        _ = _dispatcher.RunAsync(_stop.Token);
        _ = _relay.RunAsync(_stop.Token);
    }

    private async Task StopAsync()
    {
        IsUp = false;
        try
        {
            _stop.Cancel();
            await _processing.DrainAsync();
            _world.Note($"{Node.Name} has drained");
        }
        catch (Exception failure)
        {
            _world.Note($"{Node.Name} could not drain: {failure.Message}");
        }
        Node.Kill();
    }

    private static Guid NewOwner(SimulatedWorld world)
    {
        var bytes = new byte[16];
        world.Dice.NextBytes(bytes);
        return new Guid(bytes);
    }

    private IReadOnlyCollection<int> Shards() => _processing.HeldShards;
}
