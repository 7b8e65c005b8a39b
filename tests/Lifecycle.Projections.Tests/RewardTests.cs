using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Replaying;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class RewardTests
{
    private static readonly Instant Start = Instant.FromUtc(2020, 1, 1, 0, 0);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(2000, 500)]
    public async Task Points_and_benefits_are_written_once_however_the_log_is_cut_and_whoever_is_killed(int rows, int page)
    {
        await using var shop = await LivedAsync(RewardingShop.Counting);
        await using var other = await ProjectionShop.OpenAsync(release: RewardingShop.Counting);
        other.Options = other.Options with { StepRowsMax = rows, PageMax = page, CustomersKeptMax = 4 };
        await other.SendAsync([.. History(other)]);
        for (var shard = 0; shard < other.Log.Database.Shards; shard++)
        {
            var working = true;
            while (working)
            {
                await other.RestartAsync();
                var processor = await other.ProcessorAsync(shard);
                await processor.RoundAsync();
                for (var round = 0; round < 20 && working; round++) working = await processor.RoundAsync() == ProcessingRound.Worked;
            }
        }
        var facts = await shop.FactsAsync();
        Assert.Equal(facts, await other.FactsAsync());
        foreach (var name in (string[])["points_earned", "points_expired", "benefit_granted", "benefit_revoked"])
            Assert.True(facts.Split('\n').Count(fact => fact.Contains(name, StringComparison.Ordinal)) > 3, $"There is too little of {name}.");
        Assert.Empty((await new Replay(other.Log.Log, other.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task Replayed_into_a_fresh_database_the_inputs_give_the_same_points_and_benefits()
    {
        await using var shop = await LivedAsync(RewardingShop.Release);
        await shop.Publishing.PublishAsync(shop.Tenant, RewardingShop.Counting);
        await shop.SendAsync(shop.Order("live", 20), shop.Order("customer 1", 30));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(70));
        await shop.SettleAsync();
        await using var fresh = await TestDatabase.CreateAsync();
        await using var target = await fresh.OpenLogAsync(new LogOptions { Shards = shop.Log.Database.Shards });
        await new ReplayCopy(shop.Log.Log, new TouchpointLog(target)).RunAsync(new ProcessingOptions { StepRowsMax = 7, PageMax = 3 });
        Assert.Equal(await AllFactsAsync(shop.Log.Server), await AllFactsAsync(fresh));
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_release_that_counts_facts_finds_those_of_before_it(bool inOneStep)
    {
        await using var always = await ProjectionShop.OpenAsync(release: RewardingShop.Counting);
        await using var later = await ProjectionShop.OpenAsync(release: RewardingShop.Release);
        foreach (var shop in (ProjectionShop[])[always, later])
        {
            await shop.SendAsync([.. History(shop).Take(100)]);
            // Settled, the facts of before are in the log; in one step with the release, they are still on their way into it.
            if (!inOneStep) await shop.SettleAsync();
            if (shop == later) await shop.Publishing.PublishAsync(shop.Tenant, RewardingShop.Counting);
            await shop.SendAsync([.. History(shop).Skip(100)]);
            await shop.SettleAsync();
        }
        foreach (var customer in Enumerable.Range(0, 12).Select(i => $"customer {i}"))
        {
            var expected = await MetricsAsync(always, customer);
            Assert.Equal(expected, await MetricsAsync(later, customer));
            Assert.DoesNotContain("earned 0", expected);
        }
        Assert.Empty((await new Replay(later.Log.Log, later.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task Who_was_set_aside_and_comes_back_has_what_the_facts_before_came_to()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1, release: RewardingShop.Release);
        await shop.SendAsync(shop.PastOrder("ann", Start, 20, id: "1"), shop.PastOrder("ann", Start + Duration.FromDays(1), 20, id: "2"));
        await shop.SettleAsync();
        await shop.Log.Server.ExecuteAsync("create table whole as select * from event; update event set open = 'broken' where kind = 1");
        await shop.Publishing.PublishAsync(shop.Tenant, RewardingShop.Counting);
        await shop.SettleAsync();
        Assert.Equal(1, await shop.CountAsync("set_aside"));
        await shop.Log.Server.ExecuteAsync("update event e set open = w.open from whole w where e.position = w.position");
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Contains("earned 400", await MetricsAsync(shop, "ann"));
    }

    [Fact]
    public async Task A_page_shows_points_and_benefits_of_now()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: RewardingShop.Counting);
        await shop.SendAsync(shop.Order("ann", 30), shop.Order("ann", 20.05m), shop.Order("bob", 1));
        await shop.SettleAsync();
        var page = (await shop.Pages.FindAsync(shop.Tenant, "ann"))!;
        Assert.Equal(500m, page.Points);
        Assert.Equal([new HeldBenefit("gift_wrap", null), new HeldBenefit("skip_queue", null)], page.Benefits);
        Assert.Equal((true, null), await shop.Pages.FindBenefitAsync(shop.Tenant, "ann", "skip_queue"));
        Assert.Equal((false, null), await shop.Pages.FindBenefitAsync(shop.Tenant, "bob", "skip_queue"));
        Assert.Equal((false, null), await shop.Pages.FindBenefitAsync(shop.Tenant, "bob", "free_lunch"));
        Assert.Null(await shop.Pages.FindBenefitAsync(shop.Tenant, "nobody", "skip_queue"));
        Assert.Equal("30, 20.05", page.Metrics.Single(metric => metric.Key == "sizes").Value.ToString());

        // After 60 days the points are gone, gold with them, and the stage that had no grace; regular was left on the 14th day.
        await shop.PassAsync(Duration.FromDays(61));
        await shop.SettleAsync();
        page = (await shop.Pages.FindAsync(shop.Tenant, "ann"))!;
        Assert.Equal(0m, page.Points);
        Assert.Empty(page.Benefits);
    }

    [Fact]
    public async Task A_grace_is_told_and_over_when_it_is_over_although_its_timer_has_not_fired()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: RewardingShop.Release);
        await shop.SendAsync(shop.Order("ann", 1), shop.Order("ann", 1));
        await shop.SettleAsync();
        var ordered = (await shop.Pages.FindAsync(shop.Tenant, "ann"))!.LastSeen!.Value;
        await shop.PassAsync(Duration.FromDays(15));
        await shop.SettleAsync();
        Assert.Equal((true, ordered + Duration.FromDays(24)), await shop.Pages.FindBenefitAsync(shop.Tenant, "ann", "gift_wrap"));
        shop.Wall.Now = ordered + Duration.FromDays(24);
        Assert.Equal((false, null), await shop.Pages.FindBenefitAsync(shop.Tenant, "ann", "gift_wrap"));
        Assert.Empty((await shop.Pages.FindAsync(shop.Tenant, "ann"))!.Benefits);
    }

    [Fact]
    public async Task A_page_at_an_instant_has_the_points_benefits_and_counted_facts_of_then()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: RewardingShop.Counting);
        await shop.SendAsync(
            shop.PastOrder("ann", Start, 30), shop.PastOrder("ann", Start + Duration.FromDays(5), 25), shop.PastOrder("ann", Start + Duration.FromDays(100), 1));
        await shop.SettleAsync();
        await AssertAsync(Start, 300m, "", "earned 300", "moves 2", "lost 0", "orders_here 0");
        await AssertAsync(Start + Duration.FromDays(5), 550m, "gift_wrap skip_queue", "earned 550", "moves 4", "lost 0", "orders_here 0");
        await AssertAsync(Start + Duration.FromDays(40), 550m, "gift_wrap skip_queue", "earned 550", "earned_30d 0", "declines 1", "lost 0");
        await AssertAsync(Start + Duration.FromDays(61), 250m, "", "earned 550", "lost 300");
        await AssertAsync(Start + Duration.FromDays(99), 0m, "", "earned 550", "lost 550");
        await AssertAsync(Start + Duration.FromDays(100), 10m, "gift_wrap", "earned 560", "lost 550");

        async Task AssertAsync(Instant at, decimal points, string benefits, params string[] metrics)
        {
            var page = (await shop.Pages.FindAtAsync(shop.Tenant, "ann", at))!;
            Assert.Equal((points, benefits), (page.Points, string.Join(' ', page.Benefits.Select(benefit => benefit.Name))));
            var read = page.Metrics.Select(metric => $"{metric.Key} {metric.Value}").ToList();
            Assert.All(metrics, metric => Assert.Contains(metric, read));
        }
    }

    [Fact]
    public async Task Without_points_in_the_release_a_page_has_none()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start));
        await shop.SettleAsync();
        Assert.Null((await shop.Pages.FindAsync(shop.Tenant, "ann"))!.Points);
        Assert.Null((await shop.Pages.FindAtAsync(shop.Tenant, "ann", Start))!.Points);
    }

    [Fact]
    public async Task A_metric_over_more_events_than_are_remembered_is_called_approximate()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        await shop.SendAsync([.. Enumerable.Range(0, 700).Select(i => shop.PastOrder("ann", Start + Duration.FromMinutes(i)))]);
        await shop.SendAsync(shop.PastOrder("bob", Start));
        await shop.SettleAsync();
        Assert.Equal(["purchases_30d"], (await shop.Pages.FindAsync(shop.Tenant, "ann"))!.Approximate);
        Assert.Equal(["purchases_30d"], (await shop.Pages.FindAtAsync(shop.Tenant, "ann", Start + Duration.FromDays(1)))!.Approximate);
        Assert.Empty((await shop.Pages.FindAsync(shop.Tenant, "bob"))!.Approximate);
    }

    [Fact]
    public async Task The_timeline_tells_points_and_benefits_with_all_they_say()
    {
        await using var shop = await ProjectionShop.OpenAsync(release: RewardingShop.Release);
        await shop.SendAsync(shop.PastOrder("ann", Start, 60));
        await shop.SettleAsync();
        var page = (await shop.Timelines.ReadAsync(shop.Tenant, "ann", new TimelineQuestion { Kinds = [TimelineKind.Fact] }))!;
        Assert.Equal(
            ["""points_earned {"points":600,"balance":600,"event":"order_completed"}""", """benefit_granted {"benefit":"gift_wrap","track":"vip","stage":"gold"}""",
                """benefit_granted {"benefit":"skip_queue","track":"vip","stage":"gold"}"""],
            page.Items.Where(item => item.Name is "points_earned" or "benefit_granted").Select(item => $"{item.Name} {item.Properties.ToJsonString()}"));
    }

    /// <summary>Twelve customers over a hundred days, some late, whose points come, go and are taken back.</summary>
    private static IEnumerable<NewInput> History(ProjectionShop shop)
    {
        var random = new Random(20261122);
        for (var i = 0; i < 180; i++)
        {
            var at = Start + Duration.FromMinutes(i * 800) + Duration.FromMinutes(random.Next(-3000, 3000));
            var (customer, revenue) = ($"customer {random.Next(12)}", random.Next(100, 3000) / 100m);
            yield return random.Next(8) == 0
                ? shop.Log.Touchpoint(customer, "order_refunded", at, $$"""{"revenue":-{{revenue}}}""", id: $"refund {i}", imported: true)
                : shop.PastOrder(customer, at, revenue, id: $"order {i}");
        }
    }

    private static async Task<ProjectionShop> LivedAsync(Lifecycle.Definitions.ReleaseText release)
    {
        var shop = await ProjectionShop.OpenAsync(release: release);
        await shop.SendAsync([.. History(shop)]);
        await shop.SettleAsync();
        return shop;
    }

    private static async Task<IReadOnlyList<string>> MetricsAsync(ProjectionShop shop, string customer) =>
        [.. (await shop.Pages.FindAsync(shop.Tenant, customer))!.Metrics.Where(metric => metric.Key != "idle").Select(metric => $"{metric.Key} {metric.Value}")];

    private static Task<string> AllFactsAsync(TestDatabase database) => database.ScalarAsync<string>("""
        select string_agg(concat_ws(' ', shard, tenant, customer, extract(epoch from clock), name, version, cause, ordinal, id, convert_from(open, 'UTF8')), E'\n'
          order by shard, tenant, customer, clock, cause, ordinal)
        from event where kind = 2
        """);
}
