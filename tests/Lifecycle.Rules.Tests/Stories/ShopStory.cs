using Lifecycle.Domain.Events;

namespace Lifecycle.Rules.Tests.Stories;

/// <summary>A shop: from the first purchase to a habit, away and back.</summary>
public sealed class ShopStory
{
    private static Customer Shopper => Customer.Of("shop");

    [Fact]
    public void A_shopper_forms_a_habit_becomes_a_VIP_is_reminded_lapses_comes_back_and_has_to_show_it_again()
    {
        // Every thirty days, and after a season the habit is three months old.
        var john = Shopper.Buys(0, 80).Is("exploration").HasPoints(80).Buys(30, 120).Is("formation").Since(30).By(MoveCause.Event);
        john.Because("purchase_days >= 2").DecidedOn(30).Buys(60, 100).Is("formation").Buys(85, 90).Is("formation").On(89.999).Is("formation");
        john.On(90).Is("stability").Since(90).By(MoveCause.Time).Because("age >= 90 days").Because("purchase_days_365 >= 4").HasPoints(390);

        // 390 in a year: among the top tenth, then still among the top fifth, then no more; what he ordered late still ships for nothing.
        john.IsComparedOn(90.5, 350, 200).Is("vip", "vip").Since(90.5, "vip").Has("free_shipping").Because("top(spend_365, 10%)", "vip");
        john.IsComparedOn(100.5, 500, 390).Is("vip", "vip").IsComparedOn(110.5, 500, 390.01m).Is("none", "vip").Has("free_shipping").On(140.5).Has();

        // Thirty days is his own gap: two of them without a purchase, and he is reminded; four, and he gets an offer; a year, and he is let go.
        john.On(144.999).Is("stability").On(145).Is("at_risk").Since(145).Because("silence >= risk_after").DecidedOn(85);
        john.On(205).Is("lapsed").Since(205).Because("silence >= lapsed_after").WasSent("90.5 free-shipping, 145 reminder, 205 comeback-offer");

        // Back with a purchase, and in formation: four purchase days within a year are not enough now, two more of them are asked. With them
        // he has spent 510 in a year, and is among the top tenth again.
        john.Buys(215, 40).Is("formation").Since(215).By(MoveCause.Event).Because("purchase_days >= 2").Buys(225, 40).Is("formation");
        john.Buys(235, 40).Is("stability").Since(235).Because("days(order_completed in this stage) >= 2");
        john.WasSent("90.5 free-shipping, 145 reminder, 205 comeback-offer, 215 welcome-back");
        john.Went("0 exploration, 30 formation, 90 stability, 145 at_risk, 205 lapsed, 215 formation, 235 stability");
        john.Went("0 none, 90.5 vip, 110.5 none, 235 vip", "vip").WasGranted("90.5 +free_shipping, 140.5 -free_shipping, 235 +free_shipping");
    }

    [Fact]
    public void A_shopper_who_buys_once_is_at_risk_after_a_season_lapsed_after_two_and_lost_after_a_year() =>
        Shopper.Buys(0).On(800).Went("0 exploration, 90 at_risk, 180 lapsed, 365 lost").WasSent("90 reminder, 180 comeback-offer").HasPoints(0);

    [Fact]
    public void A_lapsed_customer_who_buys_is_back_in_formation() =>
        Shopper.Buys(0).Buys(200).On(300).Went("0 exploration, 90 at_risk, 180 lapsed, 200 formation, 290 at_risk");

    [Fact]
    public void A_regular_who_was_away_for_most_of_a_year_begins_again_in_formation() =>
        Shopper.BuysOn(0, 20, 60, 100).Buys(440).Went("0 exploration, 20 formation, 100 stability, 180 at_risk, 260 lapsed, 440 formation");

    [Fact]
    public void Somebody_who_only_looks_around_falls_silent_too_and_their_first_purchase_brings_them_to_exploration() =>
        Shopper.SignsUp(0).On(190).WasSent("").Buys(200).Is("exploration").On(290).Went("0 exploration, 90 at_risk, 180 lapsed, 200 exploration, 290 at_risk");

    [Fact]
    public void A_regular_who_spends_less_than_half_as_much_is_at_risk_and_any_purchase_is_a_recovery()
    {
        // Every twenty days as always, but for 10 where it used to be 100: on day 230 the last 90 days fall under half of what was usual.
        var shopper = Shopper;
        for (var day = 0; day < 180; day += 20) shopper.Buys(day, 100);
        for (var day = 180; day < 240; day += 20) shopper.Buys(day, 10);
        shopper.On(229.999).Is("stability").On(230).Is("at_risk").Because("fading").By(MoveCause.Time).WasSent("230 reminder");
        // The next purchase is enough. For 90 days the amounts that led there are not held against them, then the question is asked again.
        for (var day = 240; day < 330; day += 20) shopper.Buys(day, 10);
        shopper.On(329.999).Is("stability").Since(240).On(330).Is("at_risk").Because("fading").Buys(340, 10).Is("stability");
    }

    [Fact]
    public void A_refund_takes_back_the_points_it_earned_and_a_shortfall_is_a_debt()
    {
        var shopper = Shopper.Buys(0, 25.50m).HasPoints(26).GetsBack(2, 25.50m).HasPoints(0);
        shopper.GetsBack(3, 10m).HasPoints(-10).Buys(4, 30m).HasPoints(20).On(369.5).HasPoints(0);
    }

    [Fact]
    public void A_purchase_that_is_heard_of_late_ends_the_silence_it_fell_into()
    {
        var shopper = Shopper.Buys(0).Buys(10).On(100).Is("at_risk").Since(100);
        shopper.Tells(101, 95, "order_completed", new { revenue = 10 }).Is("formation").Since(101).On(184.999).Is("formation");
    }
}
