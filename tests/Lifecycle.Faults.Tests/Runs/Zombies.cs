using Lifecycle.Testing;

namespace Lifecycle.Faults.Tests.Runs;

/// <summary>Processes that are stopped for three lease times, lose their shards to another, and wake up in the middle of what they were doing;
/// some while they hold a head's lock.</summary>
internal sealed class Zombies
{
    private static readonly SceneOptions Options = new() { Places = 2, Proxied = true };

    private readonly Scene _scene;
    private readonly Dictionary<string, int> _details = [];
    private int _zombies;

    private Zombies(Scene scene) => _scene = scene;

    public static async Task<RunReport> RunAsync(int count)
    {
        await using var scene = await Scene.OpenAsync(Options);
        var run = new Zombies(scene);
        for (var cycle = 0; cycle < count; cycle++)
        {
            await Pause.ForAsync(scene.Random.Next(1000));
            await ((cycle % 5) switch
            {
                2 => run.StopWithHeadAsync(),
                4 => run.StopInStepAsync(),
                _ => run.StopWithLeasesAsync(),
            });
        }
        scene.Require(run._zombies == count, $"Only {run._zombies} of {count} stopped processes lost what they held.");
        return await scene.FinishAsync("zombies", run._zombies, deaths: count, run._details);
    }

    private async Task StopWithLeasesAsync()
    {
        var victim = _scene.Places[_scene.Random.Next(2)];
        if (await HeldByAsync(victim) == 0) victim = _scene.Places.Single(place => place != victim);
        await _scene.Recovery.InterruptAsync();
        var (held, losses) = (await HeldByAsync(victim), LossesIn(victim));
        victim.Suspend();
        _scene.Recovery.Begin();
        await Pause.ForAsync(3 * Options.LeaseSeconds * 1000);
        var kept = await HeldByAsync(victim);
        victim.Resume();
        if (held > 0 && kept == 0) _zombies++;
        Count("leases passed on", (int)(held - kept));
        await _scene.Recovery.UntilCompleteAsync(60);
        await Pause.ForAsync(700);
        Count("woke up and noticed", LossesIn(victim) > losses ? 1 : 0);
    }

    /// <summary>The end of a step does not leave the process: in the database it is at work, and holds its shard's lease row.</summary>
    private async Task StopInStepAsync()
    {
        await _scene.Recovery.InterruptAsync();
        await TakeOverAsync();
        var release = await _scene.Proxy!.HoldBeforeCommitAsync(CommitKind.Step).WaitAsync(TimeSpan.FromSeconds(30));
        var victim = _scene.Place;
        victim.Suspend();
        _scene.Recovery.Begin();
        var stopped = TimeProvider.System.GetTimestamp();
        await Pause.UntilAsync(async () => await HeldByAsync(victim) == 0, 90, "A process stopped in the middle of a step keeps its shards for ever.");
        Longest("ms until the leases of one stopped in a step had passed on", stopped);
        victim.Resume();
        release();
        _zombies++;
        Count("stopped in the middle of a step", 1);
        await _scene.Recovery.UntilCompleteAsync(60);
    }

    /// <summary>Makes the first place the one that holds the shards.</summary>
    private async Task TakeOverAsync()
    {
        if (await HeldByAsync(_scene.Place) > 0) return;
        await _scene.Places[1].DrainAsync();
        await Pause.UntilAsync(async () => await HeldByAsync(_scene.Place) > 0, 30, "Nobody took the shards that were given back.");
        _scene.Places[1].Launch();
        await _scene.Places[1].UntilReadyAsync();
    }

    /// <summary>The end of an append does not leave the process: in the database it is at work, and holds its shard's head.</summary>
    private async Task StopWithHeadAsync()
    {
        var release = await _scene.Proxy!.HoldBeforeCommitAsync(CommitKind.Append).WaitAsync(TimeSpan.FromSeconds(30));
        var victim = _scene.Place;
        await _scene.Recovery.InterruptAsync();
        victim.Suspend();
        _scene.Recovery.Begin();
        var heads = await HeadsAsync();
        var held = TimeProvider.System.GetTimestamp();
        await Pause.UntilAsync(async () => (await HeadsAsync()).Zip(heads).All(pair => pair.First > pair.Second), 90,
            "A stopped process that holds a head keeps everybody from appending to its shard.");
        Longest("ms that others waited for the head", held);
        // The stopped process is still there, so nobody waited for it; and it wakes up when its leases are long over.
        var seconds = TimeProvider.System.GetElapsedTime(held).TotalSeconds;
        await Pause.ForAsync(Math.Max(0, (int)(3 * Options.LeaseSeconds * 1000 - seconds * 1000)));
        victim.Resume();
        release();
        _zombies++;
        Count("stopped while holding a head", 1);
        await _scene.Recovery.UntilCompleteAsync(60);
    }

    private Task<List<long>> HeadsAsync() => _scene.Log.ListAsync("select position from shard_head order by shard", row => row.GetInt64(0));

    private Task<long> HeldByAsync(ServerUnderFaults place) => _scene.Log.CountAsync(
        $"select count(*) from shard_lease l join audit_taken t using (shard, epoch) where l.owner is not null and t.writer = '{place.Name}'");

    private static int LossesIn(ServerUnderFaults place) => place.Output.Split("is lost; its processor stops").Length - 1;

    private void Longest(string what, long since) =>
        _details[what] = Math.Max(_details.GetValueOrDefault(what), (int)TimeProvider.System.GetElapsedTime(since).TotalMilliseconds);

    private void Count(string what, int times) => _details[what] = _details.GetValueOrDefault(what) + times;
}
