using NodaTime;

namespace Lifecycle.Projections.Tests;

public sealed class StageHistoryTests
{
    private static readonly Instant Start = Instant.FromUtc(2020, 1, 1, 0, 0);
    private static readonly Duration Millisecond = Duration.FromMilliseconds(1);

    [Fact]
    public async Task A_history_is_the_summary_at_each_of_its_instants()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync([.. from customer in Enumerable.Range(0, 12) from order in Enumerable.Range(0, 1 + customer % 4)
            select shop.PastOrder($"customer {customer}", Start + Duration.FromDays(customer + order * 9), 40)]);
        await shop.SettleAsync();

        // Every beginning and every end of a stay, with the milliseconds around it: where a count could be off by one.
        var moves = new List<Instant>();
        foreach (var customer in Enumerable.Range(0, 12))
            foreach (var span in (await shop.Stages.SpansAsync(shop.Tenant, $"customer {customer}"))!)
                moves.AddRange([span.From, span.To ?? span.From]);
        var instants = moves.Distinct().SelectMany(move => new[] { move - Millisecond, move, move + Millisecond }).Order().ToList();

        foreach (var track in (string[])["lifecycle", "vip"])
        {
            var history = (await shop.Stages.HistoryAsync(shop.Tenant, track, instants))!;
            Assert.True(history.Stages.Count(stage => stage.Customers.Any(customers => customers > 0)) >= 2);
            for (var place = 0; place < instants.Count; place++)
            {
                var summary = (await shop.Stages.SummaryAsync(shop.Tenant, track, instants[place]))!;
                Assert.Equal(summary.Stages.Select(stage => (stage.Stage, stage.Group, stage.Customers)),
                    history.Stages.Select(stage => (stage.Stage, stage.Group, stage.Customers[place])));
            }
        }
        Assert.Null(await shop.Stages.HistoryAsync(shop.Tenant, "nowhere", instants));
    }

    [Fact]
    public async Task Who_came_before_the_first_instant_and_stayed_is_counted_and_who_left_before_it_is_not()
    {
        await using var shop = await ProjectionShop.OpenAsync();
        await shop.SendAsync(shop.PastOrder("ann", Start));
        await shop.SettleAsync();
        await shop.SendAsync(shop.PastOrder("ben", Start + Duration.FromDays(30)));
        await shop.SettleAsync();
        IReadOnlyList<Instant> instants = [Start + Duration.FromDays(1), Start + Duration.FromDays(31), Start + Duration.FromDays(40)];
        var history = (await shop.Stages.HistoryAsync(shop.Tenant, null, instants))!;
        Assert.Equal([1, 2, 2], Enumerable.Range(0, 3).Select(place => history.Stages.Sum(stage => stage.Customers[place])));
    }
}
