namespace Lifecycle.Rules.Tests.Stories;

/// <summary>What players, readers and shoppers do, in words.</summary>
internal static class Words
{
    public static Customer SignsUp(this Customer customer, double day) => customer.Does(day, "signed_up");

    public static Customer Plays(this Customer customer, params double[] days) => customer.DoesOn("session_start", days);

    public static Customer PlaysDaily(this Customer customer, int from, int to) => customer.Plays([.. Days(from, to)]);

    public static Customer Reads(this Customer customer, params double[] days) => customer.DoesOn("session_start", days);

    /// <summary>Opens an issue on two days of each week, the first and the fourth.</summary>
    public static Customer ReadsTwiceAWeek(this Customer customer, int from, int to) =>
        customer.Reads([.. Days(from, to).Where(day => (day - from) % 7 is 0 or 3)]);

    /// <summary>Opens an issue on some days of a week, numbered from 0, at equal distances.</summary>
    public static Customer ReadsIn(this Customer customer, int week, int days) =>
        customer.Reads([.. Enumerable.Range(0, days).Select(day => week * 7 + day * 7.0 / days + 0.5)]);

    public static Customer Buys(this Customer customer, double day, decimal revenue = 10) => customer.Does(day, "order_completed", new { revenue });

    public static Customer BuysOn(this Customer customer, params double[] days)
    {
        foreach (var day in days) customer.Buys(day);
        return customer;
    }

    public static Customer GetsBack(this Customer customer, double day, decimal revenue) => customer.Does(day, "order_refunded", new { revenue = -revenue });

    public static Customer StartsTrial(this Customer customer, double day) => customer.Does(day, "trial_started");

    /// <summary>Subscribes for 365 days, which brings 8 a month.</summary>
    public static Customer SubscribesForAYear(this Customer customer, double day) => customer.Pays(day, "subscription_started", "year", day + 365);

    public static Customer SubscribesForAMonth(this Customer customer, double day) => customer.Pays(day, "subscription_started", "month", day + 30);

    public static Customer Renews(this Customer customer, double day, double through) => customer.Pays(day, "subscription_renewed", "year", through);

    /// <summary>Renews every 30 days.</summary>
    public static Customer RenewsMonthly(this Customer customer, int from, int to)
    {
        for (var day = from; day <= to; day += 30) customer.Pays(day, "subscription_renewed", "month", day + 30);
        return customer;
    }

    public static Customer FailsToPay(this Customer customer, double day) => customer.Does(day, "payment_failed");

    public static Customer PaysAfterAll(this Customer customer, double day, double through) => customer.Pays(day, "payment_recovered", "year", through);

    public static Customer TurnsRenewalOff(this Customer customer, double day) => customer.Does(day, "cancel_scheduled");

    public static Customer TurnsRenewalOn(this Customer customer, double day) => customer.Does(day, "cancel_reverted");

    public static Customer Ends(this Customer customer, double day) => customer.Does(day, "subscription_ended", new { mrr = 0 });

    public static Customer Complains(this Customer customer, double day) => customer.Does(day, "complaint_filed");

    public static Customer IsHeard(this Customer customer, double day) => customer.Does(day, "complaint_resolved");

    public static Customer Downgrades(this Customer customer, double day, decimal mrr = 5) => customer.Does(day, "plan_changed", new { direction = "down", mrr });

    private static Customer Pays(this Customer customer, double day, string name, string interval, double through) =>
        customer.Does(day, name, new { revenue = interval == "year" ? 96 : 8, mrr = 8, interval, paid_through = customer.Day(through).ToString() });

    private static Customer DoesOn(this Customer customer, string name, double[] days)
    {
        foreach (var day in days) customer.Does(day, name);
        return customer;
    }

    private static IEnumerable<double> Days(int from, int to) => Enumerable.Range(from, to - from + 1).Select(day => (double)day);
}
