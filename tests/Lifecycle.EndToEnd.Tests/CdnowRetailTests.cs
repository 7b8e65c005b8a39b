using NodaTime;
using Xunit;
using Xunit.Abstractions;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Do the stages of the retail template tell who will buy again? Nine months of a real shop are judged; the nine that followed are the
/// answer.</summary>
public sealed class CdnowRetailTests(ITestOutputHelper output)
{
    private static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["America/New_York"];

    /// <summary>The last millisecond of the day up to which the template knows the customers.</summary>
    private static readonly Instant Known = EndOf(new LocalDate(1997, 9, 30)), Answered = EndOf(new LocalDate(1998, 6, 30));

    [NeedsDataFact(CdnowRun.Master)]
    public async Task The_share_that_bought_again_falls_from_stability_over_formation_and_at_risk_to_lapsed()
    {
        var sample = Lifecycle.Api.Hosting.Samples.Read("shop");
        await using var run = await CdnowRun.StartAsync(sample.Definition, sample.Journeys, sample.Settings);
        Assert.Equal(0, (await run.ImportAsync()).Exit);
        await run.AssertFiguresAsync();
        var oracle = await run.AssertStagesAsync(["lifecycle"], RetailOracle.MovesOf, output);

        var stages = await StagesAsync(run.Client);
        var expected = oracle.StagesAt("lifecycle", Known);
        Assert.Equal(23_570, stages.Count);
        Assert.All(expected, customer => Assert.Equal((customer.Key, customer.Value), (customer.Key, stages[customer.Key])));

        bool BoughtAgain(string customer) => oracle.Customers[customer].Exists(purchase => purchase.At > Known && purchase.At <= Answered);
        var again = stages.GroupBy(customer => customer.Value, customer => BoughtAgain(customer.Key))
            .ToDictionary(stage => stage.Key, stage => (Customers: stage.Count(), Share: stage.Average(bought => bought ? 100.0 : 0)));
        foreach (var (stage, (customers, share)) in again.OrderByDescending(stage => stage.Value.Share))
            output.WriteLine($"{stage}: {customers} customers at 1997-09-30, {share:0.0} % bought again by 1998-06-30");
        string[] falling = ["stability", "formation", "at_risk", "lapsed"];
        foreach (var (stage, next) in falling.Zip(falling.Skip(1)))
            Assert.True(again[stage].Share > again[next].Share, $"{next} is not below {stage}.");
        // Four groups that differ by chance would lie close together; these are to be of use to whoever writes to them.
        Assert.InRange(again["stability"].Share, 80, 100);
        Assert.InRange(again["lapsed"].Share, 0, 25);
    }

    /// <summary>Each customer's stage, as the API lists its members.</summary>
    private static async Task<Dictionary<string, string>> StagesAsync(HttpClient client)
    {
        var (stages, cursor) = (new Dictionary<string, string>(), "");
        do
        {
            var page = await CommandServer.GetAsync(client, $"/v1/customers?track=lifecycle&limit=1000&at={Uri.EscapeDataString(Story.Iso(Known))}{cursor}");
            foreach (var member in page["items"]!.AsArray()) stages.Add((string)member!["id"]!, (string)member["stage"]!);
            cursor = page["next"] is { } next ? $"&cursor={Uri.EscapeDataString((string)next!)}" : "";
        }
        while (cursor != "");
        return stages;
    }

    private static Instant EndOf(LocalDate day) => Zone.AtStartOfDay(day.PlusDays(1)).ToInstant() - Duration.FromMilliseconds(1);
}
