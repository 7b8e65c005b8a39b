using Lifecycle.Testing;

namespace Lifecycle.Faults.Tests.Runs;

/// <summary>Links to the database on which one side or both fall silent while the sockets stay open.</summary>
internal static class HalfOpen
{
    public static async Task<RunReport> RunAsync(int count)
    {
        await using var scene = await Scene.OpenAsync(new SceneOptions { Proxied = true });
        var proxy = scene.Proxy!;
        Silence[] silences = [Silence.Answers, Silence.Requests, Silence.Both];
        var rounds = 0;
        for (var cycle = 0; cycle < count; cycle++)
        {
            await Pause.ForAsync(scene.Random.Next(1000));
            await scene.Recovery.InterruptAsync();
            var before = proxy.Happened.GetValueOrDefault("half-open");
            proxy.FallSilent(silences[cycle % silences.Length]);
            scene.Recovery.Begin();
            await scene.Recovery.UntilCompleteAsync(180);
            if (proxy.Happened.GetValueOrDefault("half-open") > before) rounds++;
            proxy.Heal();
        }
        var details = new Dictionary<string, int> { ["links that swallowed something"] = proxy.Happened.GetValueOrDefault("half-open") };
        scene.Require(rounds == count, $"Only {rounds} of {count} silences swallowed anything.");
        return await scene.FinishAsync("half-open", rounds, deaths: rounds, details);
    }
}
