using Lifecycle.Faults.Tests.Runs;
using Xunit;
using Xunit.Abstractions;

// Each run has servers of its own; more than two at once would only measure the machine.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Lifecycle.Faults.Tests;

public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    public Task Killed_again_and_again_under_load_a_server_loses_and_doubles_nothing() => Sound.RunAsync(output, () => Kills.RunAsync(20));
}

public sealed class RestartTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_database_stopped_without_warning_loses_nothing_acknowledged_and_the_server_goes_on() => Sound.RunAsync(output, () => Restarts.RunAsync(5));
}

public sealed class ZombieTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_process_that_wakes_up_after_its_lease_changes_nothing() => Sound.RunAsync(output, () => Zombies.RunAsync(5));
}

public sealed class LinkTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_commit_whose_answer_is_lost_is_made_once() => Sound.RunAsync(output, () => ConnectionCuts.RunAsync(40));

    [Fact]
    public Task Links_that_fall_silent_are_given_up_and_nothing_is_lost() => Sound.RunAsync(output, () => HalfOpen.RunAsync(1));
}

public sealed class DiskTests(ITestOutputHelper output)
{
    [NeedsSmallDiskFact]
    public Task A_full_disk_is_survived_when_it_has_room_again() => Sound.RunAsync(output, () => DiskFull.RunAsync(1));
}

public sealed class ManyTests(ITestOutputHelper output)
{
    [Fact]
    public Task Several_processes_that_come_and_go_at_random_share_the_shards_and_lose_nothing() =>
        Sound.RunAsync(output, () => Many.RunAsync(processes: 3, shards: 8, seconds: 20));
}

internal static class Sound
{
    public static async Task RunAsync(ITestOutputHelper output, Func<Task<RunReport>> run)
    {
        var report = await run();
        output.WriteLine(report.ToString());
        Assert.True(report.Breaches.Count == 0, report.ToString());
    }
}

/// <summary>A test that fills a disk; skipped, saying why, where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsSmallDiskFactAttribute : FactAttribute
{
    public NeedsSmallDiskFactAttribute() => Skip = SmallDisk.Refusal();
}
