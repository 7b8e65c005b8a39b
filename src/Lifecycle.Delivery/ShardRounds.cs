using System.Collections.Concurrent;
using Lifecycle.EventLog.Concurrency;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Delivery;

/// <summary>Looks at each shard of a changing set whenever it is woken, when its next work is due, and at the latest after the poll time.</summary>
internal sealed class ShardRounds(Func<IReadOnlyCollection<int>> shards, Duration poll, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<int, bool> _woken = new();
    private readonly AsyncAutoResetEvent _signal = new(time);

    public void Wake(int shard)
    {
        _woken[shard] = true;
        _signal.Set();
    }

    /// <summary>Goes round until stopped. A shard that is new to the set is looked at at once.</summary>
    /// <param name="look">Does what there is to do and answers how long the shard may be left alone; the poll time where it knows of nothing.</param>
    public async Task RunAsync(Func<int, CancellationToken, Task<Duration>> look, CancellationToken stop)
    {
        var lookAt = new Dictionary<int, long>();
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var held = shards();
            foreach (var lost in lookAt.Keys.Except(held).ToArray()) lookAt.Remove(lost);
            foreach (var shard in Rotated(held, round))
            {
                if (stop.IsCancellationRequested) return;
                var woken = _woken.TryRemove(shard, out _);
                if (!woken && lookAt.TryGetValue(shard, out var at) && time.GetTimestamp() < at) continue;
                var alone = await LookAsync(look, shard, stop);
                lookAt[shard] = time.GetTimestamp() + (long)(Bounded(alone).TotalSeconds * time.TimestampFrequency);
            }
            await _signal.WaitAsync(PauseBefore(lookAt.Values).ToTimeSpan(), stop);
        }
    }

    private async Task<Duration> LookAsync(Func<int, CancellationToken, Task<Duration>> look, int shard, CancellationToken stop)
    {
        try
        {
            return await look(shard, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Duration.Zero; // The loop ends where it began.
        }
        catch (Exception failure)
        {
            // Most often the database is away. Whatever it is, the other shards go on and this one is tried again.
            logger.LogError(failure, "Shard {Shard} could not be looked at; it is tried again", shard);
            return poll;
        }
    }

    private Duration PauseBefore(Dictionary<int, long>.ValueCollection lookAt) => Bounded(
        lookAt.Count == 0 ? poll : Duration.FromSeconds((lookAt.Min() - time.GetTimestamp()) / (double)time.TimestampFrequency));

    private Duration Bounded(Duration wait) => Duration.Max(Duration.Zero, Duration.Min(wait, poll));

    // Each round begins with another shard, so that one with much to do does not always come before the rest.
    private static IEnumerable<int> Rotated(IReadOnlyCollection<int> held, int round) =>
        held.Count == 0 ? [] : held.Skip(round % held.Count).Concat(held.Take(round % held.Count));
}
