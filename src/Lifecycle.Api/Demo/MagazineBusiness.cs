using Bogus;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>Readers of a magazine that is paid by the month or by the year.</summary>
internal sealed class MagazineBusiness : DemoBusiness
{
    private static readonly Duration Trial = Duration.FromDays(14);

    public override string Currency => "GBP";
    public override string Noun => "reader";
    public override int Past => 700;

    // Read less often than a game is played.
    public override double Frequency => 0.4;
    public override Duration Suspense => Trial;
    public override string Turn => "has had exactly the 14 days of the trial and paid nothing, moves to lapsed, and a signed webhook asks why";

    public override IEnumerable<DemoEvent> Visit(DemoCustomer customer, Instant at, Randomizer random) =>
        [new DemoEvent(customer.Id, "session_start", at)];

    /// <summary>A trial, then payments as long as they stay, one in twelve of which fails at first.</summary>
    public override IEnumerable<DemoEvent> Beside(DemoCustomer customer, Instant first, Instant now, Randomizer random)
    {
        yield return new DemoEvent(customer.Id, "Trial Started", first + Duration.FromMinutes(2));
        var yearly = random.Bool(0.3f);
        var (interval, price, mrr) = yearly ? ("year", 84m * customer.Spending, 7m * customer.Spending)
            : ("month", 8m * customer.Spending, 8m * customer.Spending);
        var period = Duration.FromDays(yearly ? 365 : 30);
        var leaves = customer.StillComes ? Instant.MaxValue : now - Duration.FromDays(customer.Until);
        var name = "Subscription Started";
        for (var due = first + Duration.FromDays(random.Double(6, 13)); due < now; due += period)
        {
            if (due >= leaves)
            {
                if (name == "Subscription Started") yield break;
                yield return new DemoEvent(customer.Id, "Cancel Scheduled", leaves);
                yield return new DemoEvent(customer.Id, "Subscription Ended", due) { Plan = new DemoPlan(null, 0, null) };
                yield break;
            }
            var plan = new DemoPlan(interval, mrr, due + period);
            if (name == "Subscription Renewed" && random.Bool(0.08f))
            {
                yield return new DemoEvent(customer.Id, "Payment Failed", due);
                yield return new DemoEvent(customer.Id, "Payment Recovered", due + Duration.FromDays(random.ArrayElement([1, 3, 5])), price) { Plan =
                    plan };
            }
            else yield return new DemoEvent(customer.Id, name, due, price) { Plan = plan };
            name = "Subscription Renewed";
        }
    }

    /// <summary>Somebody who tries the magazine, reads it gladly, and has not paid yet.</summary>
    public override IEnumerable<DemoEvent> Star(string star, Instant last)
    {
        foreach (var one in Arrival(star, "Ann", last - Duration.FromMinutes(4))) yield return one;
        yield return new DemoEvent(star, "Trial Started", last);
        foreach (var hours in (int[])[1, 26, 75, 100, 171, 196, 245, 290])
            yield return new DemoEvent(star, "session_start", last + Duration.FromHours(hours));
    }
}
