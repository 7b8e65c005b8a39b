using Lifecycle.Testing;

namespace Lifecycle.Faults.Tests.Runs;

/// <summary>The database's disk is full, and after a while has room again.</summary>
internal static class DiskFull
{
    public static async Task<RunReport> RunAsync(int count)
    {
        using var disk = SmallDisk.Mount();
        var server = await TestServer.StartAsync(Path.Combine(disk.Path, "data"));
        await using var scene = await Scene.OpenAsync(new SceneOptions(), server.Server.ConnectionUri, server);
        var full = 0;
        for (var cycle = 0; cycle < count; cycle++)
        {
            await Pause.ForAsync(scene.Random.Next(1000));
            await scene.Recovery.InterruptAsync();
            disk.Fill();
            var refused = scene.Ledger.Again;
            await Pause.UntilAsync(() => Task.FromResult(scene.Ledger.Again > refused + 2), 90, "The full disk disturbed nobody.");
            await Pause.ForAsync(2000);
            full++;
            disk.Free();
            await server.StartAgainAsync(); // Where it gave up.
            scene.Recovery.Begin();
            await scene.Recovery.UntilCompleteAsync(90);
        }
        return await scene.FinishAsync("disk-full", full, deaths: full, new Dictionary<string, int> { ["batches sent again"] = scene.Ledger.Again });
    }
}
