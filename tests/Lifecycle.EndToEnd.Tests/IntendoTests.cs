using Lifecycle.Testing;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

public sealed class IntendoTests
{
    private const string Sessions = "intendo/sj_all_sessions_small.csv.gz", Revenue = "intendo/sj_all_revenue_small.csv.gz";

    [NeedsDataFact(Sessions)]
    public async Task A_years_sessions_and_revenue_go_in_with_one_command_and_none_is_late()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await Server.StartAsync(database.ConnectionUri, folder.Path);
        var (exit, answer) = await server.CommandAsync("import",
            Path.Combine(Repository.Data!, Sessions), "--map", Repository.Sample("tianxia", "maps", "intendo-sessions.map.yaml"),
            Path.Combine(Repository.Data!, Revenue), "--map", Repository.Sample("tianxia", "maps", "intendo-revenue.map.yaml"));

        Assert.Equal((0, 61_465 + 195_917, 0), (exit, (int)answer["appended"]!, (int)answer["rejected"]!));
        var log = new LogAudit(database.ConnectionUri);
        Assert.Equal(61_465, await log.CountAsync("select count(*) from event where kind = 1 and name = 'session_start'"));
        Assert.Equal(195_917, await log.CountAsync("select count(*) from event where kind = 1 and name <> 'session_start'"));
        Assert.Equal(0, await log.CountAsync("""
            select count(*) from (
              select occurred_at < max(clock) over (partition by tenant, customer order by shard, position rows between unbounded preceding and 1 preceding) as late
              from event where kind = 1) inputs
            where late
            """));
        await log.AssertSoundAsync();
    }
}
