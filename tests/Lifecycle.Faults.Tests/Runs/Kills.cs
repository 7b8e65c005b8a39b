namespace Lifecycle.Faults.Tests.Runs;

/// <summary>Power cuts: SIGKILL at any moment of a server's life, its start included, and the next one on the same data.</summary>
internal static class Kills
{
    /// <summary>A process that is not waited for lives this long at most, in milliseconds: long enough to have started and taken the leases.</summary>
    private const int LifeMax = 3500;

    public static async Task<RunReport> RunAsync(int count)
    {
        await using var scene = await Scene.OpenAsync(new SceneOptions { Senders = 6 });
        var (kills, starting, inFlight) = (0, 0, 0);
        for (var cycle = 0; cycle < count; cycle++)
        {
            // Every fifth may recover, so that recovery is measured and what was interrupted is judged at last.
            if (cycle % 5 == 4) await scene.Recovery.UntilCompleteAsync(60);
            await Pause.ForAsync(scene.Random.Next(LifeMax));
            var served = cycle == 0 || scene.Recovery.IsServed;
            await scene.Recovery.InterruptAsync();
            var open = scene.Ledger.InFlight;
            if (scene.Place.Kill()) kills++;
            if (!served) starting++;
            if (served && open > 0) inFlight++;
            scene.Place.Launch();
            scene.Recovery.Begin();
        }
        await scene.Recovery.UntilCompleteAsync(60);
        var details = new Dictionary<string, int> { ["during the start"] = starting, ["with requests in flight"] = inFlight, ["batches sent again"] = scene.Ledger.Again };
        scene.Require(kills == count, $"Only {kills} of {count} processes lived to be killed.");
        scene.Require(inFlight >= count / 10, "The kills hardly hit a request in flight.");
        return await scene.FinishAsync("kills", kills, deaths: kills, details);
    }
}
