namespace Lifecycle.Faults.Tests.Runs;

/// <summary>Several processes on one database that are killed, stopped, drained and started at random.</summary>
internal sealed class Many
{
    private readonly Scene _scene;
    private readonly SceneOptions _options;
    private readonly Dictionary<ServerUnderFaults, long> _resumeAt = [];
    private readonly Dictionary<string, int> _happened = [];

    private Many(Scene scene, SceneOptions options) => (_scene, _options) = (scene, options);

    public static async Task<RunReport> RunAsync(int processes, int shards, int seconds)
    {
        var options = new SceneOptions { Places = processes, Shards = shards, Senders = 6 };
        await using var scene = await Scene.OpenAsync(options);
        var run = new Many(scene, options);
        await run.StrikeAsync(TimeSpan.FromSeconds(seconds));
        var faults = run._happened.GetValueOrDefault("killed") + run._happened.GetValueOrDefault("stopped");
        return await scene.FinishAsync("many", faults, deaths: faults, run._happened);
    }

    private async Task StrikeAsync(TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < time)
        {
            await Pause.ForAsync(300 + _scene.Random.Next(1200));
            await ResumeAsync(all: false);
            await StrikeOnceAsync();
        }
        await ResumeAsync(all: true);
        foreach (var place in _scene.Places.Where(place => !place.IsRunning)) place.Launch();
        await _scene.Recovery.UntilCompleteAsync(120);
    }

    /// <summary>One of those who are well is killed, stopped or drained, or one who is gone comes back. One is always left.</summary>
    private async Task StrikeOnceAsync()
    {
        var well = _scene.Places.Where(place => place.IsWell).ToList();
        var gone = _scene.Places.Where(place => !place.IsRunning).ToList();
        if (gone.Count > 0 && (well.Count < 2 || _scene.Random.Next(3) == 0))
        {
            gone[_scene.Random.Next(gone.Count)].Launch();
            Count("joined");
            return;
        }
        if (well.Count < 2) return;
        var victim = well[_scene.Random.Next(well.Count)];
        await _scene.Recovery.InterruptAsync();
        switch (_scene.Random.Next(5))
        {
            case 0 or 1:
                victim.Kill();
                Count("killed");
                break;
            case 2 or 3:
                victim.Suspend();
                _resumeAt[victim] = TimeProvider.System.GetTimestamp() + _scene.Random.Next(3 * _options.LeaseSeconds) * TimeProvider.System.TimestampFrequency;
                Count("stopped");
                break;
            default:
                await victim.DrainAsync();
                Count("drained");
                break;
        }
        _scene.Recovery.Begin();
    }

    private async Task ResumeAsync(bool all)
    {
        foreach (var (place, at) in _resumeAt.ToList())
        {
            if (!all && TimeProvider.System.GetTimestamp() < at) continue;
            if (place.IsSuspended) place.Resume();
            _resumeAt.Remove(place);
        }
        if (all) await Pause.ForAsync(500);
    }

    private void Count(string what) => _happened[what] = _happened.GetValueOrDefault(what) + 1;
}
