using Lifecycle.Domain.Events;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class SweepTests
{
    private static readonly Instant Start = Instant.FromUtc(2020, 1, 1, 0, 0);

    [Fact]
    public async Task While_history_is_open_the_wall_moves_nobody()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(100));
        await shop.SettleAsync();
        Assert.Equal("newcomer", await shop.StagesAsync("ann"));
        Assert.Equal(0, await shop.CountAsync("due"));
    }

    [Fact]
    public async Task History_closed_takes_the_sleepers_through_what_was_due_and_starts_no_journey()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        shop.Options = shop.Options with { PageMax = 2 };
        string[] customers = [.. Enumerable.Range(0, 9).Select(i => $"customer {i}")];
        await shop.SendAsync([.. customers.Select(customer => shop.PastOrder(customer, Start))]);
        await shop.SettleAsync();
        await CloseHistoryAsync(shop);
        await shop.SettleAsync();
        foreach (var customer in customers)
        {
            var spans = await shop.Stages.SpansAsync(shop.Tenant, customer);
            Assert.Equal(Start + Duration.FromDays(14), spans!.Single(span => span.Stage == "decline").From);
        }
        Assert.Equal(0, await shop.CountAsync("event where name in ('journey_started', 'action_requested')"));
        Assert.Equal(0, await shop.CountAsync("delivery"));
    }

    [Fact]
    public async Task A_turn_that_comes_after_the_history_was_closed_starts_its_journey_however_late_anybody_looks()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", shop.Wall.Now - Duration.FromDays(14) + Duration.FromHours(2)));
        await CloseHistoryAsync(shop);
        // On a slow machine her turn comes before anything was judged.
        await shop.PassAsync(Duration.FromHours(3));
        await shop.SettleAsync();
        Assert.Equal("newcomer decline", await shop.StagesAsync("ann"));
        Assert.Equal(1, await shop.CountAsync("event where name = 'action_requested'"));
    }

    [Fact]
    public async Task A_sweep_that_was_interrupted_goes_on_and_reaches_everybody_once()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        shop.Options = shop.Options with { PageMax = 2 };
        await shop.SendAsync([.. Enumerable.Range(0, 9).Select(i => shop.PastOrder($"customer {i}", Start))]);
        await shop.SettleAsync();
        await CloseHistoryAsync(shop);
        var halfway = await shop.ProcessorAsync(0);
        for (var round = 0; round < 2; round++) Assert.Equal(ProcessingRound.Worked, await halfway.RoundAsync());
        var reached = await shop.CountAsync("span where stage = 'decline'");
        Assert.InRange(reached, 1, 8);
        var progress = await shop.Progress.OfAsync(0);
        Assert.True(progress.Swept < progress.Consumed, "The sweep is not over, and the checkpoint says so.");

        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal(9, await shop.CountAsync("span where stage = 'decline'"));
        Assert.Equal(9, await shop.CountAsync("event where name = 'stage_changed' and convert_from(open, 'UTF8') like '%\"to\":\"decline\"%'"));
    }

    [Fact]
    public async Task A_release_judges_everybody_once_and_starts_no_journey()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        shop.Options = shop.Options with { PageMax = 2 };
        string[] customers = [.. Enumerable.Range(0, 7).Select(i => $"customer {i}")];
        await shop.SendAsync([.. customers.Select(customer => shop.Order(customer))]);
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(10));
        await shop.SettleAsync();

        Assert.IsType<PublishResult.Published>(await shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient));
        await shop.SettleAsync();
        foreach (var customer in customers)
        {
            var decline = (await shop.Stages.SpansAsync(shop.Tenant, customer))!.Single(span => span.Stage == "decline");
            Assert.Equal((2, "Activation"), (decline.Release, decline.Cause.ToString()));
        }
        Assert.Equal(0, await shop.CountAsync("event where name = 'journey_started'"));
        Assert.Equal(0, await shop.CountAsync("state where lived_to = 0"));
    }

    [Fact]
    public async Task What_comes_after_a_release_is_judged_by_it_even_before_the_sweep_arrives()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync(shop.Order("ann"), shop.Order("ann"));
        await shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Impatient);
        await shop.SendAsync(shop.Order("ann", 200));
        await shop.SettleAsync();
        var gold = (await shop.Stages.SpansAsync(shop.Tenant, "ann"))!.Single(span => span.Stage == "gold");
        Assert.Equal(2, gold.Release);
        Assert.Equal(220m, (await shop.Pages.FindAsync(shop.Tenant, "ann"))!.Metrics.Single(metric => metric.Key == "revenue").Value.Magnitude);
    }

    [Fact]
    public async Task Publishing_the_same_again_does_nothing()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        var again = await shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Release);
        Assert.Equal(1, Assert.IsType<PublishResult.Unchanged>(again).Number);
        await shop.Publishing.ResumeAsync();
        Assert.Equal(2, await shop.CountAsync("event where name = 'release_activated'"));
    }

    [Fact]
    public async Task A_history_that_nobody_closes_closes_itself()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start));
        await shop.SettleAsync();
        Assert.Equal(0, await shop.CountAsync("event where name = 'history_closed'"));
        await shop.Log.Server.ExecuteAsync("update history set last_input_at = now() - interval '11 minutes'");
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal(1, await shop.CountAsync("event where name = 'history_closed'"));
        Assert.Equal("newcomer decline", await shop.StagesAsync("ann"));
    }

    internal static async Task CloseHistoryAsync(ProjectionShop shop, string time = "")
    {
        for (var shard = 0; shard < shop.Log.Database.Shards; shard++)
            await shop.Log.Log.AppendShardInputAsync(shard, shop.Tenant, new HistoryClosed(), new RecordId(StableHash.Of("closed", $"{shard}{time}")));
    }
}
