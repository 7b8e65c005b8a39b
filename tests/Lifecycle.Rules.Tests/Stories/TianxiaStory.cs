using Lifecycle.Domain.Events;

namespace Lifecycle.Rules.Tests.Stories;

/// <summary>天下贰: the players of a free-to-play game, from newcomer to VIP to lapsed to returned.</summary>
public sealed class TianxiaStory
{
    private static Customer Player => Customer.Of("tianxia");

    [Fact]
    public void A_newcomer_becomes_a_regular_and_a_VIP_who_skips_the_queue_falls_silent_is_won_back_and_is_a_regular_again()
    {
        // A newcomer, who likes it: there on a third day.
        var mei = Player.SignsUp(0).Plays(0).Is("exploration").Plays(1).Is("exploration");
        mei.Plays(2).Is("formation").Since(2).By(MoveCause.Event).Because("active_days >= 3").DecidedOn(2);

        // Four weeks of habit, and the evening comes on which the 28 days are over.
        mei.PlaysDaily(3, 4).Buys(5, 68).HasPoints(680).Has().PlaysDaily(5, 11).Buys(12, 68).HasPoints(1360);
        mei.Is("silver", "vip").Since(12, "vip").Because("vip_points >= 1000", "vip").Has("skip_queue");
        mei.PlaysDaily(12, 27).Is("formation").On(28).Is("stability").Since(28).By(MoveCause.Time).Because("age >= 28 days").Because("active_weeks == 4");

        // A season's spending puts her among the top twentieth, then among the top tenth only, then among neither.
        mei.PlaysDaily(29, 30).Buys(30.1, 198).PlaysDaily(31, 40).IsComparedOn(40.5, 300, 150).Is("gold", "vip").Has("gold_mount", "skip_queue");
        mei.Because("top(spend_90d, 5%)", "vip").PlaysDaily(41, 60).IsComparedOn(60.5, 400, 320).Is("gold", "vip");
        mei.PlaysDaily(61, 70).IsComparedOn(70.5, 450, 350).Is("silver", "vip").Has("gold_mount", "skip_queue").PlaysDaily(71, 80);

        // Then nothing. Each stage of decline begins at the very instant, and each letter goes out with it.
        mei.On(86.999).Is("stability").On(87).Is("at_risk").Since(87).By(MoveCause.Time).Because("idle >= 7 days").DecidedOn(80);
        mei.On(94).Is("lapsed").Since(94).Because("idle >= 14 days").DecidedOn(80).On(110).Is("lost").Since(110).On(170).Is("dormant").Since(170);
        mei.WasSent("40.5 gold-mount, 87 miss-you, 94 new-server, 110 comeback-pack");

        // Back after four months: a week of probation with what makes it easier, then formation, and four weeks on a habit again.
        mei.Plays(200).Is("returned").Since(200).By(MoveCause.Event).Because("idle < 14 days").Has("catch_up", "skip_queue");
        mei.Plays(203, 206).Is("returned").On(207).Is("formation").Since(207).By(MoveCause.Time).Because("active_days_7 >= 2").Has("catch_up", "skip_queue");
        mei.PlaysDaily(207, 220).Has("skip_queue").Is("formation").On(221).Is("stability").Since(221);
        mei.WasSent("40.5 gold-mount, 87 miss-you, 94 new-server, 110 comeback-pack, 200 welcome-back, 203 old-friends");

        // Points last a year, the tier as long as enough of them were earned within one, and the queue is skipped for 30 days more.
        mei.PlaysDaily(221, 395).On(396).HasPoints(0).Is("none", "vip").PlaysDaily(396, 426).Has().Is("stability");
        mei.WasGranted("12 +skip_queue, 40.5 +gold_mount, 100.5 -gold_mount, 200 +catch_up, 214 -catch_up, 425.1 -skip_queue");
        mei.Went("0 none, 12 silver, 40.5 gold, 70.5 silver, 395.1 none", "vip");
        mei.Went("0 exploration, 2 formation, 28 stability, 87 at_risk, 94 lapsed, 110 lost, 170 dormant, 200 returned, 207 formation, 221 stability");
    }

    [Fact]
    public void A_newcomer_who_stalls_gets_a_hint_after_three_days_and_goes_on_where_they_were()
    {
        var player = Player.Plays(0).On(3).Is("at_risk").Because("idle >= 3 days").WasSent("3 newcomer-hint");
        player.Plays(4).Is("exploration").By(MoveCause.Event).Plays(5).Is("formation").On(11).Is("formation").WasSent("3 newcomer-hint");
    }

    [Fact]
    public void A_newcomer_who_never_comes_back_hears_from_us_on_days_3_7_14_and_30_and_then_no_more()
    {
        var player = Player.Plays(0).On(400).Went("0 exploration, 3 at_risk, 14 lapsed, 30 lost, 90 dormant");
        player.WasSent("3 newcomer-hint, 7 miss-you, 14 new-server, 30 comeback-pack");
    }

    [Fact]
    public void A_regular_who_comes_less_and_less_is_at_risk_before_they_are_gone_and_is_shown_something_new()
    {
        // There every day for five weeks, then every sixth day: when two weeks had fewer than half of the usual days, that is the sign.
        var player = Player.PlaysDaily(0, 35).Plays(41).On(45.999).Is("stability").On(46).Is("at_risk").Since(46).Because("fading").By(MoveCause.Time);
        player.WasSent("46 something-new");
        // Two days within a week, and it was a quiet fortnight. What lies behind is not held against them again.
        player.Plays(47).Is("at_risk").Plays(48).Is("stability").Plays(50, 52, 54, 56, 58, 60, 62, 64, 66).Is("stability").Since(48);
    }

    [Fact]
    public void Who_is_asked_back_and_returns_within_the_wait_hears_no_more_of_it()
    {
        var player = Player.PlaysDaily(0, 30).On(44).Is("lapsed").WasSent("37 miss-you, 44 new-server").Plays(50).Is("returned");
        player.On(57).Is("at_risk").Since(57).On(64).Is("lapsed").WasSent("37 miss-you, 44 new-server, 50 welcome-back, 53 old-friends");
    }

    [Fact]
    public void A_refund_takes_back_the_points_it_earned_and_the_tier_with_them()
    {
        var player = Player.Plays(0).Buys(0.1, 100.05m).HasPoints(1001).Is("silver", "vip");
        player.GetsBack(1, 100.05m).HasPoints(0).Is("none", "vip").Has("skip_queue").On(30.999).Has("skip_queue").On(31).Has();
    }
}
