using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Replaying;
using NodaTime;
using Npgsql;

namespace Lifecycle.Projections.Tests;

public sealed class StepTests
{
    private static readonly Instant Start = Instant.FromUtc(2020, 1, 1, 0, 0);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(2000, 500)]
    public async Task Any_splitting_of_the_same_inputs_gives_the_same_facts(int rows, int page)
    {
        await using var shop = await ShopWithHistoryAsync();
        shop.Options = shop.Options with { StepRowsMax = rows, PageMax = page, CustomersKeptMax = 4 };
        await shop.SettleAsync();
        Assert.Equal(await ReferenceAsync(), await shop.FactsAsync());
    }

    [Fact]
    public async Task Consuming_everything_in_one_step_or_after_every_append_gives_the_same_facts()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        foreach (var input in History(shop))
        {
            await shop.SendAsync(input);
            await shop.SettleAsync();
        }
        Assert.Equal(await ReferenceAsync(), await shop.FactsAsync());
    }

    [Fact]
    public async Task A_processor_killed_after_every_round_leaves_the_same_facts()
    {
        await using var shop = await ShopWithHistoryAsync();
        shop.Options = shop.Options with { StepRowsMax = 4, PageMax = 3 };
        for (var shard = 0; shard < shop.Log.Database.Shards; shard++)
        {
            var working = true;
            while (working)
            {
                await shop.RestartAsync();
                var processor = await shop.ProcessorAsync(shard);
                Assert.Equal(ProcessingRound.Worked, await processor.RoundAsync()); // It opens.
                working = await processor.RoundAsync() == ProcessingRound.Worked;
            }
        }
        Assert.Equal(await ReferenceAsync(), await shop.FactsAsync());
    }

    [Fact]
    public async Task What_was_handed_over_and_is_no_longer_in_the_log_is_not_stored()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.Order("ann"));
        await shop.SettleAsync();
        var before = await shop.FactsAsync();
        await shop.SendAsync(shop.Order("bob"));
        // As when a standby takes over that had not received the last commit, and others append there.
        await shop.Log.Server.ExecuteAsync("update event set id = gen_random_uuid() where kind = 1 and customer = (select customer from customer where id = 'bob')");
        var processor = await shop.ProcessorAsync(shop.Log.Customer("bob").Shard);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => processor.RoundAsync());
        Assert.Equal(PostgresErrorCodes.DivisionByZero, refused.SqlState);
        Assert.Equal(before, await shop.FactsAsync());

        await ProjectionShop.SettleAsync(processor);
        Assert.Equal("newcomer", await shop.StagesAsync("bob"));
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task A_duplicate_changes_nothing()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.Order("ann", id: "first"), shop.Order("ann", id: "first"));
        await shop.SendAsync(shop.Order("ann", id: "first"));
        await shop.SettleAsync();
        Assert.Equal("newcomer", await shop.StagesAsync("ann"));
    }

    [Fact]
    public async Task A_process_that_lost_its_lease_changes_nothing()
    {
        await using var shop = await ProjectionShop.OpenAsync(shards: 1);
        var late = await shop.ProcessorAsync(0);
        await ProjectionShop.SettleAsync(late);
        await shop.SendAsync(shop.Order("ann"), shop.Order("ann"));
        await shop.RestartAsync();
        var other = await shop.Log.Leases.TryAcquireAsync(0, Guid.NewGuid());
        Assert.NotNull(other);
        var before = await EverythingAsync(shop);

        Assert.Equal(ProcessingRound.LeaseLost, await late.RoundAsync());
        Assert.Equal(before, await EverythingAsync(shop));

        await ProjectionShop.SettleAsync(shop.Processor(other));
        Assert.Equal("newcomer regular", await shop.StagesAsync("ann"));
    }

    [Fact]
    public async Task Spans_follow_one_another_without_a_gap()
    {
        await using var shop = await ShopWithHistoryAsync();
        await shop.SettleAsync();
        Assert.Equal(0, await shop.CountAsync("""
            span s where left_at is distinct from (select n.entered_at from span n where n.shard = s.shard and n.tenant = s.tenant
              and n.customer = s.customer and n.track = s.track and n.ordinal = s.ordinal + 1)
            """));
        Assert.Equal(await shop.CountAsync("event where kind = 2 and name = 'stage_changed'"), await shop.CountAsync("span"));
    }

    /// <summary>Twelve customers over forty days, some late, some twice, with purchases that move them back and forth.</summary>
    internal static IEnumerable<Lifecycle.EventLog.Log.NewInput> History(ProjectionShop shop)
    {
        var random = new Random(20261122);
        for (var i = 0; i < 150; i++)
        {
            var at = Start + Duration.FromMinutes(i * 400) + Duration.FromMinutes(random.Next(-3000, 3000));
            yield return shop.PastOrder($"customer {random.Next(12)}", at, random.Next(1, 30), id: $"order {i}");
        }
    }

    private static async Task<ProjectionShop> ShopWithHistoryAsync()
    {
        var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync([.. History(shop)]);
        return shop;
    }

    private static async Task<string> ReferenceAsync()
    {
        await using var shop = await ShopWithHistoryAsync();
        await shop.SettleAsync();
        var facts = await shop.FactsAsync();
        Assert.True(facts.Split('\n').Length > 40, "There is too little to compare.");
        return facts;
    }

    private static async Task<string> EverythingAsync(ProjectionShop shop)
    {
        var parts = new List<string>();
        foreach (var table in (string[])["event", "state", "due", "span", "delivery", "carry", "set_aside", "shard_head", "shard_lease"])
            parts.Add(await shop.Log.Server.ScalarAsync<string>($"select coalesce(string_agg(t::text, ';' order by t::text), '') from {table} t"));
        return string.Join('\n', parts);
    }
}
