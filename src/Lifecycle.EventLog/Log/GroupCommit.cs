namespace Lifecycle.EventLog.Log;

/// <summary>The queues before the shards' heads: whoever arrives while a commit of their shard is in flight, or while too many of others are, rides
/// in its next one.</summary>
/// <remarks>A commit is one shard's. Shards have their turns in the order in which somebody began to wait for them, and who rides is decided at the
/// turn.</remarks>
/// <param name="commitsMax">As many commits as are in flight at once.</param>
/// <param name="commit">Writes inputs of one shard; answers when they are on disk.</param>
internal sealed class GroupCommit(LogOptions options, int commitsMax, Func<int, IReadOnlyList<NewInput>, Task<IReadOnlyList<AppendOutcome>>> commit)
{
    private readonly record struct PendingBatch(
        IReadOnlyList<NewInput> Inputs, int Bytes, TaskCompletionSource<IReadOnlyList<AppendOutcome>> Arrival);

    private sealed class ShardQueue(int shard)
    {
        public int Shard { get; } = shard;
        public Queue<PendingBatch> Waiting { get; } = new();
        public int WaitingInputs { get; set; }

        /// <summary>Whether a commit of the shard is in flight, or its turn is waited for.</summary>
        public bool IsServed { get; set; }
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<int, ShardQueue> _queues = [];
    private readonly Queue<ShardQueue> _turns = new();
    private int _drivers;

    /// <summary>Completes when the inputs are on disk. They stay together and in order.</summary>
    /// <exception cref="LogUnavailableException">Too many are waiting already, or the log could not be reached.</exception>
    public Task<IReadOnlyList<AppendOutcome>> AppendAsync(int shard, IReadOnlyList<NewInput> inputs)
    {
        var arrival = new TaskCompletionSource<IReadOnlyList<AppendOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bytes = inputs.Sum(input => input.Open.Length + (input.Sealed?.Length ?? 0));
        var drive = false;
        lock (_lock)
        {
            if (!_queues.TryGetValue(shard, out var queue)) _queues.Add(shard, queue = new ShardQueue(shard));
            if (queue.WaitingInputs > 0 && queue.WaitingInputs + inputs.Count > options.QueueMax)
                throw new LogUnavailableException($"{queue.WaitingInputs} events wait for the log already; send these again later.");
            queue.Waiting.Enqueue(new PendingBatch(inputs, bytes, arrival));
            queue.WaitingInputs += inputs.Count;
            Queue(queue);
            if (_turns.Count > 0 && _drivers < commitsMax)
            {
                _drivers++;
                drive = true;
            }
        }
        if (drive) _ = DriveAsync();
        return arrival.Task;
    }

    // One commit after another until nobody waits. Nothing is awaited by the starter: each ride hears of its own arrival.
    private async Task DriveAsync()
    {
        while (Dequeue() is var (queue, batches))
        {
            await DriveAsync(queue.Shard, batches);
            lock (_lock)
            {
                queue.IsServed = false;
                Queue(queue);
            }
        }
    }

    private async Task DriveAsync(int shard, List<PendingBatch> batches)
    {
        try
        {
            Arrive(batches, await commit(shard, [.. batches.SelectMany(batch => batch.Inputs)]));
        }
        catch (LogUnavailableException unavailable)
        {
            foreach (var batch in batches) batch.Arrival.SetException(unavailable);
        }
        catch (Exception failure) when (batches.Count == 1)
        {
            batches[0].Arrival.SetException(failure);
        }
        catch (Exception)
        {
            // Something in this batch cannot be stored. The others must not suffer for it, so each goes alone now.
            foreach (var batch in batches) await DriveAsync(shard, [batch]);
        }
    }

    private void Queue(ShardQueue queue)
    {
        if (queue.IsServed || queue.Waiting.Count == 0) return;
        queue.IsServed = true;
        _turns.Enqueue(queue);
    }

    /// <summary>The next shard's next commit, or null where nobody waits, and then there is one driver less.</summary>
    private (ShardQueue Stop, List<PendingBatch> Rides)? Dequeue()
    {
        lock (_lock)
        {
            if (!_turns.TryDequeue(out var queue))
            {
                _drivers--;
                return null;
            }
            var (batches, inputs, bytes) = (new List<PendingBatch>(), 0, 0L);
            while (queue.Waiting.TryPeek(out var next) && (batches.Count == 0
                || (inputs + next.Inputs.Count <= options.BatchSizeMax && bytes + next.Bytes <= options.BatchBytesMax)))
            {
                batches.Add(queue.Waiting.Dequeue());
                inputs += next.Inputs.Count;
                bytes += next.Bytes;
            }
            queue.WaitingInputs -= inputs;
            return (queue, batches);
        }
    }

    private static void Arrive(List<PendingBatch> batches, IReadOnlyList<AppendOutcome> outcomes)
    {
        var from = 0;
        foreach (var batch in batches)
        {
            batch.Arrival.SetResult([.. outcomes.Skip(from).Take(batch.Inputs.Count)]);
            from += batch.Inputs.Count;
        }
    }
}
