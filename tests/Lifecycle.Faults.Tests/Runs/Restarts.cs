using Lifecycle.Testing;

namespace Lifecycle.Faults.Tests.Runs;

/// <summary>PostgreSQL stopped as by a power cut and started again, under a server that goes on.</summary>
internal static class Restarts
{
    public static async Task<RunReport> RunAsync(int count)
    {
        var server = await TestServer.StartAsync();
        await using var scene = await Scene.OpenAsync(new SceneOptions(), server.Server.ConnectionUri, server);
        var (stops, inFlight) = (0, 0);
        for (var cycle = 0; cycle < count; cycle++)
        {
            await Pause.ForAsync(scene.Random.Next(1500));
            await scene.Recovery.InterruptAsync();
            if (scene.Ledger.InFlight > 0) inFlight++;
            await server.StopImmediatelyAsync();
            stops++;
            await Pause.ForAsync(scene.Random.Next(1000));
            await server.StartAgainAsync();
            scene.Recovery.Begin();
            // Every other one may recover.
            if (cycle % 2 == 0) await scene.Recovery.UntilCompleteAsync(60);
        }
        await scene.Recovery.UntilCompleteAsync(60);
        var details = new Dictionary<string, int> { ["with requests in flight"] = inFlight, ["batches sent again"] = scene.Ledger.Again };
        scene.Require(inFlight >= count / 4, "The stops hardly hit a request in flight.");
        return await scene.FinishAsync("restarts", stops, deaths: stops, details);
    }
}
