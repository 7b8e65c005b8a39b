namespace Lifecycle.EventLog.Concurrency;

/// <summary>How a loop rests between two looks: until it is rung for, until a time has passed, or until it is told to stop.</summary>
/// <remarks>A ring while nobody rests is kept for the next rest, so what is rung for between a look and the rest after it is not missed.
/// Any number of threads may ring; one rests.</remarks>
public sealed class AsyncAutoResetEvent(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _resting;
    private bool _rung;

    /// <summary>Ends the present rest, or else the next one before it begins.</summary>
    public void Set()
    {
        lock (_lock)
        {
            _rung = true;
            _resting?.TrySetResult();
        }
    }

    /// <summary>Returns, and never throws, when rung for, after <paramref name="atMost"/>, or when <paramref name="stop"/> is cancelled.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken stop)
    {
        // The loop goes on elsewhere than in whoever rings.
        var resting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_rung) resting.SetResult();
            else _resting = resting;
        }
        using (time.CreateTimer(End, resting, atMost, Timeout.InfiniteTimeSpan))
        using (stop.UnsafeRegister(End, resting)) await resting.Task;
        lock (_lock) (_resting, _rung) = (null, false);
    }

    private static void End(object? resting) => ((TaskCompletionSource)resting!).TrySetResult();
}
