namespace Lifecycle.EventLog;

/// <summary>The queues before the shards' heads: whoever arrives while a commit of their shard is in flight, or while too many of others are, rides in its next one.</summary>
/// <remarks>A commit is one shard's. Shards have their turns in the order in which somebody began to wait for them, and who rides is decided at the turn.</remarks>
/// <param name="commitsMax">As many commits as are in flight at once.</param>
/// <param name="commit">Writes inputs of one shard; answers when they are on disk.</param>
internal sealed class GroupCommit(LogOptions options, int commitsMax, Func<int, IReadOnlyList<NewInput>, Task<IReadOnlyList<AppendOutcome>>> commit)
{
    private readonly record struct Ride(IReadOnlyList<NewInput> Inputs, int Bytes, TaskCompletionSource<IReadOnlyList<AppendOutcome>> Arrival);

    private sealed class Stop(int shard)
    {
        public int Shard { get; } = shard;
        public Queue<Ride> Waiting { get; } = new();
        public int WaitingInputs { get; set; }

        /// <summary>Whether a commit of the shard is in flight, or its turn is waited for.</summary>
        public bool IsServed { get; set; }
    }

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stop> _stops = [];
    private readonly Queue<Stop> _turns = new();
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
            if (!_stops.TryGetValue(shard, out var stop)) _stops.Add(shard, stop = new Stop(shard));
            if (stop.WaitingInputs > 0 && stop.WaitingInputs + inputs.Count > options.QueueMax)
                throw new LogUnavailableException($"{stop.WaitingInputs} events wait for the log already; send these again later.");
            stop.Waiting.Enqueue(new Ride(inputs, bytes, arrival));
            stop.WaitingInputs += inputs.Count;
            Queue(stop);
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
        while (Board() is var (stop, rides))
        {
            await DriveAsync(stop.Shard, rides);
            lock (_lock)
            {
                stop.IsServed = false;
                Queue(stop);
            }
        }
    }

    private async Task DriveAsync(int shard, List<Ride> rides)
    {
        try
        {
            Arrive(rides, await commit(shard, [.. rides.SelectMany(ride => ride.Inputs)]));
        }
        catch (LogUnavailableException unavailable)
        {
            foreach (var ride in rides) ride.Arrival.SetException(unavailable);
        }
        catch (Exception failure) when (rides.Count == 1)
        {
            rides[0].Arrival.SetException(failure);
        }
        catch (Exception)
        {
            // Something in this batch cannot be stored. The others must not suffer for it, so each goes alone now.
            foreach (var ride in rides) await DriveAsync(shard, [ride]);
        }
    }

    private void Queue(Stop stop)
    {
        if (stop.IsServed || stop.Waiting.Count == 0) return;
        stop.IsServed = true;
        _turns.Enqueue(stop);
    }

    /// <summary>The next shard's next commit, or null where nobody waits, and then there is one driver less.</summary>
    private (Stop Stop, List<Ride> Rides)? Board()
    {
        lock (_lock)
        {
            if (!_turns.TryDequeue(out var stop))
            {
                _drivers--;
                return null;
            }
            var (rides, inputs, bytes) = (new List<Ride>(), 0, 0L);
            while (stop.Waiting.TryPeek(out var next) && (rides.Count == 0
                || (inputs + next.Inputs.Count <= options.BatchSizeMax && bytes + next.Bytes <= options.BatchBytesMax)))
            {
                rides.Add(stop.Waiting.Dequeue());
                inputs += next.Inputs.Count;
                bytes += next.Bytes;
            }
            stop.WaitingInputs -= inputs;
            return (stop, rides);
        }
    }

    private static void Arrive(List<Ride> rides, IReadOnlyList<AppendOutcome> outcomes)
    {
        var from = 0;
        foreach (var ride in rides)
        {
            ride.Arrival.SetResult([.. outcomes.Skip(from).Take(ride.Inputs.Count)]);
            from += ride.Inputs.Count;
        }
    }
}
