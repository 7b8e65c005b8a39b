using Bogus;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>Customers of a shop.</summary>
internal sealed class ShopBusiness : DemoBusiness
{
    /// <summary>Days between two purchases of the star.</summary>
    private const int OwnGap = 40;

    public override string Currency => "USD";
    public override string Noun => "customer";
    public override int Past => 700;

    // A shop is visited to buy, and less often than a game.
    public override double Frequency => 0.12;
    public override bool EveryVisitBuys => true;

    // The last purchase but one leaves the 90 days in which the definition sees whether a customer buys less than before.
    public override Duration Suspense => Duration.FromDays(90 - OwnGap);
    public override string Turn => "has spent in 90 days less than half of what was usual, moves to at_risk, and a signed reminder arrives";

    public override IEnumerable<DemoEvent> Visit(DemoCustomer customer, Instant at, Randomizer random)
    {
        if (!random.Bool((float)customer.Orders)) yield break;
        var price = Math.Round(random.Decimal(8, 120), 2) * customer.Spending;
        var item = random.ArrayElement(["coffee", "tea", "cups", "kettle", "filters"]);
        yield return new DemoEvent(customer.Id, "Order Completed", at + Duration.FromMinutes(random.Int(1, 30)), price, item);
    }

    /// <summary>A regular who bought every forty days, and then no more.</summary>
    public override IEnumerable<DemoEvent> Star(string star, Instant last)
    {
        foreach (var one in Arrival(star, "Ann", last - Duration.FromDays(10 * OwnGap + 1))) yield return one;
        for (var gaps = 10; gaps >= 0; gaps--)
            yield return new DemoEvent(star, "Order Completed", last - Duration.FromDays(gaps * OwnGap), 24.90m + gaps % 4, "coffee");
    }
}
