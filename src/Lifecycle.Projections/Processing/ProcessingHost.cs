using System.Collections.Concurrent;
using Lifecycle.EventLog.Concurrency;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Releases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>Processes this process's share of the shards: takes their leases when they are free, renews them, hands over what is another's, stops at
/// a loss, and gives all back on the way out.</summary>
/// <remarks>The share follows from which processes are alive, see <see cref="Placement"/>; that a shard has one holder follows from the leases
/// alone.</remarks>
public sealed class ProcessingHost : IAsyncDisposable
{
    private readonly TouchpointLog _log;
    private readonly LeaseStore _leases;
    private readonly ProcessRegistry _processes;
    private readonly TenantStore _tenants;
    private readonly ReleaseStore _releases;
    private readonly ShardProgressBoard _progress;
    private readonly ProcessingOptions _options;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<int, HeldShard> _held = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SharedContext _context;
    private readonly CancellationTokenSource _stop = new();

    private Task _keeping = Task.CompletedTask;
    private long? _reportedAt;
    private bool _isPaused;
    private volatile bool _isAlone;
    private bool _isDrained;

    /// <exception cref="ArgumentException">An option lies outside its bounds.</exception>
    public ProcessingHost(TouchpointLog log, ReleaseStore releases, ShardProgressBoard progress, ProcessingOptions? options =
        null, ILogger<ProcessingHost>? logger = null)
    {
        (_log, _releases, _progress) = (log, releases, progress);
        (_leases, _processes, _tenants) = (new LeaseStore(log.Database), new ProcessRegistry(log.Database), new TenantStore(log.Database));
        _options = (options ?? new ProcessingOptions()).Checked();
        _context = new SharedContext(new FairSemaphore(_options.StepsMax), Poll, shard => HandedOn?.Invoke(shard));
        Owner = _options.Owner ?? Guid.NewGuid();
        _logger = logger ?? NullLogger<ProcessingHost>.Instance;
    }

    /// <summary>Who this process is to the leases and to other processes. Another start of the same program is another owner.</summary>
    public Guid Owner { get; }

    /// <summary>Raised with the shard when a step has left something for Delivery; handlers must be quick.</summary>
    public event Action<int>? HandedOn;

    /// <summary>The shards held at this moment.</summary>
    public IReadOnlyList<int> HeldShards => [.. _held.Keys.Order()];

    /// <summary>The leases held at this moment, under which Delivery writes.</summary>
    public IReadOnlyList<Lease> HeldLeases => [.. _held.Values.Select(held => held.Lease).OrderBy(lease => lease.Shard)];

    /// <summary>Takes this process's share and keeps to it until drained. Returns after the first look around.</summary>
    public async Task StartAsync(CancellationToken ct = default)
    {
        _log.Appended += Wake;
        await KeepOnceAsync(ct);
        _keeping = KeepAsync();
    }

    /// <summary>Stops judging at the end of the present round. Leases are kept and renewed, so no other process takes over.</summary>
    public async Task PauseAsync(CancellationToken ct = default)
    {
        await _turn.WaitAsync(ct);
        try
        {
            _isPaused = true;
            await Task.WhenAll(_held.Values.Select(held => held.StopAsync()));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Goes on after <see cref="PauseAsync"/>.</summary>
    public async Task ResumeAsync(CancellationToken ct = default)
    {
        await _turn.WaitAsync(ct);
        try
        {
            _isPaused = false;
            foreach (var held in _held.Values) held.Start();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes a shard's processor look at once, for what was appended by other ways than the log's own.</summary>
    public void Wake(int shard)
    {
        if (_held.TryGetValue(shard, out var held)) held.Wake();
    }

    /// <summary>Ends the present rounds and gives all leases back. Nothing is lost by not doing so; others only wait longer.</summary>
    public async Task DrainAsync(CancellationToken ct = default)
    {
        if (_isDrained) return;
        _isDrained = true;
        _log.Appended -= Wake;
        _stop.Cancel();
        await _keeping;
        await TryAsync(() => _processes.LeaveAsync(Owner, ct), "This process could not say that it stops; others find out when it is silent.");
        await Task.WhenAll(_held.Values.Select(held => held.StopAsync()));
        foreach (var held in _held.Values) await GiveBackAsync(held, ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DrainAsync();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(_options.PlacementInterval.ToTimeSpan(), _options.Time, _stop.Token);
                await KeepOnceAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                _log.Database.Note(failure);
                _logger.LogWarning(failure, "Leases could not be looked after; this is tried again.");
            }
        }
    }

    /// <summary>Renews what is held, lets go of what is lost, hands over what is another's, takes what is this process's and free.</summary>
    private async Task KeepOnceAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            foreach (var held in _held.Values)
                if (!await IsStillHeldAsync(held, ct)) await LetGoAsync(held);
            var own = await OwnShardsAsync(ct);
            if (!_isPaused) await HandOverAsync([.. _held.Values.Where(held => held.IsLeaving || !own.Contains(held.Lease.Shard))], ct);
            foreach (var shard in own)
                if (!_held.ContainsKey(shard)) await TakeAsync(shard, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> IsStillHeldAsync(HeldShard held, CancellationToken ct)
    {
        if (held.IsLost) return false;
        if (!IsDue(held.RenewedAt)) return true;
        try
        {
            if (!await _leases.RenewAsync(held.Lease, ct)) return false;
            held.RenewedAt = _options.Time.GetTimestamp();
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The database may be away for a moment. By the time the lease may be another's, it is given up.
            _logger.LogWarning(failure, "The lease of shard {Shard} could not be renewed.", held.Lease.Shard);
            return _options.Time.GetElapsedTime(held.RenewedAt) < _log.Database.Options.LeaseTime.ToTimeSpan();
        }
    }

    private async Task LetGoAsync(HeldShard held)
    {
        _logger.LogWarning("The lease of shard {Shard} is lost; its processor stops.", held.Lease.Shard);
        await held.StopAsync();
        Forget(held);
    }

    /// <summary>The shards that are this process's by who is alive now, itself among them.</summary>
    private async Task<IReadOnlySet<int>> OwnShardsAsync(CancellationToken ct)
    {
        if (_reportedAt is not { } reported || IsDue(reported))
        {
            await _processes.ReportAsync(Owner, _options.Roles, ct);
            _reportedAt = _options.Time.GetTimestamp();
        }
        var alive = await _processes.AliveAsync(ct);
        _isAlone = alive.All(process => process.Id == Owner);
        var processing = alive.Where(process => process.Roles.Contains(ProcessRegistry.Process)).Select(process => process.Id).ToList();
        return Placement.Of(_log.Database.Shards, processing).Index().Where(placed => placed.Item == Owner).Select(placed => placed.Index)
            .ToHashSet();
    }

    // A round that takes long must not keep the other leases from being renewed: what has not stopped by then is handed over at a later look.
    private async Task HandOverAsync(IReadOnlyCollection<HeldShard> leaving, CancellationToken ct)
    {
        if (leaving.Count == 0) return;
        foreach (var held in leaving) held.IsLeaving = true;
        try
        {
            await Task.WhenAll(leaving.Select(held => held.StopAsync())).WaitAsync(_options.PlacementInterval.ToTimeSpan(), _options.Time, ct);
        }
        catch (TimeoutException)
        {
            // Those that have stopped are handed over below.
        }
        foreach (var held in leaving)
            if (held.StopAsync().IsCompleted) await GiveBackAsync(held, ct);
    }

    private async Task TakeAsync(int shard, CancellationToken ct)
    {
        if (await _leases.TryAcquireAsync(shard, Owner, ct) is not { } lease) return;
        var held = new HeldShard(
            new ShardProcessor(_log, _tenants, _releases, _progress, lease, _options, _logger, context: _context), _options.Time.GetTimestamp());
        _held[shard] = held;
        if (!_isPaused) held.Start();
    }

    private async Task GiveBackAsync(HeldShard held, CancellationToken ct)
    {
        Forget(held);
        await TryAsync(() => _leases.ReleaseAsync(held.Lease, ct), "A lease could not be given back; it passes on when it expires.");
    }

    private void Forget(HeldShard held)
    {
        _held.TryRemove(held.Lease.Shard, out _);
        _progress.Forget(held.Lease.Shard);
        held.Dispose();
    }

    private async Task TryAsync(Func<Task> courtesy, string otherwise)
    {
        try
        {
            await courtesy();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _logger.LogWarning(failure, "{Otherwise}", otherwise);
        }
    }

    // What this process appends wakes the shard's processor; only what others append has to be looked for.
    private Duration Poll() => _isAlone ? _options.PollIntervalAlone : _options.PollInterval;

    private bool IsDue(long last) => _options.Time.GetElapsedTime(last) >= _log.Database.Options.LeaseRenewal.ToTimeSpan();
}
