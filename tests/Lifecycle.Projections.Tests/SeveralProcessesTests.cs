using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Replaying;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.Projections.Tests;

/// <summary>Processes that share one database.</summary>
public sealed class SeveralProcessesTests
{
    private const int Shards = 16;

    private static readonly LogOptions Ordinary = new() { Shards = Shards };

    /// <summary>Leases so long that whoever waited for one to expire, instead of being handed it, would be seen on the slowest machine.</summary>
    private static readonly LogOptions Lasting = Ordinary with { LeaseTime = Duration.FromMinutes(2) };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task They_share_the_shards_evenly_and_hand_them_over_when_one_comes_or_goes(int count)
    {
        await using var shop = await ProjectionShop.OpenAsync(Shards);
        var processes = new List<OneProcess>();
        for (var n = 0; n < count; n++)
        {
            processes.Add(await OneProcess.StartAsync(shop, Lasting));
            await EvenlySharedAsync(shop, processes);
            await JudgedAsync(shop, processes.Count);
        }
        while (processes.Count > 1)
        {
            await processes[0].DisposeAsync();
            processes.RemoveAt(0);
            await EvenlySharedAsync(shop, processes);
            await JudgedAsync(shop, 100 + processes.Count);
        }
        await processes[0].DisposeAsync();
        Assert.Equal(0, await shop.CountAsync("shard_lease where owner is not null"));
        Assert.Equal(0, await shop.CountAsync("process"));
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
    }

    [Fact]
    public async Task The_shards_of_one_that_dies_are_taken_over_when_its_leases_are_over_and_not_before()
    {
        await using var shop = await ProjectionShop.OpenAsync(Shards);
        var processes = new List<OneProcess>();
        for (var n = 0; n < 3; n++) processes.Add(await OneProcess.StartAsync(shop, Ordinary));
        await EvenlySharedAsync(shop, processes);

        var dying = processes[0];
        await dying.DieAsync();
        var died = await NowAsync(shop);
        var over = await shop.Log.Server.ScalarAsync<DateTime>($"select max(expires_at) from shard_lease where owner = '{dying.Processing.Owner}'");
        Assert.True(over - died <= Ordinary.LeaseTime.ToTimeSpan(), $"It died at {died:O}, and its leases last until {over:O}.");
        processes.RemoveAt(0);
        await EvenlySharedAsync(shop, processes);
        Assert.True(await NowAsync(shop) >= over, "A lease was taken before it was over.");
        await JudgedAsync(shop, 0);
        foreach (var process in processes) await process.DisposeAsync();
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
    }

    [Fact]
    public async Task A_process_that_is_alive_and_does_not_process_gets_no_shards()
    {
        await using var shop = await ProjectionShop.OpenAsync(Shards);
        await new ProcessRegistry(shop.Log.Database).ReportAsync(Guid.NewGuid(), ["ingest", "deliver"]);
        await using var only = await OneProcess.StartAsync(shop, Ordinary);
        Assert.Equal(Shards, only.Shards.Count);
    }

    [Fact]
    public async Task Who_has_been_silent_for_an_hour_is_forgotten()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        var processes = new ProcessRegistry(shop.Log.Database);
        var (old, young) = (Guid.NewGuid(), Guid.NewGuid());
        await processes.ReportAsync(old, [ProcessRegistry.Process]);
        await shop.Log.Server.ExecuteAsync("update process set seen_at = seen_at - interval '2 hours'");
        await processes.ReportAsync(young, [ProcessRegistry.Process]);
        Assert.Equal(young, Assert.Single(await processes.AliveAsync()).Id);
        Assert.Equal(1, await shop.CountAsync("process"));
        await processes.LeaveAsync(young);
        Assert.Empty(await processes.AliveAsync());
    }

    /// <summary>Waits until every shard is in one hand, by the processes and by the database, and the shares differ by one at most.</summary>
    private static Task EvenlySharedAsync(ProjectionShop shop, List<OneProcess> processes) => Patience.UntilAsync(() => IsEvenlySharedAsync(shop, processes),
        () => $"The shards are shared as {string.Join(" + ", processes.Select(process => process.Shards.Count))}.");

    private static async Task<bool> IsEvenlySharedAsync(ProjectionShop shop, List<OneProcess> processes)
    {
        var shares = processes.ConvertAll(process => process.Shards);
        if (shares.Max(share => share.Count) - shares.Min(share => share.Count) > 1) return false;
        if (!shares.SelectMany(share => share).Order().SequenceEqual(Enumerable.Range(0, Shards))) return false;
        var owners = string.Join(',', processes.Select(process => $"'{process.Processing.Owner}'"));
        return await shop.CountAsync($"shard_lease where expires_at > clock_timestamp() and owner in ({owners})") == Shards;
    }

    private static async Task JudgedAsync(ProjectionShop shop, int batch)
    {
        var outcomes = await shop.SendAsync([.. Enumerable.Range(batch * 100, 40).Select(n => shop.Order($"customer {n}"))]);
        var seen = outcomes.GroupBy(outcome => outcome.Shard).ToDictionary(shard => shard.Key, shard => shard.Max(outcome => outcome.Position));
        Assert.True(await shop.Progress.WaitAsync(seen, Duration.FromTimeSpan(Patience.Max)));
    }

    private static Task<DateTime> NowAsync(ProjectionShop shop) => shop.Log.Server.ScalarAsync<DateTime>("select clock_timestamp()");
}
