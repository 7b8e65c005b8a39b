using Bogus;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>Players of an online game.</summary>
internal sealed class GameBusiness : DemoBusiness
{
    public override string Currency => "CNY";
    public override string Noun => "player";
    public override int Past => 120;
    public override double Frequency => 1;
    public override Duration Suspense => Duration.FromDays(14);
    public override string Turn => "has been silent for exactly 14 days, moves to lapsed, and a signed win-back webhook arrives";

    public override IEnumerable<DemoEvent> Visit(DemoCustomer customer, Instant at, Randomizer random)
    {
        yield return new DemoEvent(customer.Id, "session_start", at);
        if (random.Bool(0.15f))
            yield return new DemoEvent(customer.Id, "Level Up", at + Duration.FromMinutes(random.Int(5, 25)), What: $"{random.Int(2, 80)}");
        if (!random.Bool((float)customer.Orders)) yield break;
        var price = random.ArrayElement([6m, 12m, 30m, 30m, 68m, 68m, 98m, 198m, 328m]) * customer.Spending;
        var item = random.ArrayElement(["month-card", "mount", "jade", "gold", "costume"]);
        yield return new DemoEvent(customer.Id, "Order Completed", at + Duration.FromMinutes(random.Int(1, 30)), price, item);
    }

    /// <summary>A devoted player who bought every few days and then went silent.</summary>
    public override IEnumerable<DemoEvent> Star(string star, Instant last)
    {
        var first = last - Duration.FromDays(100);
        foreach (var one in Arrival(star, "Ann", first)) yield return one;
        int[] orders = [11, 18, 26, 33, 41, 48, 54, 61, 68, 74, 80, 85, 89, 93, 97];
        for (var day = 0; day < 100; day++)
        {
            var ordered = orders.Contains(day);
            if (!ordered && (day is > 3 and < 9 || day % 4 == 3)) continue;
            var at = first + Duration.FromDays(day) + Duration.FromMinutes(90 + day * 37 % 240);
            yield return new DemoEvent(star, "session_start", at);
            if (day % 9 == 1) yield return new DemoEvent(star, "Level Up", at + Duration.FromMinutes(20), What: $"{10 + day / 3}");
            if (ordered) yield return new DemoEvent(star, "Order Completed", at + Duration.FromMinutes(11), day > 76 ? 98m : 68m, "month-card");
        }
        yield return new DemoEvent(star, "session_start", last);
    }
}
