namespace Lifecycle.Rules.Tests.Stories;

/// <summary>Every number of the game's template: one unit less does not, exactly that much does.</summary>
public sealed class TianxiaNumbers
{
    private const double Instant = 1.0 / 86_400_000;

    private static Customer Player => Customer.Of("tianxia");

    [Fact]
    public void Formation_begins_with_3_active_days() => Player.Plays(0, 0.2, 1).Is("exploration").Plays(2).Is("formation");

    [Fact]
    public void Stability_asks_for_28_days_of_age() => Player.PlaysDaily(0, 27).On(28 - Instant).Is("formation").On(28).Is("stability");

    [Fact]
    public void Stability_asks_for_12_active_days_of_28()
    {
        var player = Player.Plays(0, 3, 6, 9, 12, 15, 18, 21, 24, 27);
        player.Plays(28).Is("formation").Plays(29).Is("formation").Plays(30).Is("stability");
    }

    [Fact]
    public void Stability_asks_for_each_of_the_last_4_weeks()
    {
        // Nothing between day 6 and day 15: counted back from day 28, one week is empty. On day 29 each holds a session again.
        Player.PlaysDaily(0, 6).PlaysDaily(15, 28).Is("formation").On(29 - Instant).Is("formation").On(29).Is("stability").Because("active_weeks == 4");
    }

    [Fact]
    public void The_first_of_the_4_weeks_counts_to_its_first_hour() =>
        Player.SignsUp(0).Plays(0.5, 7.4).PlaysDaily(8, 27).On(28 - Instant).Is("formation").On(28).Is("stability");

    [Fact]
    public void A_usual_week_is_that_of_the_28_days_before()
    {
        Player.Plays(0).Measures(7 - Instant, "active_days_7", 1).Measures(7, "active_days_7", 0);
        Player.Plays(0).Measures(7 - Instant, "usual_week", 0).Measures(7, "usual_week", 0.25).Measures(35 - Instant, "usual_week", 0.25).Measures(35, "usual_week", 0);
        Player.Plays(0).Measures(7 - Instant, "active_days_7_before", 0).Measures(7, "active_days_7_before", 1).Measures(14, "active_days_7_before", 0);
        Player.Plays(0).Measures(14 - Instant, "active_days_7_before", 1).Measures(14, "usual_week_before", 0.25);
        Player.Plays(0).Measures(14 - Instant, "usual_week_before", 0).Measures(42 - Instant, "usual_week_before", 0.25).Measures(42, "usual_week_before", 0);
    }

    [Fact]
    public void Stability_is_kept_with_8_active_days_of_28_and_left_with_7()
    {
        // There every day until day 30, then twice a week: eight days of any 28, until one of the days is left out.
        var player = Player.PlaysDaily(0, 30).Plays(33.5, 37, 40.5, 44, 47.5, 51, 54.5, 57.9).On(61.5 - Instant).Is("stability");
        player.On(61.5).Is("formation").Because("active_days >= 3");
    }

    [Fact]
    public void A_newcomer_is_at_risk_after_3_days_of_silence() => Player.Plays(0, 1).On(4 - Instant).Is("exploration").On(4).Is("at_risk");

    [Fact]
    public void Everybody_else_is_at_risk_after_7_days_of_silence() => Player.Plays(0, 1, 2).On(9 - Instant).Is("formation").On(9).Is("at_risk");

    [Fact]
    public void A_decline_is_over_with_2_active_days_in_7_and_not_with_2_in_8()
    {
        Player.PlaysDaily(0, 10).On(17).Is("at_risk").Plays(18).Is("at_risk").Plays(25 - Instant).Is("formation");
        Player.PlaysDaily(0, 10).On(17).Is("at_risk").Plays(18).Is("at_risk").Plays(25).Is("at_risk");
        Player.SignsUp(0).On(3).Is("at_risk").Plays(4).Is("at_risk").Plays(5).Is("exploration");
    }

    [Fact]
    public void A_player_lapses_after_14_days_is_lost_after_30_and_dormant_after_90()
    {
        var player = Player.PlaysDaily(0, 2).On(16 - Instant).Is("at_risk").On(16).Is("lapsed");
        player.On(32 - Instant).Is("lapsed").On(32).Is("lost").On(92 - Instant).Is("lost").On(92).Is("dormant");
    }

    [Fact]
    public void A_session_after_14_days_is_a_return_and_one_before_is_none()
    {
        Player.PlaysDaily(0, 2).Plays(16 - Instant).Is("at_risk");
        Player.PlaysDaily(0, 2).Plays(16).Is("returned");
    }

    [Fact]
    public void A_return_is_on_probation_for_7_days() =>
        Player.PlaysDaily(0, 2).PlaysDaily(30, 36).Is("returned").On(37 - Instant).Is("returned").On(37).Is("formation");

    [Fact]
    public void A_probation_without_a_second_visit_ends_at_risk() => Player.PlaysDaily(0, 2).Plays(30).On(37 - Instant).Is("returned").On(37).Is("at_risk");

    [Fact]
    public void A_week_at_half_of_the_usual_is_no_risk_and_less_than_half_is_one_when_the_week_before_was_so_too()
    {
        // Six days a week, then three, three and three; or two, two and two.
        Weeks(6, 6, 6, 6, 6, 3, 3, 3).Is("stability");
        Weeks(6, 6, 6, 6, 6, 2).Is("stability");
        Weeks(6, 6, 6, 6, 6, 2, 3).Is("stability");
        Weeks(6, 6, 6, 6, 6, 3, 2).Is("stability");
        Weeks(6, 6, 6, 6, 6, 2, 2).Is("at_risk").Because("fading");

        static Customer Weeks(params int[] days)
        {
            var player = Player;
            for (var week = 0; week < days.Length; week++)
                for (var day = 0; day < days[week]; day++) player.Plays(week * 7 + day * 7.0 / days[week] + 0.5);
            return player.On(days.Length * 7);
        }
    }

    [Fact]
    public void The_weeks_that_led_to_a_decline_are_not_held_against_a_player_for_14_days_after_it()
    {
        var player = Player.PlaysDaily(0, 35).Plays(41).On(46).Is("at_risk").Plays(47, 48).Is("stability").Plays(51);
        player.Plays(57).On(62 - Instant).Is("formation").On(62).Is("at_risk").Because("fading");
    }

    [Fact]
    public void Silver_is_1000_points_of_10_for_a_yuan_and_kept_down_to_800()
    {
        var player = Player.Plays(0).Buys(0.1, 20.1m).Buys(1, 79.8m).HasPoints(999).Is("none", "vip").Buys(2, 0.1m).HasPoints(1000).Is("silver", "vip");
        player.GetsBack(3, 20m).HasPoints(800).Is("silver", "vip").GetsBack(4, 0.1m).HasPoints(799).Is("none", "vip");
    }

    [Fact]
    public void Points_last_to_the_end_of_the_day_365_days_later_and_the_tier_they_made_365_days() =>
        Player.Plays(0).Buys(1, 100).On(366 - Instant).Is("silver", "vip").On(366).Is("none", "vip").On(366.5 - Instant).HasPoints(1000).On(366.5).HasPoints(0);

    [Fact]
    public void Gold_is_the_top_5_percent_of_90_days_spending_and_kept_down_to_the_top_10()
    {
        var player = Player.Plays(0).Buys(1, 50).IsComparedOn(2, 50.01m, 20).Is("none", "vip").IsComparedOn(3, 50, 20).Is("gold", "vip");
        player.IsComparedOn(4, 80, 50).Is("gold", "vip").IsComparedOn(5, 80, 50.01m).Is("none", "vip");
        Player.Plays(0).Buys(1, 50).IsComparedOn(2, 50, 20).On(91 - Instant).Is("gold", "vip").On(91).Is("none", "vip");
        Player.Plays(0).Buys(0, 0.5m).IsComparedOn(2, 0.5m, 0.5m).Is("gold", "vip").IsComparedOn(3, 1, 0.5m).Is("gold", "vip");
        Player.Plays(0).IsComparedOn(2, 0, 0).Is("none", "vip");
    }

    [Fact]
    public void Who_loses_gold_is_silver_with_1000_points_and_nothing_with_999()
    {
        Player.Plays(0).Buys(1, 100).IsComparedOn(2, 100, 50).Is("gold", "vip").IsComparedOn(3, 200, 150).Is("silver", "vip");
        Player.Plays(0).Buys(1, 99.9m).IsComparedOn(2, 99, 50).Is("gold", "vip").IsComparedOn(3, 200, 150).Is("none", "vip");
    }

    [Fact]
    public void Skipping_the_queue_lasts_30_days_longer_than_the_tier()
    {
        var player = Player.Plays(0).Buys(1, 100).GetsBack(10, 100).Is("none", "vip");
        player.On(40 - Instant).Has("skip_queue").On(40).Has();
    }

    [Fact]
    public void Catching_up_lasts_7_days_longer_than_the_probation() =>
        Player.PlaysDaily(0, 2).PlaysDaily(30, 40).On(44 - Instant).Has("catch_up").On(44).Has();

    [Fact]
    public void Letters_go_out_on_days_7_14_and_30_of_silence_and_the_last_wait_ends_on_day_90() =>
        Player.PlaysDaily(0, 3).On(400).WasSent("10 miss-you, 17 new-server, 33 comeback-pack").Ended("10 miss-you completed, 93 win-back let-go");

    [Fact]
    public void With_2_active_days_a_newcomer_gets_the_hint_and_with_3_a_player_gets_the_letter()
    {
        Player.Plays(0, 1).On(13).Began("4 first-steps").WasSent("4 newcomer-hint, 8 miss-you");
        Player.Plays(0, 1, 2).On(13).Began("9 miss-you").WasSent("9 miss-you");
    }

    [Fact]
    public void Who_fades_within_7_days_of_a_session_is_shown_something_new_and_not_missed() =>
        Player.PlaysDaily(0, 35).Plays(39.5).On(46).Is("at_risk").Began("46 something-new").WasSent("46 something-new");

    [Fact]
    public void At_most_1_message_in_24_hours_and_3_in_7_days()
    {
        // Gold on the evening of the same day as the hint to the newcomer: one of them is held back.
        Player.Plays(0).Buys(0.1, 100).IsComparedOn(2.5, 100, 50).On(3).WasSent("2.5 gold-mount");
        Player.Plays(0).Buys(0.1, 100).IsComparedOn(2, 100, 50).On(3).WasSent("2 gold-mount, 3 newcomer-hint");
    }
}
