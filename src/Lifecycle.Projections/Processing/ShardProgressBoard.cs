using System.Collections.Concurrent;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>How far a shard has been judged.</summary>
/// <param name="Consumed">Inputs up to here are in the states.</param>
/// <param name="Swept">Every customer has lived through the shard inputs up to here.</param>
public readonly record struct ShardProgress(long Consumed, long Swept)
{
    /// <summary>Whether everything up to a position has been judged.</summary>
    public bool Reaches(long position) => Consumed >= position && Swept >= position;
}

/// <summary>How far each shard has been judged, and the one way to wait for it.</summary>
/// <remarks>For shards processed by this process the answer comes from memory at once, for others from their checkpoint in the database.</remarks>
public sealed class ShardProgressBoard(LogDatabase database, TimeProvider? time = null)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<int, ReportedProgress> _known = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How far a shard has come.</summary>
    public async Task<ShardProgress> OfAsync(int shard, CancellationToken ct = default)
    {
        if (_known.TryGetValue(shard, out var known)) return known.Reached;
        var rows = await database.Statement("read_lease").With(shard).ListAsync(row => new ShardProgress(row.GetInt64(2), row.GetInt64(3)), ct);
        return rows[0];
    }

    /// <summary>Waits until each shard has judged everything up to its position; false when that takes longer than <paramref name="timeout"/>
    /// or the process stops.</summary>
    public async Task<bool> WaitAsync(IReadOnlyDictionary<int, long> positions, Duration timeout, CancellationToken ct = default)
    {
        var started = _time.GetTimestamp();
        foreach (var (shard, position) in positions)
        {
            while (true)
            {
                var change = _known.TryGetValue(shard, out var known) ? known.Changed.Task : null;
                if ((known?.Reached ?? await OfAsync(shard, ct)).Reaches(position)) break;
                var left = timeout.ToTimeSpan() - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || _ended.Task.IsCompleted) return false;
                var pause = Task.Delay(change is null && left > LookAgain ? LookAgain : left, _time, ct);
                await Task.WhenAny(pause, change ?? pause, _ended.Task);
                ct.ThrowIfCancellationRequested();
            }
        }
        return true;
    }

    /// <summary>This process stops: whoever still waits hears that it was not reached, and nobody waits any more.</summary>
    public void EndWaiting() => _ended.TrySetResult();

    internal void Report(int shard, long consumed, long swept)
    {
        var now =
            new ReportedProgress(new ShardProgress(consumed, swept), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        ReportedProgress? before = null;
        _known.AddOrUpdate(shard, now, (_, present) =>
        {
            before = present;
            return now;
        });
        before?.Changed.TrySetResult();
    }

    /// <summary>The shard is no longer processed here: from now on the database knows better.</summary>
    internal void Forget(int shard)
    {
        if (_known.TryRemove(shard, out var known)) known.Changed.TrySetResult();
    }

    private sealed record ReportedProgress(ShardProgress Reached, TaskCompletionSource Changed);
}
