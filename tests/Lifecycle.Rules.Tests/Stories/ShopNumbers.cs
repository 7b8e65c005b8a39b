namespace Lifecycle.Rules.Tests.Stories;

/// <summary>Every number of the shop's template: one unit less does not, exactly that much does.</summary>
public sealed class ShopNumbers
{
    private const double Instant = 1.0 / 86_400_000;

    private static Customer Shopper => Customer.Of("shop");

    [Fact]
    public void Formation_is_a_second_purchase_day_and_not_a_second_order() => Shopper.BuysOn(0, 0.1).Is("exploration").Buys(10).Is("formation");

    [Fact]
    public void Stability_asks_for_90_days_of_age() => Shopper.BuysOn(0, 1, 2, 80).On(90 - Instant).Is("formation").On(90).Is("stability");

    [Fact]
    public void Stability_asks_for_4_purchase_days_in_365_days()
    {
        Shopper.BuysOn(0, 80, 160).Is("formation").Buys(240).Is("stability");
        Shopper.BuysOn(0, 150, 290).Buys(365 - Instant).Is("stability");
        Shopper.BuysOn(0, 150, 290).Buys(365).Is("formation");
    }

    [Fact]
    public void Stability_asks_for_2_purchase_days_in_180_days()
    {
        // At risk since day 400, two own gaps after day 240, and four purchase days in a year: what differs is how long ago day 240 is.
        Shopper.BuysOn(0, 80, 160, 240).On(410).Is("at_risk").Buys(420 - Instant).Is("stability");
        Shopper.BuysOn(0, 80, 160, 240).On(410).Is("at_risk").Buys(420).Is("formation");
    }

    [Fact]
    public void Stability_is_kept_with_3_purchase_days_in_365_days_and_left_with_2()
    {
        // The gaps are 120, 120 and 120 days, so that silence says nothing before day 540.
        var shopper = Shopper.BuysOn(0, 120, 240).Buys(360).Is("stability").On(485 - Instant).Is("stability").On(485).Is("formation");
        shopper.Because("purchase_days >= 2");
    }

    [Fact]
    public void After_one_purchase_day_silence_is_a_risk_from_90_days_on() => Shopper.Buys(0).On(90 - Instant).Is("exploration").On(90).Is("at_risk");

    [Fact]
    public void Without_3_gaps_45_days_are_taken_for_the_own_gap()
    {
        Shopper.BuysOn(0, 20, 40).On(130 - Instant).Is("formation").On(130).Is("at_risk").On(220 - Instant).Is("at_risk").On(220).Is("lapsed");
        Shopper.BuysOn(0, 30, 60, 90).On(150 - Instant).Is("stability").On(150).Is("at_risk").On(210 - Instant).Is("at_risk").On(210).Is("lapsed");
    }

    [Fact]
    public void The_own_gap_is_the_median_of_the_last_5()
    {
        // Gaps of 100, 30, 31, 32, 33 and 70: the first no longer counts, and the median of the rest is 32.
        Shopper.BuysOn(0, 100, 130, 161, 193, 226, 296).On(360 - Instant).Is("stability").On(360).Is("at_risk");
    }

    [Fact]
    public void The_own_gap_lies_within_7_and_180_days()
    {
        Shopper.BuysOn(0, 6, 12, 18).Measures(18, "own_gap", 7);
        Shopper.BuysOn(0, 8, 16, 24).Measures(24, "own_gap", 8);
        Shopper.BuysOn(0, 179, 358, 537).Measures(537, "own_gap", 179);
        Shopper.BuysOn(0, 181, 362, 543).Measures(543, "own_gap", 180);
    }

    [Fact]
    public void The_usual_spending_is_that_of_180_days_that_ended_90_days_ago()
    {
        Shopper.Buys(0, 100).Measures(90 - Instant, "spend_90", 100).Measures(90, "spend_90", 0);
        Shopper.Buys(0, 100).Measures(90 - Instant, "usual_90", 0).Measures(90, "usual_90", 50).Measures(270 - Instant, "usual_90", 50).Measures(270, "usual_90", 0);
    }

    [Fact]
    public void Who_bought_nothing_for_90_days_is_silent_and_not_fading()
    {
        // The own gap is 100 days. What brings the 90 days down to 10 is that day 300 is over; who bought nothing after it only waits.
        Shopper.Buys(0, 100).Buys(100, 100).Buys(200, 100).Buys(300, 100).Buys(300.5, 10).On(390 - Instant).Is("stability").On(390).Is("at_risk");
        Shopper.Buys(0, 100).Buys(100, 100).Buys(200, 100).Buys(300, 100).On(480 - Instant).Is("formation").On(480).Is("at_risk");
    }

    [Fact]
    public void Who_buys_every_day_is_at_risk_after_45_days_and_lapses_after_90() =>
        Shopper.BuysOn(0, 1, 2, 3).On(48 - Instant).Is("formation").On(48).Is("at_risk").On(93 - Instant).Is("at_risk").On(93).Is("lapsed");

    [Fact]
    public void Who_buys_twice_a_year_is_at_risk_after_180_days_and_lost_after_365() =>
        Shopper.BuysOn(0, 170, 340, 510).On(690 - Instant).Is("formation").On(690).Is("at_risk").On(875 - Instant).Is("at_risk").On(875).Is("lost");

    [Fact]
    public void A_customer_is_lost_after_365_days() => Shopper.Buys(0).On(365 - Instant).Is("lapsed").On(365).Is("lost");

    [Fact]
    public void Half_of_the_usual_spending_is_no_risk_and_a_cent_less_is_one()
    {
        // 100 on each of five days; on day 250 the 90 days before hold one purchase, and 90 days of the 180 before them brought 200.
        Shopper.Buys(70, 100).Buys(100, 100).Buys(130, 100).Buys(159, 100).Buys(200, 100).On(250).Is("stability");
        Shopper.Buys(70, 100).Buys(100, 100).Buys(130, 100).Buys(159, 100).Buys(200, 99.99m).On(249 - Instant).Is("stability").On(249).Is("at_risk");
    }

    [Fact]
    public void A_purchase_is_a_recovery_for_90_days()
    {
        var shopper = Shopper.Buys(70, 100).Buys(100, 100).Buys(130, 100).Buys(159, 100).Buys(200, 1).On(249).Is("at_risk").Buys(260, 1).Is("stability");
        shopper.Buys(300, 1).On(350 - Instant).Is("stability");
    }

    [Fact]
    public void Who_returned_needs_2_more_purchase_days_for_stability()
    {
        var shopper = Shopper.BuysOn(0, 30, 60, 90).Is("stability").On(210).Is("lapsed").Buys(211).Is("formation");
        shopper.Buys(212).Is("formation").Buys(213).Is("stability");
    }

    [Fact]
    public void Who_was_at_risk_and_buys_is_stable_again_at_once() => Shopper.BuysOn(0, 30, 60, 90).On(150).Is("at_risk").Buys(151).Is("stability");

    [Fact]
    public void VIP_is_the_top_10_percent_of_a_years_spending_and_kept_down_to_the_top_20()
    {
        var shopper = Shopper.Buys(0, 50).IsComparedOn(2, 50.01m, 20).Is("none", "vip").IsComparedOn(3, 50, 20).Is("vip", "vip");
        shopper.IsComparedOn(4, 80, 50).Is("vip", "vip").IsComparedOn(5, 80, 50.01m).Is("none", "vip");
        Shopper.Buys(0, 50).IsComparedOn(2, 50, 20).On(365 - Instant).Is("vip", "vip").On(365).Is("none", "vip");
        Shopper.Buys(0, 0.01m).IsComparedOn(2, 0.01m, 0).Is("vip", "vip");
        Shopper.SignsUp(0).IsComparedOn(2, 0, 0).Is("none", "vip");
    }

    [Fact]
    public void Free_shipping_lasts_30_days_longer_than_the_tier()
    {
        var shopper = Shopper.Buys(0, 50).IsComparedOn(2, 50, 20).Has("free_shipping").GetsBack(3, 50).Is("none", "vip");
        shopper.On(33 - Instant).Has("free_shipping").On(33).Has();
    }

    [Fact]
    public void A_dollar_is_a_point_to_the_end_of_the_day_365_days_later() =>
        Shopper.Buys(0, 12).HasPoints(12).On(365.5 - Instant).HasPoints(12).On(365.5).HasPoints(0);

    [Fact]
    public void At_most_1_message_in_7_days()
    {
        Shopper.Buys(0).IsComparedOn(83 + Instant, 10, 5).On(90).WasSent($"{83 + Instant} free-shipping");
        Shopper.Buys(0).IsComparedOn(83, 10, 5).On(90).WasSent("83 free-shipping, 90 reminder");
    }
}
