using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;
using Lifecycle.Testing;
using Npgsql;

namespace Lifecycle.Faults.Tests;

/// <summary>Law 1 on a real log: its inputs, replayed into a fresh database, give the same facts, states, spans and due instants.</summary>
internal static class ReplayCheck
{
    private static readonly (string What, string Query)[] Compared =
    [
        ("facts", """
            select tenant, customer, clock, name, version, convert_from(open, 'UTF8'), cause, ordinal from event where kind = 2
            order by tenant, customer, clock, cause, ordinal, name
            """),
        ("states", "select shard, tenant, customer, encode(body, 'hex') from state order by shard, tenant, customer"),
        ("spans", """
            select shard, tenant, customer, track, ordinal, stage, entered_at, left_at, release, fact from span order by shard, tenant, customer, track, ordinal
            """),
        ("due instants", "select shard, tenant, customer, at, wall from due order by shard, tenant, customer"),
    ];

    /// <summary>What differs, in sentences.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(string database, int shards)
    {
        var options = new LogOptions { Shards = shards };
        await using var fresh = await TestDatabase.CreateAsync();
        await using var source = await LogDatabase.OpenAsync(database, options);
        await using var target = await fresh.OpenLogAsync(options);
        try
        {
            await new ReplayCopy(new TouchpointLog(source), new TouchpointLog(target)).RunAsync();
        }
        catch (PostgresException refused)
        {
            return [$"Not so: the log can be replayed ({refused.SqlState} {refused.MessageText})."];
        }

        var differences = new List<string>();
        foreach (var (what, query) in Compared)
            if (await CompareAsync(new LogAudit(database), new LogAudit(fresh.ConnectionUri), query) is { } difference)
                differences.Add($"Not so: the {what} are those of a replay ({difference}).");
        var report = await new Replay(new TouchpointLog(source), new ReleaseStore(source)).CompareAsync();
        if (report.Differences.Count > 0) differences.Add($"Not so: verification finds no difference ({report.Differences.Count} found, first {report.Differences[0]}).");
        return differences;
    }

    private static async Task<string?> CompareAsync(LogAudit stored, LogAudit replayed, string query)
    {
        await using var left = RowsOf(stored, query).GetAsyncEnumerator();
        await using var right = RowsOf(replayed, query).GetAsyncEnumerator();
        for (var row = 1; ; row++)
        {
            var (one, other) = (await left.MoveNextAsync() ? left.Current : null, await right.MoveNextAsync() ? right.Current : null);
            if (one != other) return $"row {row}: '{Beginning(one)}' and in the replay '{Beginning(other)}'";
            if (one is null) return null;
        }
    }

    private static string Beginning(string? row) => row is null ? "none" : row[..Math.Min(row.Length, 200)];

    private static IAsyncEnumerable<string> RowsOf(LogAudit log, string query) => log.RowsAsync(query, row =>
    {
        var values = new object[row.FieldCount];
        row.GetValues(values);
        return string.Join(' ', values.Select(value => value is DateTime time ? time.ToString("O", null) : $"{value}"));
    });
}
