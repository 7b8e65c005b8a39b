using Lifecycle.EventLog.Concurrency;

namespace Lifecycle.EventLog.Tests;

public sealed class TurnsTests
{
    [Fact]
    public async Task So_many_are_in_at_once_and_the_others_come_in_in_their_order()
    {
        var semaphore = new FairSemaphore(2);
        var entered = Enumerable.Range(0, 5).Select(_ => semaphore.WaitAsync()).ToList();
        Assert.Equal([true, true, false, false, false], entered.Select(task => task.IsCompleted));
        for (var next = 2; next < 5; next++)
        {
            semaphore.Release();
            await entered[next];
            Assert.All(entered[(next + 1)..], task => Assert.False(task.IsCompleted));
        }
    }

    [Fact]
    public async Task Who_gives_up_waiting_loses_nobody_a_turn()
    {
        var semaphore = new FairSemaphore(1);
        await semaphore.WaitAsync();
        using var impatient = new CancellationTokenSource();
        var (givenUp, patient) = (semaphore.WaitAsync(impatient.Token), semaphore.WaitAsync());
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        semaphore.Release();
        await patient;
        semaphore.Release();
        await semaphore.WaitAsync();
        Assert.False(semaphore.WaitAsync().IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => semaphore.WaitAsync(impatient.Token));
    }

    [Fact]
    public async Task Many_threads_are_never_more_than_allowed()
    {
        var (semaphore, inside, most) = (new FairSemaphore(3), 0, 0);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Parallel.ForEachAsync(Enumerable.Range(0, 500), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (_, ct) =>
        {
            await semaphore.WaitAsync(ct);
            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            if (now == 3) full.TrySetResult();
            await full.Task.WaitAsync(TimeSpan.FromSeconds(30), ct); // The first do not leave before all the turns are taken.
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            semaphore.Release();
        });
        Assert.Equal(0, inside);
        Assert.Equal(3, most);
    }

    private static void InterlockedMax(ref int value, int candidate)
    {
        for (var seen = Volatile.Read(ref value); candidate > seen; seen = Volatile.Read(ref value))
            if (Interlocked.CompareExchange(ref value, candidate, seen) == seen) return;
    }
}
