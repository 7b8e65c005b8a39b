using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;
using Lifecycle.Projections.Thresholds;
using Lifecycle.Testing;
using NodaTime;
using static Lifecycle.Projections.Tests.CountScript;

namespace Lifecycle.Projections.Tests;

/// <summary>Where the top of the customers begins, as <c>top(metric, 5%)</c> asks, is recorded once a day, the same in every shard.</summary>
public sealed class CutTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(7)]
    public async Task At_midnight_the_twentieth_who_spend_most_are_told_ties_included(int page)
    {
        await using var shop = await HundredAsync();
        shop.Options = shop.Options with { PageMax = page };
        // Ranks 5 to 8 are alike, so the best five are eight.
        await shop.SendAsync([.. Enumerable.Range(93, 3).Select(i => shop.Order($"customer {i}", 96 - i))]);
        await shop.SettleAsync();
        Assert.Equal(0, await CutsAsync(shop));
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        Assert.Equal(1, await CutsAsync(shop));
        Assert.Equal([.. Enumerable.Range(93, 8).Select(i => $"customer {i}")], await BestAsync(shop));
        var move = (await shop.Stages.SpansAsync(shop.Tenant, "customer 95"))!.Single(span => span.Stage == "best");
        Assert.Equal((await CutClocksAsync(shop)).Single(), move.From);
        Assert.Equal(96m, await LeastAsync(shop));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task A_day_is_recorded_once_whoever_is_killed_and_the_next_day_again()
    {
        await using var shop = await HundredAsync();
        shop.Options = shop.Options with { PageMax = 9 };
        for (var day = 1; day <= 3; day++)
        {
            await PassMidnightAsync(shop);
            for (var kill = 1; kill < 20; kill++)
            {
                await shop.RestartAsync();
                var processor = await shop.ProcessorAsync(0);
                for (var round = 0; round < kill; round++) await processor.RoundAsync();
            }
            await shop.SettleAsync();
            await shop.RestartAsync();
            await shop.SettleAsync();
            Assert.Equal(day, await CutsAsync(shop));
        }
        Assert.Equal(5, (await BestAsync(shop)).Count);
        Assert.Equal(5, await shop.CountAsync("event where name = 'stage_changed' and convert_from(open, 'UTF8') like '%\"to\":\"best\"%'"));
    }

    [Fact]
    public async Task Two_who_complete_the_same_day_tell_every_shard_what_the_first_found()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 3, release: TopShop.Release);
        var (counts, id) = (new TenantCounts(shop.Log.Log), new RecordId(StableHash.Of("a day")));
        foreach (var value in new[] { 1m, 2m })
            await counts.AppendAsync(shop.Tenant, new CutPointsComputed([new CutPoints("top", 1, [value])], [(int)value]), id, default);
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Equal(3, await shop.CountAsync("event where name = 'cut_points_computed' and convert_from(open, 'UTF8') like '%\"values\":[1]%\"left_out\":[1]%'"));
    }

    [Fact]
    public async Task All_customers_of_the_tenant_are_compared_whatever_shard_they_are_in()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 3, release: TopShop.Release);
        await shop.SendAsync([.. Enumerable.Range(1, 100).Select(i => shop.Order($"customer {i}", i))]);
        await shop.SendAsync([.. Enumerable.Range(1, 50).Select(i => shop.Order($"anonymous:{i}", 1000 + i))]);
        await shop.SettleAsync();
        await PassMidnightAsync(shop);
        await SettleTwiceAsync(shop);
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Equal(96m, await LeastAsync(shop));
        var best = await BestAsync(shop);
        Assert.Equal(Enumerable.Range(96, 5).Select(i => $"customer {i}"), best.Where(id => id.StartsWith('c')));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task A_shard_that_does_not_report_is_waited_for_ten_minutes_and_left_out()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 3, release: TopShop.Release);
        await shop.SendAsync([.. Enumerable.Range(1, 100).Select(i => shop.Order($"customer {i}", i))]);
        await shop.SettleAsync();
        await PassMidnightAsync(shop);
        foreach (var shard in new[] { 0, 2 }) await ProjectionShop.SettleAsync(await shop.ProcessorAsync(shard));
        Assert.Equal(0, await CutsAsync(shop));
        await shop.PassAsync(Duration.FromMinutes(11));
        await shop.RestartAsync();
        await ProjectionShop.SettleAsync(await shop.ProcessorAsync(2));
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Equal(3, await shop.CountAsync("event where name = 'cut_points_computed' and convert_from(open, 'UTF8') like '%\"left_out\":[1]%'"));
        // The late one counts, and takes what was said without it.
        await SettleTwiceAsync(shop);
        Assert.Equal(3, await CutsAsync(shop));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task Of_several_midnights_that_passed_while_nobody_looked_the_last_is_read()
    {
        await using var shop = await HundredAsync();
        await shop.SettleAsync();
        for (var day = 0; day < 5; day++) await PassMidnightAsync(shop);
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal(1, await CutsAsync(shop));
        Assert.Equal(5, (await BestAsync(shop)).Count);
    }

    /// <param name="judged">Whether anything was judged before that midnight; else the release that asks for the top is met together with what comes after it.</param>
    [Theory, InlineData(true), InlineData(false)]
    public async Task What_comes_after_midnight_does_not_count_for_that_day(bool judged)
    {
        await using var shop = await HundredAsync();
        if (judged) await shop.SettleAsync();
        await PassMidnightAsync(shop);
        await shop.SendAsync([.. Enumerable.Range(0, 40).Select(i => shop.Order($"customer {i}", 1000))]);
        if (judged) shop.Options = shop.Options with { StepRowsMax = 10 };
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal(96m, await LeastAsync(shop));
        // They were judged by the cut that was recorded after their orders, all at the same instant.
        Assert.Equal(45, (await BestAsync(shop)).Count);
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        Assert.Equal(1034m, await LeastAsync(shop)); // The sixth of 101 customers.
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task Who_leaves_the_window_falls_below_the_cut_at_that_very_instant()
    {
        await using var shop = await HundredAsync();
        await shop.SettleAsync();
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        var ordered = (await shop.Pages.FindAsync(shop.Tenant, "customer 100"))!.LastSeen!.Value;
        for (var day = 0; day < 95; day++)
        {
            await PassMidnightAsync(shop);
            await shop.SettleAsync();
        }
        Assert.Equal(ordered + Duration.FromDays(90), (await shop.Stages.SpansAsync(shop.Tenant, "customer 100"))!.First(span => span.Stage == "best").To);
        Assert.Equal(96, await CutsAsync(shop));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
        Assert.Equal(0m, await LeastAsync(shop));
    }

    [Fact]
    public async Task Whom_a_cut_does_not_move_is_not_written()
    {
        await using var shop = await HundredAsync();
        await shop.SettleAsync();
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        Assert.InRange(await WrittenAsync(shop), 5, 10);
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        Assert.InRange(await WrittenAsync(shop), 5, 10);

        // What was not written is lived through again: an order judges by the latest cut, at whatever time it comes, also after a restart.
        await shop.RestartAsync();
        await shop.SendAsync(shop.Order("customer 1", 500));
        await shop.SettleAsync();
        Assert.Contains("customer 1", await BestAsync(shop));
        for (var day = 0; day < 35; day++)
        {
            await PassMidnightAsync(shop);
            await shop.RestartAsync();
            await shop.SettleAsync();
        }
        Assert.True(await WrittenAsync(shop) > 90, "After a month what was lived through is written for all.");

        static Task<long> WrittenAsync(ProjectionShop shop) =>
            shop.CountAsync("state where lived_to >= (select min(position) from event where name = 'cut_points_computed')");
    }

    [Fact]
    public async Task Whom_a_cut_makes_due_is_written_though_it_does_not_move_them()
    {
        await using var shop = await HundredAsync(TopShop.Patient);
        await shop.SettleAsync();
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        Assert.Empty(await BestAsync(shop));
        await shop.RestartAsync();
        await shop.PassAsync(Duration.FromHours(4));
        await shop.SettleAsync();
        Assert.Equal(5, (await BestAsync(shop)).Count);
        var move = (await shop.Stages.SpansAsync(shop.Tenant, "customer 100"))!.Single(span => span.Stage == "best");
        Assert.Equal((await CutClocksAsync(shop)).Single() + Duration.FromHours(3), move.From);
    }

    [Fact]
    public async Task A_release_without_the_top_has_no_cuts_and_one_that_begins_with_it_brings_them()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1, release: TopShop.WithoutTop);
        await shop.SendAsync(shop.Order("ann", 10));
        await shop.SettleAsync();
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        await shop.Publishing.PublishAsync(shop.Tenant, TopShop.Release);
        await shop.SettleAsync();
        Assert.Equal(0, await CutsAsync(shop));
        Assert.Equal(["ann"], await BestAsync(shop));
        Assert.Equal(1, await shop.CountAsync("event where name = 'release_activated' and convert_from(open, 'UTF8') like '%\"values\":[10]%'"));
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        Assert.Equal(1, await CutsAsync(shop));
        Assert.Equal(["ann"], await BestAsync(shop));
        await shop.Publishing.PublishAsync(shop.Tenant, TopShop.WithoutTop);
        await PassMidnightAsync(shop);
        await shop.SettleAsync();
        Assert.Equal(1, await CutsAsync(shop));
        Assert.Empty(await BestAsync(shop));
    }

    [Fact]
    public async Task A_test_clock_goes_from_midnight_to_midnight()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 2, test: true, release: TopShop.Release);
        await using var processing = new ProcessingHost(shop.Log.Log, shop.Releases, shop.Progress);
        await processing.StartAsync();
        var clock = new TestClock(shop.Log.Log, shop.Releases, shop.Progress, (_, _) => Task.FromResult(0L));
        var start = await clock.NowAsync(shop.Tenant);
        await shop.SendAsync([.. Enumerable.Range(1, 40).Select(i => shop.Order($"customer {i}", i))]);
        await clock.AdvanceAsync(shop.Tenant, Duration.FromDays(3));

        var expected = new List<Instant>();
        for (var midnight = TopThresholdScan.MidnightAfter(start, Zone); midnight <= start + Duration.FromDays(3); midnight = TopThresholdScan.MidnightAfter(midnight, Zone)) expected.Add(midnight);
        Assert.Equal(3, expected.Count);
        Assert.Equal(expected, (await CutClocksAsync(shop)).Distinct());
        Assert.Equal(6, await CutsAsync(shop));
        Assert.Equal(["customer 39", "customer 40"], await BestAsync(shop));
        Assert.Equal(expected[0], (await shop.Stages.SpansAsync(shop.Tenant, "customer 40"))!.Single(span => span.Stage == "best").From);

        // To a midnight itself, and once more to the same: nothing twice.
        await clock.AdvanceAsync(shop.Tenant, TopThresholdScan.MidnightAfter(start + Duration.FromDays(3), Zone));
        await clock.AdvanceAsync(shop.Tenant, TopThresholdScan.MidnightAfter(start + Duration.FromDays(3), Zone));
        await clock.AdvanceAsync(shop.Tenant, Duration.FromHours(1));
        Assert.Equal(8, await CutsAsync(shop));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task The_recorded_cut_is_replayed_and_not_read_anew()
    {
        await using var shop = await HundredAsync();
        await shop.SettleAsync();
        for (var day = 0; day < 3; day++)
        {
            await PassMidnightAsync(shop);
            await shop.SendAsync(shop.Order($"customer {day}", 60 + day * 10));
            await shop.SettleAsync();
        }
        await using var fresh = await TestDatabase.CreateAsync();
        await using var target = await fresh.OpenLogAsync(new LogOptions { Shards = 1 });
        await new ReplayCopy(shop.Log.Log, new TouchpointLog(target)).RunAsync(new ProcessingOptions { StepRowsMax = 7, PageMax = 3 });
        Assert.Equal(await AllAsync(shop.Log.Server), await AllAsync(fresh));

        static Task<string> AllAsync(TestDatabase database) => database.ScalarAsync<string>("""
            select string_agg(concat_ws(' ', customer, extract(epoch from clock), name, cause, ordinal, id, convert_from(open, 'UTF8')), E'\n'
              order by kind, customer, clock, cause, ordinal)
            from event where kind <> 1
            """);
    }
}
