using System.Text.Json.Nodes;
using Lifecycle.EventLog.Log;
using Lifecycle.Testing;
using NodaTime;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

/// <summary><c>lifecycle archive</c> as a process of its own, on a log of three months.</summary>
public sealed class ArchiveCommandTests : IDisposable
{
    private const int Customers = 40, Months = 3, PerMonth = 6_000;
    private static readonly string CommandPath = typeof(Lifecycle.Cli.CliMarker).Assembly.Location.Replace(
        Path.GetFileNameWithoutExtension(typeof(ArchiveCommandTests).Assembly.Location), Path.GetFileNameWithoutExtension(typeof(Lifecycle.Cli.CliMarker).Assembly.Location), StringComparison.Ordinal);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_at_any_moment_it_has_lost_nothing_and_does_the_rest_the_next_time()
    {
        await using var log = await AgedAsync();
        var before = await ReadAsync(log);
        Assert.Equal(Months * PerMonth, before.Count);
        var (kills, random) = (0, new Random(5));
        for (var moved = 0L; moved < Months;)
        {
            var written = DateTime.UtcNow;
            using var command = Archive(log, "--before", "2031-04");
            while (!command.Process.HasExited && !HasWritten(written)) await Task.Delay(5);
            await Task.Delay(random.Next(100 * (kills + 2))); // Longer each time, so that it comes to its end on a slow machine too.
            if (command.Process.HasExited) Assert.True(command.Process.ExitCode == 0, command.Output);
            else kills++;
            command.Kill();
            Assert.Equal(before, await ReadAsync(log));
            moved = await log.Server.ScalarAsync<long>("select count(distinct month) from archived");
        }
        Assert.True(kills >= 3, $"Only {kills} of the commands lived to be killed.");

        using var whole = Archive(log, "--before", "2031-04", "--check", "--json");
        Assert.Equal(0, await whole.EndAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(before, await ReadAsync(log));
        Assert.Equal(0, await log.Server.ScalarAsync<long>("select count(*) from event where customer is not null"));
        var told = JsonNode.Parse(whole.Output.Split('\n').First(line => line.StartsWith('{')))!;
        Assert.Equal(Months * PerMonth, told["archived"]!.AsArray().Sum(month => (long)month!["events"]!));
        Assert.True((bool)told["checked"]!);
    }

    [Theory]
    [InlineData(2, "is no month", "--before", "September")]
    [InlineData(1, "2031-06 has not begun", "--before", "2031-06")]
    public async Task What_cannot_be_is_told_in_a_sentence(int code, string sentence, params string[] arguments)
    {
        await using var log = await AgedAsync();
        using var command = Archive(log, arguments);
        Assert.Equal(code, await command.EndAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains(sentence, command.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", command.Output, StringComparison.Ordinal);
        Assert.Empty(await log.Database.Archive.MonthsAsync(0));
    }

    /// <summary>January to March 2031 with events, judged, and April begun.</summary>
    private async Task<TestLog> AgedAsync()
    {
        var log = await TestLog.StartAsync(new LogOptions { Shards = 4, ArchiveFolder = _folder.Path });
        await log.Server.ExecuteAsync("update shard_head set recorded_at = '2031-01-10'");
        for (var month = 1; month <= Months; month++)
        {
            for (var number = 0; number < PerMonth; number++) log.Did($"customer {number % Customers}", "order_completed", properties: $$"""{"revenue":{{number}}}""");
            await log.SendAsync();
            for (var shard = 0; shard < log.Database.Shards; shard++) await log.Log.RaiseAsync(shard, Instant.FromUtc(2031, month + 1, 10, 0, 0));
        }
        await log.Server.ExecuteAsync("update shard_lease set consumed = 1000000");
        return log;
    }

    private static async Task<List<string>> ReadAsync(TestLog log)
    {
        var rows = new List<string>();
        for (var number = 0; number < Customers; number++)
        {
            var customer = log.Customer($"customer {number}");
            foreach (var row in await log.Log.ReadCustomerAsync(customer.Shard, customer.Tenant, customer.Key, long.MaxValue))
                rows.Add($"{row with { Open = default, Sealed = null }} {Convert.ToHexString(row.Open.Span)}");
        }
        return rows;
    }

    private bool HasWritten(DateTime since) => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Any(file => File.GetLastWriteTimeUtc(file) > since);

    // From its own folder: beside the tests it would find theirs in the place of some of its libraries.
    private Child Archive(TestLog log, params string[] arguments) => Child.Start("dotnet", [CommandPath, "archive", .. arguments],
        new Dictionary<string, string?> { ["LIFECYCLE_DATABASE"] = log.Server.ConnectionUri, ["LIFECYCLE_ARCHIVE"] = _folder.Path });
}
