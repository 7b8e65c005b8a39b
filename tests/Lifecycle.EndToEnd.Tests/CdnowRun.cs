using System.Text.Json.Nodes;
using Lifecycle.Testing;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>A real server on a fresh database, into which the CDNOW file is imported by the real command.</summary>
internal sealed class CdnowRun : IAsyncDisposable
{
    public const string Master = "cdnow/CDNOW_master.txt";

    private readonly TemporaryFolder _folder = new();
    private TestDatabase _database = null!;
    private CommandServer _server = null!;

    public LogAudit Log { get; private set; } = null!;

    public HttpClient Client => _server.Client;

    public static async Task<CdnowRun> StartAsync(string definition, IReadOnlyList<string> journeys, string? settings = null)
    {
        var run = new CdnowRun { _database = await TestDatabase.CreateAsync() };
        run.Log = new LogAudit(run._database.ConnectionUri);
        run._server = await CommandServer.StartAsync(run._database.ConnectionUri, run._folder.Path);
        await CommandServer.PutAsync(run._server.Client, "/v1/release/draft", new { definition, journeys, settings });
        await CommandServer.PostAsync(run._server.Client, "/v1/release/draft/publish", new { });
        return run;
    }

    public Task<(int Exit, JsonNode Answer)> ImportAsync(params string[] options) => _server.CommandAsync([.. Arguments, .. options]);

    public Child StartImport(params string[] options) => _server.StartCommand([.. Arguments, .. options]);

    public async Task KillAndRestartAsync()
    {
        _server.Kill();
        await _server.DisposeAsync();
        _server = await CommandServer.StartAsync(_database.ConnectionUri, _folder.Path);
    }

    public async Task AssertFiguresAsync()
    {
        Assert.Equal(69_659, await Log.CountAsync("select count(*) from event where kind = 1 and name = 'order_completed'"));
        Assert.Equal(23_570, await Log.CountAsync("select count(distinct customer) from event where kind = 1"));
        Assert.Equal(2_500_315.63m, (decimal)(await Log.ScalarAsync(
            "select sum((convert_from(open, 'UTF8')::json->'properties'->>'revenue')::numeric) from event where kind = 1"))!);
        Assert.Equal(0, await Log.CountAsync("select count(*) from event where name in ('journey_started', 'action_requested', 'action_withheld')"));
        await Log.AssertSoundAsync();
    }

    /// <summary>All moves on these tracks are the oracle's, to the millisecond, and so is how many are in each stage at two dates.</summary>
    public async Task<CdnowOracle> AssertStagesAsync(string[] tracks, Func<string, List<Purchase>, List<Move>> movesOf, ITestOutputHelper output)
    {
        var oracle = CdnowOracle.Read(Path.Combine(Repository.Data!, Master), movesOf);
        List<Move> expected =
            [.. oracle.Moves.OrderBy(move => move.Customer, StringComparer.Ordinal).ThenBy(move => move.Track, StringComparer.Ordinal)];
        var stored = await Log.ListAsync($"""
            select c.id, s.track, s.stage, s.entered_at from span s join customer c using (shard, tenant, customer)
            where s.lane = 0 and s.track in ('{string.Join("', '", tracks)}') order by c.id collate "C", s.track collate "C", s.ordinal
            """, row => new Move(row.GetString(0), row.GetString(1), row.GetString(2), Instant.FromDateTimeUtc(row.GetDateTime(3))));
        for (var i = 0; i < Math.Min(expected.Count, stored.Count); i++) Assert.Equal(expected[i], stored[i]);
        Assert.Equal(expected.Count, stored.Count);

        foreach (var at in (Instant[])[Instant.FromUtc(1997, 9, 30, 0, 0), Instant.FromUtc(1998, 6, 30, 0, 0)])
            foreach (var track in tracks)
            {
                var stages = oracle.StagesAt(track, at);
                var summary = await CommandServer.GetAsync(_server.Client, $"/v1/stages/summary?track={track}&at={Uri.EscapeDataString(Story.Iso(at))}");
                var counted = summary["stages"]!.AsArray().ToDictionary(stage => (string)stage!["stage"]!, stage => (int)stage!["customers"]!);
                foreach (var stage in counted.Keys) Assert.Equal(stages.Values.Count(other => other == stage), counted[stage]);
                Assert.Equal(stages.Count, counted.Values.Sum());
                output.WriteLine($"{at} {track}: {string.Join(", ", counted.Select(stage => $"{stage.Key} {stage.Value}"))}");
            }
        output.WriteLine($"{expected.Count} moves of {oracle.Customers.Count} customers are equal to the millisecond.");
        return oracle;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private static string[] Arguments =>
        ["import", Path.Combine(Repository.Data!, Master), "--map", Repository.Sample("shop", "maps", "cdnow.map.yaml")];
}
