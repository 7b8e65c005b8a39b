using Lifecycle.EventLog;
using Lifecycle.Projections;
using Lifecycle.Testing;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Law 1 on a real log: its inputs, replayed into a fresh database, give the same facts.</summary>
internal static class ReplayCheck
{
    private const string Facts = """
        select tenant, customer, clock, name, version, convert_from(open, 'UTF8'), cause, ordinal from event where kind = 2
        order by tenant, customer, clock, cause, ordinal, name
        """;

    /// <summary>Waits until everything in the log has been judged.</summary>
    public static async Task JudgedAsync(LogAudit log)
    {
        for (var waited = 0; waited < 600; waited++)
        {
            if (await log.CountAsync("""
                select count(*) from shard_head h join shard_lease l using (shard)
                where exists (select from event e where e.shard = h.shard and e.position > l.consumed and e.kind <> 2)
                """) == 0) return;
            await Server.PauseAsync();
        }
        throw new TimeoutException("The log was not judged to its end within a minute.");
    }

    public static async Task AssertSameFactsAsync(TestDatabase database)
    {
        await using var fresh = await TestDatabase.CreateAsync();
        await using var source = await database.OpenLogAsync();
        await using var target = await fresh.OpenLogAsync();
        await new ReplayCopy(new Log(source), new Log(target)).RunAsync();
        var (stored, replayed) = (await FactsAsync(database), await FactsAsync(fresh));
        Assert.NotEmpty(stored);
        Assert.Equal(stored, replayed);

        var report = await new Replay(new Log(source), new Releases(source)).CompareAsync();
        Assert.Empty(report.Differences);
    }

    private static Task<List<string>> FactsAsync(TestDatabase database) => new LogAudit(database.ConnectionUri).ListAsync(Facts,
        row => string.Join(' ', row.GetInt32(0), row.GetGuid(1), row.GetDateTime(2).ToString("O", null), row.GetString(3), row.GetInt16(4), row.GetString(5), row.GetGuid(6), row.GetInt32(7)));
}
