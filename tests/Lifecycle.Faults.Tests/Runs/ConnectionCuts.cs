using Lifecycle.Testing;

namespace Lifecycle.Faults.Tests.Runs;

/// <summary>Commits whose answer is lost, connections that are reset at any moment, answers that are swallowed, all on a slow link.</summary>
internal static class ConnectionCuts
{
    public static async Task<RunReport> RunAsync(int count)
    {
        await using var scene = await Scene.OpenAsync(new SceneOptions { Proxied = true });
        var proxy = scene.Proxy!;
        CommitKind[] kinds = [CommitKind.Append, CommitKind.Step, CommitKind.Append, CommitKind.Other];
        var (resets, swallowed) = (0, 0);
        for (var cycle = 0; cycle < count; cycle++)
        {
            proxy.Delay = TimeSpan.FromMilliseconds(cycle % 3 == 0 ? 1 : 0);
            await Pause.ForAsync(scene.Random.Next(100));
            await proxy.CutAfterCommitAsync(kinds[cycle % kinds.Length]).WaitAsync(TimeSpan.FromSeconds(30));
            await scene.Recovery.InterruptAsync();
            scene.Recovery.Begin();
            if (cycle % 2 == 0) await scene.Recovery.UntilCompleteAsync(60);
            if (cycle % 5 == 1) resets += Strike(proxy.Reset);
            if (cycle % 5 == 3)
            {
                proxy.SwallowAnswers();
                await Pause.ForAsync(scene.Random.Next(100));
                swallowed += Strike(proxy.Cut);
            }
        }
        await scene.Recovery.UntilCompleteAsync(60);
        var cuts = proxy.Happened.GetValueOrDefault("cut after the commit");
        var details = new Dictionary<string, int>(proxy.Happened) { ["resets of all links"] = resets, ["swallowed and cut"] = swallowed };
        scene.Require(cuts == count, $"Only {cuts} of {count} commits were cut off.");
        return await scene.FinishAsync("cuts", cuts, deaths: cuts + resets + swallowed, details);
    }

    private static int Strike(Action fault)
    {
        fault();
        return 1;
    }
}
