using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.EndToEnd.Tests;

public sealed class IntendoTests(IntendoRun run, ITestOutputHelper output) : IClassFixture<IntendoRun>
{
    [NeedsDataFact(IntendoRun.Sessions)]
    public async Task A_years_players_sessions_and_revenue_go_in_with_one_command_and_none_is_late()
    {
        var (exit, answer) = run.Import;
        Assert.Equal((0, 1_231 + 61_465 + 195_917, 0), (exit, (int)answer["appended"]!, (int)answer["rejected"]!));
        Assert.Equal(1_231, await run.Log.CountAsync("select count(*) from event where kind = 1 and name = 'signed_up'"));
        Assert.Equal(61_465, await run.Log.CountAsync("select count(*) from event where kind = 1 and name = 'session_start'"));
        Assert.Equal(195_917, await run.Log.CountAsync("select count(*) from event where kind = 1 and name in ('order_completed', 'ad_watched')"));
        Assert.Equal(0, await run.Log.CountAsync("""
            select count(*) from (
              select occurred_at < max(clock) over (
                partition by tenant, customer order by shard, position rows between unbounded preceding and 1 preceding) as late
              from event where kind = 1) inputs
            where late
            """));
        await run.Log.AssertSoundAsync();
    }

    [NeedsDataFact(IntendoRun.Sessions)]
    public async Task Classic_retention_from_the_log_is_what_is_known_of_the_game()
    {
        // Calendar days in UTC. Day 0 is the day of the installation; who has not lived as many days by the end of the year is not asked.
        var retention = await run.Log.ListAsync("""
            with installed as (
              select customer, (occurred_at at time zone 'UTC')::date as day from event where kind = 1 and name = 'signed_up'),
            active as (
              select distinct customer, (occurred_at at time zone 'UTC')::date as day from event where kind = 1 and name = 'session_start')
            select n, count(active.customer)::int, count(*)::int
            from installed
            cross join (values (1), (7), (30)) as asked (n)
            left join active on active.customer = installed.customer and active.day = installed.day + n
            where installed.day + n <= (select max(day) from active)
            group by n
            order by n
            """, row => (Day: row.GetInt32(0), Active: row.GetInt32(1), Players: row.GetInt32(2)));
        foreach (var (day, active, players) in retention) output.WriteLine($"D{day}: {active} of {players}, {100.0 * active / players:0.0} %");
        Assert.Equal([(1, 903, 1228), (7, 464, 1221), (30, 215, 1148)], retention);
    }

    [NeedsDataFact(IntendoRun.Sessions)]
    public async Task The_picture_of_the_games_stages_over_the_year_is_the_one_in_the_docs()
    {
        using var answer = await run.Client.GetAsync("/v1/stages/summary.svg?track=lifecycle&from=2015-01-01&to=2015-12-31&by=week");
        var picture = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, picture);
        Assert.Contains("; 1,231 customers at the end", picture, StringComparison.Ordinal);
        var (shown, drawn) = (Path.Combine(Repository.Root, "docs", "intendo-stages.svg"), Path.Combine(Path.GetTempPath(), "intendo-stages.svg"));
        if (File.Exists(shown) && await File.ReadAllTextAsync(shown) == picture) return;
        await File.WriteAllTextAsync(drawn, picture);
        Assert.Fail($"The picture in the docs is not what the product draws now, which is in {drawn}; look at it and put it there.");
    }
}
