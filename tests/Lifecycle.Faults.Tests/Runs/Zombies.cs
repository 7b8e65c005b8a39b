namespace Lifecycle.Faults.Tests.Runs;

/// <summary>Processes that are stopped for three lease times, lose their shards to another, and wake up in the middle of what they were doing.</summary>
internal static class Zombies
{
    public static async Task<Report> RunAsync(int count)
    {
        var options = new SceneOptions { Places = 2 };
        await using var scene = await Scene.OpenAsync(options);
        var (zombies, passedOn, noticed) = (0, 0, 0);
        for (var cycle = 0; cycle < count; cycle++)
        {
            await Pause.ForAsync(scene.Random.Next(1000));
            var victim = scene.Places[scene.Random.Next(2)];
            if (await HeldByAsync(scene, victim) == 0) victim = scene.Places.Single(place => place != victim);
            await scene.Recovery.InterruptAsync();
            var (held, before) = (await HeldByAsync(scene, victim), LossesIn(victim));
            victim.Suspend();
            scene.Recovery.Begin();
            await Pause.ForAsync(3 * options.LeaseSeconds * 1000);
            var kept = await HeldByAsync(scene, victim);
            victim.Resume();
            if (held > 0 && kept == 0) zombies++;
            passedOn += (int)held - (int)kept;
            await scene.Recovery.UntilCompleteAsync(60);
            await Pause.ForAsync(700);
            if (LossesIn(victim) > before) noticed++;
        }
        var details = new Dictionary<string, int> { ["leases passed on"] = passedOn, ["woke up and noticed"] = noticed };
        return await scene.FinishAsync("zombies", zombies, deaths: zombies, details,
            zombies < count ? [$"Only {zombies} of {count} stopped processes lost all their shards."] : []);
    }

    private static Task<long> HeldByAsync(Scene scene, ServerProcess place) => scene.Log.CountAsync(
        $"select count(*) from shard_lease l join audit_taken t using (shard, epoch) where l.owner is not null and t.writer = '{place.Name}'");

    private static int LossesIn(ServerProcess place) => place.Output.Split("is lost; its processor stops").Length - 1;
}
