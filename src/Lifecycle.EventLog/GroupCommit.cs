namespace Lifecycle.EventLog;

/// <summary>The queue before one shard's head: whoever arrives while a commit is in flight rides in the next one.</summary>
internal sealed class GroupCommit(LogOptions options, Func<IReadOnlyList<NewInput>, Task<IReadOnlyList<AppendOutcome>>> commit)
{
    private readonly record struct Ride(IReadOnlyList<NewInput> Inputs, int Bytes, TaskCompletionSource<IReadOnlyList<AppendOutcome>> Arrival);

    private readonly Lock _lock = new();
    private readonly Queue<Ride> _waiting = new();
    private int _waitingInputs;
    private bool _driving;

    /// <summary>Completes when the inputs are on disk. They stay together and in order.</summary>
    /// <exception cref="LogUnavailableException">Too many are waiting already, or the log could not be reached.</exception>
    public Task<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<NewInput> inputs)
    {
        var arrival = new TaskCompletionSource<IReadOnlyList<AppendOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bytes = inputs.Sum(input => input.Open.Length + (input.Sealed?.Length ?? 0));
        var drive = false;
        lock (_lock)
        {
            if (_waitingInputs > 0 && _waitingInputs + inputs.Count > options.QueueMax)
                throw new LogUnavailableException($"{_waitingInputs} events wait for the log already; send these again later.");
            _waiting.Enqueue(new Ride(inputs, bytes, arrival));
            _waitingInputs += inputs.Count;
            if (!_driving) drive = _driving = true;
        }
        if (drive) _ = DriveAsync();
        return arrival.Task;
    }

    // One commit after another until nobody waits. Nothing is awaited by the starter: each ride hears of its own arrival.
    private async Task DriveAsync()
    {
        while (Board() is { Count: > 0 } rides)
        {
            try
            {
                Arrive(rides, await commit([.. rides.SelectMany(ride => ride.Inputs)]));
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
                foreach (var ride in rides) await DriveAloneAsync(ride);
            }
        }
    }

    private async Task DriveAloneAsync(Ride ride)
    {
        try
        {
            ride.Arrival.SetResult(await commit(ride.Inputs));
        }
        catch (Exception failure)
        {
            ride.Arrival.SetException(failure);
        }
    }

    private List<Ride> Board()
    {
        lock (_lock)
        {
            var (rides, inputs, bytes) = (new List<Ride>(), 0, 0L);
            while (_waiting.TryPeek(out var next) && (rides.Count == 0
                || (inputs + next.Inputs.Count <= options.BatchSizeMax && bytes + next.Bytes <= options.BatchBytesMax)))
            {
                rides.Add(_waiting.Dequeue());
                inputs += next.Inputs.Count;
                bytes += next.Bytes;
            }
            _waitingInputs -= inputs;
            _driving = rides.Count > 0;
            return rides;
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
