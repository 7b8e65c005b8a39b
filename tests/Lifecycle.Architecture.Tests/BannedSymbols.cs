namespace Lifecycle.Architecture.Tests;

public sealed class BannedSymbols
{
    private static readonly (string Prefix, string Instead)[] Banned =
    [
        ("System.DateTime.get_Now(", "a TimeProvider"),
        ("System.DateTime.get_UtcNow(", "a TimeProvider"),
        ("System.DateTime.get_Today(", "a TimeProvider"),
        ("System.DateTimeOffset.get_Now(", "a TimeProvider"),
        ("System.DateTimeOffset.get_UtcNow(", "a TimeProvider"),
        ("NodaTime.SystemClock.get_Instance(", "a TimeProvider"),
        ("System.Threading.Thread.Sleep(", "Task.Delay with a TimeProvider"),
        ("System.Threading.Tasks.Task.Wait(", "await"),
        ("System.Random.get_Shared(", "a seeded Random, or a cryptographic one"),
    ];

    [Fact]
    public void Nothing_in_the_product_reads_the_machines_clock_or_sleeps_by_it()
    {
        foreach (var project in Tree.References("src", "ProjectReference").Keys)
        {
            using var compiled = Compiled.Open(project);
            foreach (var member in compiled.Members())
            {
                foreach (var (prefix, instead) in Banned)
                    Assert.False(member.StartsWith(prefix, StringComparison.Ordinal), $"{project} uses {member}: take {instead}.");
                Assert.False(IsUntimedDelay(member), $"{project} uses {member}: give it a TimeProvider.");
            }
        }
    }

    private static bool IsUntimedDelay(string member) =>
        (member.StartsWith("System.Threading.Tasks.Task.Delay(", StringComparison.Ordinal)
            || member.StartsWith("System.Threading.PeriodicTimer..ctor(", StringComparison.Ordinal))
        && !member.Contains("TimeProvider", StringComparison.Ordinal);
}
