using Lifecycle.Simulation.Tests.Store;
using Npgsql;

namespace Lifecycle.Simulation.Tests.World;

/// <summary>How badly the ways to the store and to the receivers behave. Drawn once for a run, and calm after it has healed.</summary>
internal sealed class Weather(SimulatedWorld world)
{
    private readonly double _failures = world.Pick([0.0, 0.005, 0.02, 0.1]);
    private readonly double _slowness = world.Pick([0.0, 0.002, 0.02]);
    private DateTime _outageUntil;

    public bool IsCalm { get; private set; }

    /// <summary>How many calls were lost or refused, by kind.</summary>
    public Dictionary<string, int> Counts { get; } = [];

    public void Calm() => IsCalm = true;

    /// <summary>Nothing reaches the store for a while.</summary>
    public void Outage(TimeSpan time) => _outageUntil = world.Now + time;

    /// <summary>Takes statements to the store and brings the answers back, if it does.</summary>
    public Task<IReadOnlyList<Answer>> CallAsync(Node node, FakeStore store, IReadOnlyList<Call> calls)
    {
        // Completed outside of any process's context: whoever waits is called by way of its own.
        var answer = new TaskCompletionSource<IReadOnlyList<Answer>>();
        var name = FakeStore.NameOf(calls[^1].Text);
        world.Schedule(null, Delay(), () =>
        {
            // What a process sent in its last moment may arrive or not.
            if (node.IsDead && world.Chance(0.5)) return;
            var (answers, failure) = Execute(store, calls);
            world.Note(failure is null ? $"{node.Name} {name}" : $"{node.Name} {name}: {failure.Message}");
            if (store.Broken is { } broken) world.Fail(broken);
            world.Schedule(node, Delay(), () =>
            {
                if (failure is null) answer.SetResult(answers!);
                else answer.SetException(failure);
            });
        });
        return answer.Task;
    }

    private (IReadOnlyList<Answer>? Answers, Exception? Failure) Execute(FakeStore store, IReadOnlyList<Call> calls)
    {
        if (!IsCalm && world.Now < _outageUntil) return (null, Lost("outage", "The store is away."));
        var fails = !IsCalm && world.Chance(_failures);
        if (fails && world.Chance(0.5))
            return (null, world.Chance(0.5) ? Lost("lost before", "The connection was lost before the statement ran.") : Refused());
        try
        {
            var answers = store.Execute(calls);
            return fails ? (null, Lost("commit unknown", "The connection was lost after the commit.")) : (answers, null);
        }
        catch (PostgresException wrong)
        {
            return (null, wrong);
        }
    }

    private NpgsqlException Lost(string kind, string message)
    {
        Count(kind);
        return new NpgsqlException(message, new IOException(message));
    }

    private PostgresException Refused()
    {
        Count("refused");
        return new PostgresException("refused", "ERROR", "ERROR", world.Pick([
            PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.DeadlockDetected, PostgresErrorCodes.LockNotAvailable,
            PostgresErrorCodes.TooManyConnections]));
    }

    private TimeSpan Delay()
    {
        if (IsCalm || !world.Chance(_slowness)) return world.Between(0.0001, 0.001);
        Count("slow");
        return world.Between(0.01, world.Chance(0.1) ? 15 : 1);
    }

    public void Count(string kind, int times = 1) => Counts[kind] = Counts.GetValueOrDefault(kind) + times;
}
