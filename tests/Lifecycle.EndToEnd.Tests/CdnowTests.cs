using System.Text.Json.Nodes;
using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Eighteen months of a real shop, imported by the real command into the real server, compared with a computation by hand.</summary>
public sealed class CdnowTests(ITestOutputHelper output)
{
    private const string Journey = """
        journey: nudge
        trigger: enter at_risk
        steps:
          - send: { channel: webhook, template: we-miss-you }
        """;

    private static readonly string[] Tracks = ["lifecycle", "vip"];

    [NeedsDataFact(CdnowRun.Master)]
    public async Task The_file_in_its_own_order_gives_the_stages_of_the_oracle_and_a_second_import_adds_nothing()
    {
        await using var run = await StartAsync();
        var (exit, first) = await run.ImportAsync("--order", "file");
        Assert.Equal((0, 69_659, 69_659, 0, 0),
            (exit, (int)first["read"]!, (int)first["appended"]!, (int)first["duplicates"]!, (int)first["rejected"]!));
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(Tracks, FixedSilenceOracle.MovesOf, output);

        var (again, second) = await run.ImportAsync();
        Assert.Equal((0, 69_659, 0, 69_659), (again, (int)second["read"]!, (int)second["appended"]!, (int)second["duplicates"]!));
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(Tracks, FixedSilenceOracle.MovesOf, output);
    }

    [NeedsDataFact(CdnowRun.Master)]
    public async Task So_does_one_order_of_time_over_all_customers_in_batches_of_5000()
    {
        await using var run = await StartAsync();
        Assert.Equal(0, (await run.ImportAsync("--order", "time", "--batch", "5000")).Exit);
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(Tracks, FixedSilenceOracle.MovesOf, output);
    }

    [NeedsDataFact(CdnowRun.Master)]
    public async Task So_do_batches_of_100()
    {
        await using var run = await StartAsync();
        Assert.Equal(0, (await run.ImportAsync("--batch", "100")).Exit);
        await run.AssertFiguresAsync();
        await run.AssertStagesAsync(Tracks, FixedSilenceOracle.MovesOf, output);
    }

    [NeedsDataFact(CdnowRun.Master)]
    public async Task So_does_an_import_cut_short_by_a_kill_and_begun_again()
    {
        await using var run = await StartAsync();
        using (var import = run.StartImport("--batch", "500"))
        {
            while (await run.Log.CountAsync("select count(*) from event where kind = 1") < 20_000)
            {
                Assert.False(import.Process.HasExited, import.Output);
                await CommandServer.PauseAsync();
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
        await run.AssertStagesAsync(Tracks, FixedSilenceOracle.MovesOf, output);
    }

    private static async Task<CdnowRun> StartAsync()
    {
        var file = Path.Combine(Repository.Root, "tests", "Lifecycle.EndToEnd.Tests", "Definitions", "fixed-silence.yaml");
        return await CdnowRun.StartAsync(await File.ReadAllTextAsync(file), [Journey]);
    }
}
