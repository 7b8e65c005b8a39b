using Lifecycle.Testing;
using NodaTime;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

public sealed class TestClockCommandTests
{
    [Fact]
    public async Task Forty_days_in_one_call_carry_every_move_at_its_own_instant_and_the_live_tenant_does_not_move()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path);
        await Story.PublishGameAsync(server, server.Test);
        await Story.PublishGameAsync(server, server.Client);
        var players = Enumerable.Range(0, 40).Select(i => $"player-{i}").ToList();
        var lastSeen = new Dictionary<string, Instant>();
        foreach (var wave in players.Chunk(10))
        {
            await CommandServer.SendAsync(server.Test, [.. wave.Select(player => Story.Track(player, "session_start"))]);
            var clock = await Story.ClockAsync(server.Test);
            foreach (var player in wave) lastSeen[player] = clock;
            await Story.AdvanceAsync(server.Test, "7 hours");
        }
        await CommandServer.SendAsync(server.Client, [.. players.Select(player => Story.Track(player, "session_start"))]);

        var before = await Story.ClockAsync(server.Test);
        var after = await Story.AdvanceAsync(server.Test, "40 days");

        Assert.Equal(before + Duration.FromDays(40), after);
        foreach (var player in players)
        {
            Assert.Equal([("exploration", lastSeen[player]), ("at_risk", lastSeen[player] + Duration.FromDays(3)),
                ("lapsed", lastSeen[player] + Duration.FromDays(14)), ("lost", lastSeen[player] + Duration.FromDays(30))], await Story.MovesAsync(server.Test, player));
            Assert.Equal("exploration", (await Story.MovesAsync(server.Client, player)).Single().To);
        }
        var log = new LogAudit(database.ConnectionUri);
        Assert.Equal(0, await log.CountAsync("""
            select count(*) from (
              select f.clock < lag(f.clock) over (partition by f.shard, f.tenant order by f.position) as backwards
              from event f join tenant t using (tenant) where t.test and f.kind = 2) facts
            where backwards
            """));
        await log.AssertSoundAsync();
    }

    [Fact]
    public async Task A_live_tenants_clock_cannot_be_advanced()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var folder = new TemporaryFolder();
        await using var server = await CommandServer.StartAsync(database.ConnectionUri, folder.Path);
        using var answer = await server.Client.PostAsync("/v1/clock/advance", new StringContent("""{"by":"1 day"}"""));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, answer.StatusCode);
    }
}
