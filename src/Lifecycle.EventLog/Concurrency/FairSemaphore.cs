namespace Lifecycle.EventLog.Concurrency;

/// <summary>Lets so many in at once; the others wait and come in in the order in which they came.</summary>
/// <remarks>Who waits goes on in their own context, not on whatever thread the turn was given back on.</remarks>
/// <param name="atOnce">At least 1.</param>
public sealed class FairSemaphore(int atOnce)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _free = atOnce;

    /// <summary>As many as are in at once.</summary>
    public int AtOnce { get; } = atOnce;

    /// <summary>Completes when it is the caller's turn, which ends with <see cref="Release"/>.</summary>
    /// <exception cref="OperationCanceledException">Given up while waiting; there is nothing to leave then.</exception>
    public async Task WaitAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }
            _waiting.Enqueue(turn);
        }
        using (ct.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource)waiting!).TrySetCanceled(token), turn)) await turn.Task;
    }

    /// <summary>Ends a turn; the next who still waits comes in.</summary>
    public void Release()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var next))
                if (next.TrySetResult()) return;
            _free++;
        }
    }
}
