using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;

namespace Lifecycle.EventLog.Tests;

public sealed class GroupCommitTests
{
    private readonly List<(int Shard, IReadOnlyList<NewInput> Batch, TaskCompletionSource Go)> _commits = [];

    [Fact]
    public async Task Whoever_arrives_while_a_commit_is_in_flight_rides_in_the_next()
    {
        var queue = Queue(new LogOptions());
        var first = queue.AppendAsync(0, Inputs(1));
        var riders = Enumerable.Range(0, 50).Select(_ => queue.AppendAsync(0, Inputs(2))).ToList();
        Assert.Single(_commits);
        _commits[0].Go.SetResult();
        await first;
        await UntilCommitsAsync(2);
        _commits[1].Go.SetResult();

        var answers = await Task.WhenAll(riders);
        Assert.Equal([1, 100], _commits.Select(commit => commit.Batch.Count));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => (long)n), answers.SelectMany(answer => answer).Select(outcome => outcome.Position));
    }

    [Fact]
    public async Task Who_rides_is_decided_when_the_shards_turn_has_come()
    {
        var queue = Queue(new LogOptions(), commitsMax: 2);
        var riders = new List<Task> { queue.AppendAsync(0, Inputs(1)), queue.AppendAsync(1, Inputs(1)), queue.AppendAsync(2, Inputs(3)), queue.AppendAsync(3, Inputs(5)) };
        Assert.Equal([0, 1], _commits.Select(commit => commit.Shard));
        // Neither their own shard's commit is in flight nor is it their turn.
        riders.AddRange([queue.AppendAsync(2, Inputs(4)), queue.AppendAsync(0, Inputs(2)), queue.AppendAsync(3, Inputs(6))]);
        Assert.Equal(2, _commits.Count);
        for (var commit = 0; commit < 5; commit++)
        {
            await UntilCommitsAsync(commit + 1);
            _commits[commit].Go.SetResult();
        }
        await Task.WhenAll(riders);
        Assert.Equal([(0, 1), (1, 1), (2, 7), (3, 11), (0, 2)], _commits.Select(commit => (commit.Shard, commit.Batch.Count)));
    }

    [Fact]
    public async Task A_batch_is_bounded_by_count_and_by_bytes()
    {
        var queue = Queue(new LogOptions { BatchSizeMax = 10, BatchBytesMax = 1000 });
        var all = new List<Task> { queue.AppendAsync(0, Inputs(1)) };
        all.AddRange(Enumerable.Range(0, 4).Select(_ => queue.AppendAsync(0, Inputs(4))));
        all.AddRange(Enumerable.Range(0, 3).Select(_ => queue.AppendAsync(0, Inputs(1, bytes: 600))));
        for (var commit = 0; commit < 5; commit++)
        {
            await UntilCommitsAsync(commit + 1);
            _commits[commit].Go.SetResult();
        }
        await Task.WhenAll(all);
        Assert.Equal([1, 8, 9, 1, 1], _commits.Select(commit => commit.Batch.Count));
    }

    [Fact]
    public async Task Too_many_waiting_are_turned_away()
    {
        var queue = Queue(new LogOptions { QueueMax = 5 });
        var first = queue.AppendAsync(0, Inputs(1));
        var second = queue.AppendAsync(0, Inputs(5));
        Assert.Throws<LogUnavailableException>(() => { _ = queue.AppendAsync(0, Inputs(1)); });
        _commits[0].Go.SetResult();
        await first;
        await UntilCommitsAsync(2);
        _commits[1].Go.SetResult();
        await second;
    }

    [Fact]
    public async Task What_cannot_be_stored_fails_alone()
    {
        var queue = new GroupCommit(new LogOptions(), 1, async (shard, inputs) =>
        {
            var outcomes = await CommitAsync(shard, inputs);
            return inputs.Any(input => input.Name == "bad") ? throw new InvalidOperationException("bad") : outcomes;
        });
        var first = queue.AppendAsync(0, Inputs(1));
        var (good, bad) = (queue.AppendAsync(0, Inputs(2)), queue.AppendAsync(0, Inputs(1, name: "bad")));
        for (var commit = 0; commit < 4; commit++)
        {
            await UntilCommitsAsync(commit + 1);
            _commits[commit].Go.SetResult();
        }
        await first;
        Assert.Equal(2, (await good).Count);
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
    }

    private GroupCommit Queue(LogOptions options, int commitsMax = 4) => new(options, commitsMax, CommitAsync);

    private async Task<IReadOnlyList<AppendOutcome>> CommitAsync(int shard, IReadOnlyList<NewInput> inputs)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_commits) _commits.Add((shard, inputs, go));
        await go.Task;
        return [.. Enumerable.Range(0, inputs.Count).Select(n => new AppendOutcome(AppendResult.Appended, shard, n))];
    }

    private async Task UntilCommitsAsync(int count)
    {
        for (var attempt = 0; attempt < 1_000_000; attempt++)
        {
            lock (_commits)
                if (_commits.Count >= count) return;
            await Task.Yield();
        }
        Assert.Fail($"Commit {count} did not begin.");
    }

    private static List<NewInput> Inputs(int count, int bytes = 2, string name = "session_start") =>
    [
        .. Enumerable.Range(0, count).Select(_ => new NewInput(new CustomerRef(1, 0, default, "ann"), default, default, name, 1, new byte[bytes], null,
            Instants.Beginning, false, 0, false)),
    ];
}
