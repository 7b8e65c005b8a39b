using Lifecycle.Delivery;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion.Keys;
using Lifecycle.Projections.Releases;
using Lifecycle.Simulation.Tests.Store;
using Lifecycle.Simulation.Tests.World;

namespace Lifecycle.Simulation.Tests.Runs;

/// <summary>One seed: a shop, its processes and its customers through a time in which everything fails, and then through one in which nothing does.</summary>
internal sealed class Run
{
    private static readonly TimeSpan HealedWithin = TimeSpan.FromHours(3);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(75);

    private readonly List<SimulatedServer> _servers = [];
    private readonly List<Sender> _senders = [];
    private Publisher? _publisher;
    private TimeSpan _storeOffset;
    private DateTime _healed;
    private int _started;

    private Run(int seed, bool keepTrace)
    {
        // What a run has beside the usual is told by the last digit of the seed, so that the other seeds go as they would without.
        Shop = seed % 10 is 2 or 3 or 4 ? SimulatedShop.WithTop : SimulatedShop.Plain;
        World = new SimulatedWorld(seed, Shop.AsksForTop ? -TimeSpan.FromSeconds(5 + seed / 10 % 40) : TimeSpan.Zero, keepTrace);
        Store = new FakeStore(SimulatedServer.Options.Shards, () => World.Now + _storeOffset);
        Weather = new Weather(World);
        Receiver = new SimulatedReceiver(World, Weather);
    }

    public SimulatedShop Shop { get; }
    public SimulatedWorld World { get; }
    public FakeStore Store { get; }
    public Weather Weather { get; }
    public SimulatedReceiver Receiver { get; }
    public Tenant Tenant { get; private set; } = null!;
    public IEnumerable<(string Customer, string Id)> Acknowledged => _senders.SelectMany(sender => sender.Acknowledged);

    /// <summary>Where a customer is.</summary>
    public CustomerRef Locate(string id) => new CustomerDirectory(Calm()).Locate(Tenant, id);

    /// <summary>A seed's run, over. What went wrong is in <see cref="SimulatedWorld.Failure"/>.</summary>
    public static Run Of(int seed, bool keepTrace = false)
    {
        var run = new Run(seed, keepTrace);
        try
        {
            run.Execute();
        }
        catch (Exception failure)
        {
            run.World.Fail(failure.ToString());
        }
        return run;
    }

    private void Execute()
    {
        Open();
        var processes = World.Dice.Next(1, 4);
        for (var i = 0; i < processes; i++) Start();
        var safety = World.Between(10, 60);
        var customers = World.Dice.Next(2, 9);
        for (var i = 0; i < 2; i++)
        {
            _senders.Add(new Sender(World, $"sender-{i}", PickServer, customers));
            _senders[^1].Start(World.Dice.Next(3, 10), safety);
        }
        if (World.Seed % 10 is 1 or 5 or 9) _senders[0].Erases = true;
        if (World.Seed % 10 is 4 or 5 or 6 or 7)
        {
            _publisher = new Publisher(World, PickServer, Tenant);
            _publisher.Start(World.Between(0, safety.TotalSeconds));
        }
        if (HasImporter)
        {
            _senders.Add(new Sender(World, "importer", PickServer, customers + 3, historical: true));
            _senders[^1].Start(World.Dice.Next(1, 5), safety);
        }
        var healing = World.Now + safety;
        Disturb(healing);
        World.RunUntil(healing);
        if (World.Failure is not null) return;
        Heal();
        World.RunUntil(World.Now + HealedWithin, IsOver);
        if (World.Failure is null && WhatIsLeft() is { } left) World.Fail($"It does not come to its end: {left}");
        if (_publisher is not null) Weather.Count("release published");
        Weather.Count("customers erased", Store.Erased.Count);
        Weather.Count("top counted", Store.Events.Sum(shard => shard.Count(row => row.Name == "cut_points_computed")));
        Weather.Count("histories closed", Store.Events.Sum(shard => shard.Count(row => row.Name == "history_closed")));
        if (World.Failure is null) new Verification(this).Check();
    }

    private bool HasImporter => World.Seed % 10 is 2 or 7 or 8 or 9;

    /// <summary>The product over the store, without weather: to set the scene, and to look at it afterwards.</summary>
    public LogDatabase Calm() => new(new FakeSource(calls => Task.FromResult(Store.Execute(calls))), SimulatedServer.Options);

    private void Open()
    {
        var secret = new byte[32];
        World.Dice.NextBytes(secret);
        Store.Tenants.Put(1, new TenantRow("shop", false, secret, Store.Now));
        var database = Calm();
        var log = new TouchpointLog(database);
        for (var shard = 0; shard < database.Shards; shard++) log.EnsurePartitionsAsync(shard).Wait();
        Tenant = new TenantStore(database).FindAsync(1).Result!;
        new ApiKeys(database, new TenantStore(database), TimeProvider.System).EnsureAsync(SimulatedShop.WriteKey, Tenant, KeyKind.Write).Wait();
        new EndpointStore(database, TimeProvider.System).CreateAsync(Tenant.Id, "http://shop.example/hook", "whsec_c2ltdWxhdGlvbi1zZWNyZXQtMzItYnl0ZXMtbG9uZyE=").Wait();
        Store.Releases.Put((Tenant.Id, 1), new ReleaseRow(Shop.First.Hash, Shop.First.ToJson(), Store.Now));
        Shop.Releases.LoadAsync(Tenant.Id, 1).Wait();
        new Publishing(log, Shop.Releases, new TenantStore(database)).ResumeAsync().Wait();
    }

    private void Start()
    {
        var server = new SimulatedServer(World, $"process-{++_started}", Store, Weather, Receiver, Tenant, Shop);
        server.Node.WallOffset = World.Between(-300, 300);
        server.Node.Ended = () => World.Schedule(null, Weather.IsCalm ? World.Between(0.1, 1) : World.Between(0.1, 15), Start);
        _servers.Add(server);
        server.Start();
    }

    private SimulatedServer? PickServer()
    {
        var up = _servers.Where(server => server.IsUp && !server.Node.IsDead).ToList();
        return up.Count == 0 ? null : World.Pick(up);
    }

    private void Disturb(DateTime healing)
    {
        var next = World.Between(0.5, 10);
        if (World.Now + next >= healing) return;
        World.Schedule(null, next, () =>
        {
            _servers.RemoveAll(server => server.Node.IsDead);
            var running = _servers.Where(server => !server.Node.IsFrozen).ToList();
            if (running.Count > 0) Disturb(World.Pick(running));
            Disturb(healing);
        });
    }

    private void Disturb(SimulatedServer server)
    {
        switch (World.Dice.Next(7))
        {
            case 0:
                Weather.Count("killed");
                server.Node.Kill();
                break;
            case 1:
                Weather.Count("stopped and continued");
                if (World.Chance(0.5)) server.Node.Freeze();
                else server.Node.Suspend();
                World.Schedule(null, World.Between(0.5, 30), server.Node.Thaw);
                break;
            case 2:
                Weather.Count("wall clock moved");
                server.Node.WallOffset += World.Pick([World.Between(-600, 600), World.Between(-2, 2)]);
                World.Note($"{server.Node.Name}'s wall clock is off by {server.Node.WallOffset}");
                break;
            case 3:
                Weather.Count("lease taken away");
                TakeLeaseAway(World.Dice.Next(SimulatedServer.Options.Shards));
                break;
            case 4:
                Weather.Outage(World.Between(0.5, 20));
                World.Note("the store is away");
                break;
            case 5:
                Weather.Count("drained");
                server.Stop();
                break;
            default:
                Weather.Count("store clock moved");
                _storeOffset += World.Chance(0.2) ? World.Between(100, 300) : World.Between(-1, 20);
                World.Note($"the store's clock is off by {_storeOffset}");
                break;
        }
    }

    // As if it had not been renewed for long, though its owner knows nothing of that.
    private void TakeLeaseAway(int shard)
    {
        World.Note($"the lease of shard {shard} runs out");
        Store.Leases.Put(shard, Store.Leases.Find(shard)! with { ExpiresAt = Store.Now.AddSeconds(-1) });
    }

    private void Heal()
    {
        World.Note("healed");
        _healed = World.Now;
        Weather.Calm();
        foreach (var server in _servers.Where(server => !server.Node.IsDead)) server.Node.Thaw();
    }

    private bool IsOver()
    {
        if (World.Steps % 64 != 0) return false;
        // Once all is well, a shard is taken over within the time of a lease, and what is due is looked at then.
        if (World.Now > _healed + Grace && Store.Dues.Any(row => row.Value.At < Store.Now - Grace))
            World.Fail($"A review is late: it was due at {Store.Dues.Min(row => row.Value.At):O} and it is {Store.Now:O}.");
        return WhatIsLeft() is null;
    }

    /// <summary>Whether a shard's history was closed and no count followed, neither what was asked for then nor that of a midnight.</summary>
    private bool IsUncounted(int shard)
    {
        if (!Shop.AsksForTop) return false;
        var rows = Store.Events[shard].Where(row => row.Kind == 3 && row.Customer is null).Select(row => row.Name).ToList();
        var (closed, asked, counted) = (rows.LastIndexOf("history_closed"), rows.LastIndexOf("count_asked"), rows.LastIndexOf("cut_points_computed"));
        return closed > asked || asked > counted;
    }

    private string? WhatIsLeft()
    {
        if (!_senders.TrueForAll(sender => sender.IsDone)) return "somebody still sends";
        if (_publisher is { IsDone: false }) return "the next release is not in force";
        if (Store.Histories.Any(row => row.Value.Open)) return "a history is still open";
        foreach (var (shard, lease) in Store.Leases)
        {
            if (IsUncounted(shard)) return $"shard {shard} has not counted after its history";
            // While history is open nobody asks for a top, and the midnight may pass meanwhile.
            if (Shop.AsksForTop && !HasImporter && !Store.Events[shard].Exists(row => row.Name == "cut_points_computed")) return $"shard {shard} has not counted its top";
            var head = Store.Heads.Find(shard)!.Position;
            if (lease.Consumed < head || lease.Swept < head) return $"shard {shard} is judged up to {lease.Consumed} of {head}";
        }
        if (Store.Carries.Count > 0) return $"{Store.Carries.Count} wait to be carried";
        if (Store.Dues.Count > 0) return $"{Store.Dues.Count} wait for a review, the first since {Store.Dues.Min(row => row.Value.At):O} at {Store.Now:O}";
        var pending = Store.Deliveries.Count(row => row.Value.Status == 0);
        return pending > 0 ? $"{pending} wait to be delivered" : null;
    }
}
