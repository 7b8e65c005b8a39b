using System.Diagnostics;
using System.Globalization;
using Lifecycle.Simulation.Tests.Runs;
using Xunit.Abstractions;

namespace Lifecycle.Simulation.Tests;

/// <summary>LIFECYCLE_SEEDS says how many seeds are tried, 200 unless told; LIFECYCLE_SEED tries one alone and prints all of its trace.</summary>
public class SimulationTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_fails_nothing_is_lost_nothing_is_doubled_and_everything_comes_to_its_end()
    {
        if (Number("LIFECYCLE_SEED") is { } one)
        {
            var run = Executed(one, keepTrace: true);
            foreach (var line in run.World.Trace) output.WriteLine(line);
            Assert.Null(run.World.Failure);
            return;
        }
        var (seeds, watch) = (Number("LIFECYCLE_SEEDS") ?? 200, Stopwatch.StartNew());
        var first = Number("LIFECYCLE_SEEDS_FROM") ?? 1;
        var (counts, steps) = (new SortedDictionary<string, int>(), 0L);
        Run? failed = null;
        var next = first - 1;
        Together(() =>
        {
            for (var seed = Interlocked.Increment(ref next); seed < first + seeds && failed is null; seed = Interlocked.Increment(ref next))
            {
                var run = Run.Of(seed);
                lock (counts)
                {
                    steps += run.World.Steps;
                    foreach (var (kind, count) in run.Weather.Counts) counts[kind] = counts.GetValueOrDefault(kind) + count;
                    if (run.World.Failure is not null && !(failed?.World.Seed < seed)) failed = run;
                }
            }
        });
        Assert.True(failed is null, $"Seed {failed?.World.Seed} fails: {failed?.World.Failure}\n{string.Join('\n', failed?.World.Trace ?? [])}");
        output.WriteLine($"{seeds} seeds in {watch.Elapsed.TotalSeconds:0.0} s, {steps} steps; {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(42)]
    public void A_seed_goes_the_same_way_every_time(int seed)
    {
        var (once, again) = (Executed(seed, keepTrace: true), Executed(seed, keepTrace: true));
        Assert.Equal(once.World.Trace, again.World.Trace);
        Assert.Equal(once.World.TraceHash, again.World.TraceHash);
    }

    private static Run Executed(int seed, bool keepTrace = false)
    {
        Run run = null!;
        var thread = new Thread(() => run = Run.Of(seed, keepTrace));
        thread.Start();
        thread.Join();
        return run;
    }

    /// <summary>Runs something on as many threads as the machine has processors. They have no context: a run makes those of its processes itself.</summary>
    private static void Together(ThreadStart work)
    {
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
