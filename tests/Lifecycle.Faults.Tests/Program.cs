using System.Globalization;
using Lifecycle.Faults.Tests;
using Lifecycle.Faults.Tests.Runs;

// The long forms: NAME or NAME=COUNT, as kills=50; all of them without a name. One line for each; exit 0 only when every one was sound.
var runs = new (string Name, int Count, Func<int, Task<RunReport>> RunAsync)[]
{
    ("kills", 1000, Kills.RunAsync),
    ("restarts", 200, Restarts.RunAsync),
    ("zombies", 200, Zombies.RunAsync),
    ("cuts", 500, ConnectionCuts.RunAsync),
    ("half-open", 12, HalfOpen.RunAsync),
    ("disk-full", 10, DiskFull.RunAsync),
    ("many", 600, seconds => Many.RunAsync(processes: 8, shards: 64, seconds)),
};
var asked = (args.Length == 0 ? runs.Select(run => run.Name) : args).Select(argument => argument.Split('=', 2)).ToList();
foreach (var parts in asked)
    if (runs.All(run => run.Name != parts[0]) || (parts.Length == 2 && !(int.TryParse(parts[1], CultureInfo.InvariantCulture, out var number) && number > 0)))
    {
        await Console.Error.WriteLineAsync($"There is no run '{string.Join('=', parts)}'; there are {string.Join(", ", runs.Select(run => $"{run.Name}={run.Count}"))} (of many the number is seconds).");
        return 2;
    }
var sound = true;
foreach (var parts in asked)
{
    var run = runs.Single(run => run.Name == parts[0]);
    try
    {
        var report = await run.RunAsync(parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : run.Count);
        sound &= report.Breaches.Count == 0;
        Console.Out.WriteLine(report);
    }
    catch (Exception broken) when (broken is TimeoutException or InvalidOperationException)
    {
        sound = false;
        Console.Out.WriteLine($"{run.Name}: FAILED: {broken.Message}");
    }
}
return sound ? 0 : 1;
