using Lifecycle.EventLog.Leases;

namespace Lifecycle.Projections.Processing;

/// <summary>A shard whose lease this process holds, with its processor running or paused.</summary>
internal sealed class HeldShard(ShardProcessor processor, long renewedAt) : IDisposable
{
    private CancellationTokenSource? _stop;
    private Task<bool> _run = Task.FromResult(true);
    private Task _stopping = Task.CompletedTask;

    public Lease Lease => processor.Lease;

    /// <summary>When the lease was last known to be ours, as a timestamp of the time provider.</summary>
    public long RenewedAt { get; set; } = renewedAt;

    /// <summary>The processor has found that the lease is another's.</summary>
    public bool IsLost => _run is { IsCompletedSuccessfully: true, Result: false };

    /// <summary>It is to be handed over as soon as its processor has stopped, whosever it may be by then.</summary>
    public bool IsLeaving { get; set; }

    public void Wake() => processor.Wake();

    public void Start()
    {
        if (_stop is not null) return;
        var stop = _stop = new CancellationTokenSource();
        _run = RunAsync(stop.Token);
    }

    /// <summary>Lets the present round end, then stops. Asking again waits for the same end.</summary>
    public Task StopAsync()
    {
        if (_stop is { IsCancellationRequested: false } stop) _stopping = EndAsync(stop);
        return _stopping;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop?.Dispose();
        processor.Dispose();
    }

    private async Task EndAsync(CancellationTokenSource stop)
    {
        stop.Cancel();
        await _run;
        _stop = null;
        stop.Dispose();
    }

    private async Task<bool> RunAsync(CancellationToken stop)
    {
        await Task.Yield(); // Not one after another with whoever starts it.
        return await processor.RunAsync(stop);
    }
}
