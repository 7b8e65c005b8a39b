using System.Text.Json.Nodes;
using Lifecycle.Testing;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Eighteen months of a real shop, imported by the real command into the real server, compared with a computation by hand.</summary>
public sealed class CdnowTests(ITestOutputHelper output)
{
    private const string Master = "cdnow/CDNOW_master.txt";
    private static readonly Instant Until = Instant.FromUtc(2025, 1, 1, 0, 0);

    private const string Journey = """
        journey: nudge
        trigger: enter at_risk
        steps:
          - send: { channel: webhook, template: we-miss-you }
        """;

    [NeedsDataFact(Master)]
    public async Task The_file_in_its_own_order_gives_the_stages_of_the_oracle_and_a_second_import_adds_nothing()
    {
        await using var run = await Run.StartAsync();
        var (exit, first) = await run.ImportAsync("--order", "file");
        Assert.Equal((0, 69_659, 69_659, 0, 0), (exit, (int)first["read"]!, (int)first["appended"]!, (int)first["duplicates"]!, (int)first["rejected"]!));
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(output);

        var (again, second) = await run.ImportAsync();
        Assert.Equal((0, 69_659, 0, 69_659), (again, (int)second["read"]!, (int)second["appended"]!, (int)second["duplicates"]!));
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(output);
    }

    [NeedsDataFact(Master)]
    public async Task So_does_one_order_of_time_over_all_customers_in_batches_of_5000()
    {
        await using var run = await Run.StartAsync();
        Assert.Equal(0, (await run.ImportAsync("--order", "time", "--batch", "5000")).Exit);
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(output);
    }

    [NeedsDataFact(Master)]
    public async Task So_do_batches_of_100()
    {
        await using var run = await Run.StartAsync();
        Assert.Equal(0, (await run.ImportAsync("--batch", "100")).Exit);
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(output);
    }

    [NeedsDataFact(Master)]
    public async Task So_does_an_import_cut_short_by_a_kill_and_begun_again()
    {
        await using var run = await Run.StartAsync();
        using (var import = run.StartImport("--batch", "500"))
        {
            while (await run.Log.CountAsync("select count(*) from event where kind = 1") < 20_000)
            {
                Assert.False(import.Process.HasExited, import.Output);
                await Server.PauseAsync();
            }
            await run.KillAndRestartAsync();
            import.Kill();
        }
        var before = await run.Log.CountAsync("select count(*) from event where kind = 1");
        Assert.InRange(before, 20_000, 69_658);
        var (exit, again) = await run.ImportAsync();
        output.WriteLine($"{before} events were in the log when the server was killed and the import broken off.");
        Assert.Equal((0, 69_659), (exit, (int)again["read"]!));
        Assert.Equal(69_659, (int)again["appended"]! + (int)again["duplicates"]!);
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(output);
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private TestDatabase _database = null!;
        private Server _server = null!;

        public LogAudit Log { get; private set; } = null!;

        public static async Task<Run> StartAsync()
        {
            var run = new Run { _database = await TestDatabase.CreateAsync() };
            run.Log = new LogAudit(run._database.ConnectionUri);
            run._server = await Server.StartAsync(run._database.ConnectionUri, run._folder.Path);
            var definition = await File.ReadAllTextAsync(Repository.Sample("shop", "definition.yaml"));
            await Server.PutAsync(run._server.Client, "/v1/release/draft", new { definition, journeys = new[] { Journey } });
            await Server.PostAsync(run._server.Client, "/v1/release/draft/publish", new { });
            return run;
        }

        public Task<(int Exit, JsonNode Answer)> ImportAsync(params string[] options) => _server.CommandAsync([.. Arguments, .. options]);

        public Child StartImport(params string[] options) => _server.StartCommand([.. Arguments, .. options]);

        public async Task KillAndRestartAsync()
        {
            _server.Kill();
            await _server.DisposeAsync();
            _server = await Server.StartAsync(_database.ConnectionUri, _folder.Path);
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

        public async Task AssertStagesAsync(ITestOutputHelper output)
        {
            var oracle = CdnowOracle.Read(Path.Combine(Repository.Data!, Master));
            var expected = oracle.Moves(Until).OrderBy(move => move.Customer, StringComparer.Ordinal).ThenBy(move => move.Track, StringComparer.Ordinal).ToList();
            var stored = await Log.ListAsync("""
                select c.id, s.track, s.stage, s.entered_at from span s join customer c using (shard, tenant, customer)
                where s.lane = 0 and s.entered_at <= '2025-01-01Z' order by c.id collate "C", s.track collate "C", s.ordinal
                """, row => new CdnowOracle.Move(row.GetString(0), row.GetString(1), row.GetString(2), Instant.FromDateTimeUtc(row.GetDateTime(3))));
            Assert.Equal(expected.Count, stored.Count);
            for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i], stored[i]);

            foreach (var at in (Instant[])[Instant.FromUtc(1997, 9, 30, 0, 0), Instant.FromUtc(1998, 6, 30, 0, 0)])
                foreach (var track in (string[])["lifecycle", "vip"])
                {
                    var stages = oracle.StagesAt(track, at);
                    var summary = await Server.GetAsync(_server.Client, $"/v1/stages/summary?track={track}&at={Uri.EscapeDataString(Story.Iso(at))}");
                    var counted = summary["stages"]!.AsArray().ToDictionary(stage => (string)stage!["stage"]!, stage => (int)stage!["customers"]!);
                    foreach (var stage in counted.Keys) Assert.Equal(stages.Values.Count(other => other == stage), counted[stage]);
                    Assert.Equal(stages.Count, counted.Values.Sum());
                    output.WriteLine($"{at} {track}: {string.Join(", ", counted.Select(stage => $"{stage.Key} {stage.Value}"))}");
                }
            output.WriteLine($"{expected.Count} moves of {oracle.Customers.Count} customers are equal to the millisecond.");
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            await _database.DisposeAsync();
            _folder.Dispose();
        }

        private static string[] Arguments => ["import", Path.Combine(Repository.Data!, Master), "--map", Repository.Sample("shop", "maps", "cdnow.map.yaml")];
    }
}
