using Lifecycle.Simulation.Tests.World;

namespace Lifecycle.Simulation.Tests.Runs;

/// <summary>Something that is asked of a process over the network: the answer may be lost, may come too late, and may have been acted upon all the same.</summary>
internal static class Question
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks a process that is up and answers what it said; null where there is none, it failed, or nothing came back in time.</summary>
    public static async Task<T?> AskAsync<T>(SimulatedWorld world, Node asking, Func<SimulatedServer?> pick, Func<SimulatedServer, Task<T>> question)
        where T : class
    {
        if (pick() is not { } server) return null;
        var answer = new TaskCompletionSource<T?>();
        server.Node.Run(() => _ = AnswerAsync(world, asking, server, question, answer));
        await using var patience = asking.Time.CreateTimer(_ => answer.TrySetResult(null), null, Patience, Timeout.InfiniteTimeSpan);
        return await answer.Task;
    }

    private static async Task AnswerAsync<T>(SimulatedWorld world, Node asking, SimulatedServer server, Func<SimulatedServer, Task<T>> question, TaskCompletionSource<T?> answer)
        where T : class
    {
        T? given = null;
        try
        {
            given = await question(server);
        }
        catch (Exception failure)
        {
            world.Note($"{server.Node.Name} could not answer {asking.Name}: {failure.Message}");
        }
        // The answer travels to another process, and is gone if its sender does not wait any more.
        world.Schedule(asking, world.Between(0.0001, 0.002), () => answer.TrySetResult(given));
    }
}
