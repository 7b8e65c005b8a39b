using Lifecycle.Testing;

namespace Lifecycle.Faults.Tests;

/// <summary>How large a run is.</summary>
internal sealed record SceneOptions
{
    public int Shards { get; init; } = 4;
    public int LeaseSeconds { get; init; } = 2;

    /// <summary>Servers that share the database.</summary>
    public int Places { get; init; } = 1;

    /// <summary>Whether the first of them reaches the database through the proxy.</summary>
    public bool Proxied { get; init; }
    public int Senders { get; init; } = 4;

    /// <summary>The longest a sender rests between two batches, in milliseconds.</summary>
    public int PauseMax { get; init; } = 15;
    public int Seed { get; init; } = 11;

    /// <summary>Connections of one process: all together, and the audit, must stay below PostgreSQL's 100.</summary>
    public int PoolSize => Math.Min(40, 80 / Places);
}

/// <summary>Servers, their database, a sender with its book and a receiver: everything that a fault can strike, and the audit afterwards.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly SceneOptions _options;
    private readonly string _database;
    private readonly IAsyncDisposable _owner;
    private readonly TemporaryFolder _folder = new();
    private readonly Audit _audit;
    private readonly List<string> _breaches = [];

    private Scene(SceneOptions options, string database, IAsyncDisposable owner, FaultReceiver receiver)
    {
        (_options, _database, _owner, Receiver, Random) = (options, database, owner, receiver, new Random(options.Seed));
        Log = new LogAudit(database);
        _audit = new Audit(Log, receiver);
        if (options.Proxied) Proxy = new DatabaseProxy(new Uri(database).Port);
        Places = [.. Enumerable.Range(0, options.Places).Select(i => new ServerUnderFaults(options, $"place-{i}", i == 0 && Proxy is not null ? Via(Proxy.Port) : database))];
    }

    public IReadOnlyList<ServerUnderFaults> Places { get; }
    public ServerUnderFaults Place => Places[0];
    public LogAudit Log { get; }
    public FaultReceiver Receiver { get; }
    public Random Random { get; }
    public DatabaseProxy? Proxy { get; }
    public Ledger Ledger { get; private set; } = null!;
    public Recovery Recovery { get; private set; } = null!;

    /// <summary>A database on the server that all tests share, and the first place running under load.</summary>
    public static async Task<Scene> OpenAsync(SceneOptions options)
    {
        var database = await TestDatabase.CreateAsync();
        return await OpenAsync(options, database.ConnectionUri, database);
    }

    /// <param name="owner">Goes with the scene.</param>
    public static async Task<Scene> OpenAsync(SceneOptions options, string database, IAsyncDisposable owner)
    {
        var scene = new Scene(options, database, owner, await FaultReceiver.StartAsync());
        try
        {
            await scene.StartAsync();
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a run itself found wrong becomes part of the report.</summary>
    public void Require(bool holds, string otherwise)
    {
        if (!holds) _breaches.Add(otherwise);
    }

    /// <summary>Lets everything come to rest, stops the servers, audits.</summary>
    /// <param name="faults">The faults that really happened.</param>
    /// <param name="deaths">How many times a process may have left messages on the way.</param>
    public async Task<RunReport> FinishAsync(string name, int faults, int deaths, IReadOnlyDictionary<string, int> details)
    {
        await Recovery.InterruptAsync();
        await Ledger.StopAsync();
        try
        {
            await UntilAtRestAsync();
        }
        catch (TimeoutException restless)
        {
            _breaches.Add(restless.Message); // What the audit finds says more about it.
        }
        foreach (var place in Places) await place.DrainAsync();
        await _audit.CopyBookAsync(Ledger.Book);
        var (lost, doubled, stale) = (await _audit.LostAsync(), await _audit.DoubledAsync(), await _audit.StaleWritesAsync());
        var found = new List<string>(_breaches);
        if (faults == 0) found.Add("No fault happened.");
        if (lost > 0) found.Add("Acknowledged orders are lost.");
        if (doubled > 0) found.Add("Orders are doubled.");
        if (stale > 0) found.Add($"Who had lost the lease wrote: {await StaleAsync()}.");
        found.AddRange(Ledger.Unexpected.Select(answer => $"An answer that no sender should get came {answer.Value} times: {answer.Key}"));
        var violations = Places.SelectMany(place => place.Violations).ToList();
        if (violations.Count > 0) found.Add($"Servers ran into a unique constraint {violations.Count} times: {violations[0][..Math.Min(120, violations[0].Length)]}");
        found.AddRange(await _audit.BreachesAsync(deaths));
        found.AddRange(await ReplayCheck.DifferencesAsync(_database, _options.Shards));
        return new RunReport(name)
        {
            Faults = faults, Details = details, Sent = Ledger.Sent, Acknowledged = Ledger.Acknowledged, Lost = lost, Doubled = doubled, StaleWrites = stale,
            ToAcknowledged = Recovery.Acknowledged, ToJudged = Recovery.Judged, Breaches = found,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (Ledger is not null) await Ledger.DisposeAsync();
        foreach (var place in Places) place.Dispose();
        Recovery?.Dispose();
        if (Proxy is not null) await Proxy.DisposeAsync();
        await Receiver.DisposeAsync();
        await _owner.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        Place.Launch();
        await Place.UntilReadyAsync();
        await Place.RequestAsync(HttpMethod.Put, "/v1/release/draft", Definitions.Release);
        await Place.RequestAsync(HttpMethod.Post, "/v1/release/draft/publish", new { });
        await Place.RequestAsync(HttpMethod.Post, "/v1/endpoints", new { url = Receiver.Url });
        await _audit.WatchAsync(Place.Name);
        foreach (var place in Places.Skip(1)) place.Launch();
        foreach (var place in Places.Skip(1)) await place.UntilReadyAsync();
        Ledger = new Ledger(_options, UrlOf, Place.Keys().Write, new LedgerBook(Path.Combine(_folder.Path, "ledger.jsonl")));
        Recovery = new Recovery(Log, Ledger);
        await Pause.UntilAsync(() => Task.FromResult(Ledger.Acknowledged > 100), 30, "The senders were not served before the first fault.");
    }

    // A sender does not know who is well, but it turns away from who does not answer.
    private string UrlOf(Random random)
    {
        var running = Places.Where(place => place.IsWell).ToList();
        return (running.Count == 0 ? Place : running[random.Next(running.Count)]).Url;
    }

    /// <summary>Everything judged, nothing due any more, nothing on the way.</summary>
    private async Task UntilAtRestAsync()
    {
        await Pause.UntilAsync(async () => await Log.CountAsync("""
            select count(*) from shard_head h join shard_lease l using (shard)
            where exists (select from event e where e.shard = h.shard and e.position > l.consumed and e.kind <> 2)
               or exists (select from due d where d.shard = h.shard and d.at < now() + interval '1 hour')
               or exists (select from delivery d where d.shard = h.shard and d.status = 0 and d.next_at not between now() + interval '10 seconds' and now() + interval '27 seconds')
            """) == 0, 60, "What was in the log was not judged to its end.");
        // Nobody is at work any more on what a dead process had claimed; its claims are let run out now instead of half a minute later.
        await Log.ExecuteAsync("update delivery set next_at = now() where status = 0");
        await Pause.UntilAsync(async () => await Log.CountAsync("select count(*) from delivery where status = 0") == 0, 60, "Not everything was delivered.");
        await Pause.UntilAsync(async () => await Log.CountAsync("""
            select count(*) from shard_head h join shard_lease l using (shard)
            where exists (select from event e where e.shard = h.shard and e.position > l.consumed and e.kind <> 2)
            """) == 0, 60, "The outcomes were not judged.");
    }

    private async Task<string> StaleAsync() => string.Join(", ", await Log.ListAsync(
        "select writer, place, count(*) from audit_stale group by writer, place order by 1, 2 limit 10", row => $"{row.GetString(0)} {row.GetString(1)} {row.GetInt64(2)} times"));

    private string Via(int port) => new UriBuilder(_database) { Port = port }.Uri.ToString();
}
