using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;
using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class TestClockTests
{
    [Fact]
    public async Task An_advance_lives_through_everything_due_at_its_own_instant_and_in_order()
    {
        await using var shop = await ProjectionShop.OpenAsync(test: true);
        await using var processing = await StartAsync(shop);
        var clock = Clock(shop);
        var start = await clock.NowAsync(shop.Tenant);
        foreach (var (customer, day) in ((string, int)[])[("ann", 0), ("bob", 1), ("cid", 3)]) await OrderAsync(shop, clock, customer, start, day);

        var advanced = Assert.IsType<AdvanceResult.Advanced>(await clock.AdvanceAsync(shop.Tenant, start + Duration.FromDays(40)));
        Assert.Equal(start + Duration.FromDays(40), advanced.Clock);
        foreach (var (customer, day) in ((string, int)[])[("ann", 14), ("bob", 15), ("cid", 17)])
        {
            var decline = (await shop.Stages.SpansAsync(shop.Tenant, customer))!.Single(span => span.Stage == "decline");
            Assert.Equal(start + Duration.FromDays(day), decline.From);
        }
        Assert.Equal(6, await shop.CountAsync("delivery"));
        Assert.Equal(0, (await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).DifferenceCount);
    }

    [Fact]
    public async Task A_live_tenant_in_the_same_shards_does_not_move()
    {
        await using var shop = await ProjectionShop.OpenAsync(test: true, shards: 1);
        var live = await shop.Log.Tenants.EnsureAsync("live", test: false);
        await shop.Publishing.PublishAsync(live, SmallShop.Release);
        await using var processing = await StartAsync(shop);
        var bob = shop.Log.Customers.Locate(live, "bob");
        var seen = await shop.SendAsync(shop.Order("ann"), shop.Order("bob") with { Customer = bob, Test = false });
        await shop.Progress.WaitAsync(new Dictionary<int, long> { [0] = seen.Max(outcome => outcome.Position) }, Duration.FromSeconds(20));
        var before = await LiveAsync(shop, live);

        var clock = Clock(shop);
        await clock.AdvanceAsync(shop.Tenant, Duration.FromDays(40));
        Assert.Equal("newcomer decline", await shop.StagesAsync("ann"));
        Assert.Equal(before, await LiveAsync(shop, live));
        Assert.Equal(["newcomer"], (await shop.Stages.SpansAsync(live, "bob"))!.Where(span => span.Track == "lifecycle").Select(span => span.Stage));
    }

    [Fact]
    public async Task The_wall_moves_nobody_of_a_test_tenant()
    {
        await using var shop = await ProjectionShop.OpenAsync(test: true);
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(20));
        await shop.RestartAsync();
        await shop.SettleAsync();
        Assert.Equal("newcomer", await shop.StagesAsync("ann"));
    }

    [Fact]
    public async Task At_each_instant_the_clock_waits_for_what_is_on_its_way()
    {
        await using var shop = await ProjectionShop.OpenAsync(test: true, shards: 1);
        await using var processing = await StartAsync(shop);
        var pending = new Queue<long>([2, 1, 0, 1, 0]);
        var clock = new TestClock(shop.Log.Log, shop.Releases, shop.Progress, (_, _) => Task.FromResult(pending.TryDequeue(out var count) ? count : 0));
        var start = await clock.NowAsync(shop.Tenant);
        await OrderAsync(shop, clock, "ann", start, 0);
        await clock.AdvanceAsync(shop.Tenant, Duration.FromDays(20));
        Assert.Empty(pending);
    }

    [Fact]
    public async Task A_live_tenant_and_a_way_beyond_400_days_are_refused()
    {
        await using var shop = await ProjectionShop.OpenAsync(test: true, shards: 1);
        var live = await shop.Log.Tenants.EnsureAsync("live", test: false);
        var clock = Clock(shop);
        Assert.Equal("live_tenant", Assert.IsType<AdvanceResult.AdvanceRefused>(await clock.AdvanceAsync(live, Duration.FromDays(1))).Code);
        Assert.Equal("too_far", Assert.IsType<AdvanceResult.AdvanceRefused>(await clock.AdvanceAsync(shop.Tenant, Duration.FromDays(401))).Code);
    }

    private static TestClock Clock(ProjectionShop shop) => new(shop.Log.Log, shop.Releases, shop.Progress, (_, _) => Task.FromResult(0L));

    private static async Task OrderAsync(ProjectionShop shop, TestClock clock, string customer, Instant start, int day)
    {
        await clock.AdvanceAsync(shop.Tenant, start + Duration.FromDays(day));
        await shop.SendAsync(shop.Order(customer));
    }

    private static async Task<ProcessingHost> StartAsync(ProjectionShop shop)
    {
        var processing = new ProcessingHost(shop.Log.Log, shop.Releases, shop.Progress);
        await processing.StartAsync();
        return processing;
    }

    private static Task<string> LiveAsync(ProjectionShop shop, Tenant live) => shop.Log.Server.ScalarAsync<string>($"""
        select concat_ws(E'\n',
          (select string_agg(s::text, ';') from state s where tenant = {live.Id}), (select string_agg(d::text, ';') from due d where tenant = {live.Id}),
          (select string_agg(e::text, ';' order by position) from event e where tenant = {live.Id}))
        """);
}
