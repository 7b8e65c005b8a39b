using System.Collections.Concurrent;
using Lifecycle.EventLog;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>Processes the shards whose leases this process holds: takes free ones, renews them, stops at a loss, gives them back on the way out.</summary>
public sealed class Processing : IAsyncDisposable
{
    private readonly Log _log;
    private readonly Leases _leases;
    private readonly Tenants _tenants;
    private readonly Releases _releases;
    private readonly Progress _progress;
    private readonly ProcessingOptions _options;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<int, HeldShard> _held = new();
    private readonly Dictionary<int, long> _freeSince = [];
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();

    private Task _keeping = Task.CompletedTask;
    private bool _isPaused;
    private bool _isDrained;

    /// <exception cref="ArgumentException">An option lies outside its bounds.</exception>
    public Processing(Log log, Releases releases, Progress progress, ProcessingOptions? options = null, ILogger<Processing>? logger = null)
    {
        (_log, _releases, _progress) = (log, releases, progress);
        (_leases, _tenants) = (new Leases(log.Database), new Tenants(log.Database));
        _options = (options ?? new ProcessingOptions()).Checked();
        _logger = logger ?? NullLogger<Processing>.Instance;
    }

    /// <summary>Who this process is to the leases. Another start of the same program is another owner.</summary>
    public Guid Owner { get; } = Guid.NewGuid();

    /// <summary>Raised with the shard when a step has left something for Delivery; handlers must be quick.</summary>
    public event Action<int>? HandedOn;

    /// <summary>The shards held at this moment.</summary>
    public IReadOnlyList<int> HeldShards => [.. _held.Keys.Order()];

    /// <summary>The leases held at this moment, under which Delivery writes.</summary>
    public IReadOnlyList<Lease> HeldLeases => [.. _held.Values.Select(held => held.Lease).OrderBy(lease => lease.Shard)];

    /// <summary>Takes what is free and keeps doing so until drained. Returns after the first look around.</summary>
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
        await Task.WhenAll(_held.Values.Select(held => held.StopAsync()));
        foreach (var held in _held.Values)
        {
            _progress.Forget(held.Lease.Shard);
            await _leases.ReleaseAsync(held.Lease, ct);
            held.Dispose();
        }
        _held.Clear();
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
                await Task.Delay(_log.Database.Options.LeaseRenewal.ToTimeSpan(), _options.Time, _stop.Token);
                await KeepOnceAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                _logger.LogWarning(failure, "Leases could not be looked after; this is tried again.");
            }
        }
    }

    /// <summary>Renews what is held, lets go of what is lost, takes what is free.</summary>
    private async Task KeepOnceAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            foreach (var held in _held.Values)
                if (!await IsStillHeldAsync(held, ct)) await LetGoAsync(held);
            for (var shard = 0; shard < _log.Database.Shards; shard++)
                if (!_held.ContainsKey(shard) && await MayTakeAsync(shard, ct)) await TakeAsync(shard, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<bool> IsStillHeldAsync(HeldShard held, CancellationToken ct)
    {
        if (held.IsLost) return false;
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
        _held.TryRemove(held.Lease.Shard, out _);
        _progress.Forget(held.Lease.Shard);
        held.Dispose();
    }

    // Beyond what is wanted, a shard is left to other processes for the time of a lease, so that several that start together share.
    private async Task<bool> MayTakeAsync(int shard, CancellationToken ct)
    {
        if (_held.Count < _options.ShardsWanted) return true;
        var free = await _log.Database.Statement("read_lease").With(shard).ListAsync(row => row.GetBoolean(5), ct);
        if (!free[0])
        {
            _freeSince.Remove(shard);
            return false;
        }
        _freeSince.TryAdd(shard, _options.Time.GetTimestamp());
        return _options.Time.GetElapsedTime(_freeSince[shard]) >= _log.Database.Options.LeaseTime.ToTimeSpan();
    }

    private async Task TakeAsync(int shard, CancellationToken ct)
    {
        if (await _leases.TryAcquireAsync(shard, Owner, ct) is not { } lease) return;
        _freeSince.Remove(shard);
        var held = new HeldShard(
            new ShardProcessor(_log, _tenants, _releases, _progress, lease, _options, _logger, handedOn: one => HandedOn?.Invoke(one)), _options.Time.GetTimestamp());
        _held[shard] = held;
        if (!_isPaused) held.Start();
    }
}
