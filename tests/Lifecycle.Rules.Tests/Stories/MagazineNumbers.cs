namespace Lifecycle.Rules.Tests.Stories;

/// <summary>Every number of the magazine's template: one unit less does not, exactly that much does.</summary>
public sealed class MagazineNumbers
{
    private const double Instant = 1.0 / 86_400_000;

    private static Customer Reader => Customer.Of("magazine");

    [Fact]
    public void A_trial_lasts_14_days() => Reader.StartsTrial(0).Reads(1).On(14 - Instant).Is("exploration").On(14).Is("lapsed");

    [Fact]
    public void A_trial_that_is_ended_is_over_at_once() => Reader.StartsTrial(0).Does(5, "trial_ended").Is("lapsed");

    [Fact]
    public void Stability_asks_for_90_paid_days() => Regular(89).On(90 - Instant).Is("formation").On(90).Is("stability");

    [Fact]
    public void Formation_is_left_for_stability_only_with_usage()
    {
        // Twice a week until day 75, then not at all: on day 90 both weeks are under half of the usual.
        Reader.SubscribesForAYear(0).ReadsTwiceAWeek(1, 75).On(95).Is("at_risk");
    }

    [Fact]
    public void A_first_downgrade_is_forgiven_and_the_second_within_365_days_ends_stability()
    {
        Regular(100).Downgrades(101).Is("stability").Downgrades(102).Is("formation");
        Regular(100).Downgrades(101).ReadsTwiceAWeek(106, 465).Renews(365.5, 730).Downgrades(466).Is("stability");
        Regular(100).Downgrades(101).ReadsTwiceAWeek(106, 465).Renews(365.5, 730).Downgrades(466 - Instant).Is("formation");
        Reader.SubscribesForAYear(0).Reads(1).Downgrades(10).ReadsTwiceAWeek(11, 89).On(90).Is("stability");
    }

    [Fact]
    public void A_complaint_is_a_risk_after_7_days()
    {
        Regular(100).Complains(100).ReadsTwiceAWeek(101, 106).On(107 - Instant).Is("stability").On(107).Is("at_risk").IsHeard(108).Is("stability");
        Regular(100).Complains(100).Complains(102).IsHeard(103).On(109 - Instant).Is("stability").On(109).Is("at_risk");
        Regular(100).Complains(100).IsHeard(107 - Instant).On(108).Is("stability");
    }

    [Fact]
    public void A_complaint_goes_to_care_after_7_days_and_again_21_days_later() =>
        Regular(100).Complains(100).ReadsTwiceAWeek(101, 140).WasSent("107 call-reader, 128 visit-reader");

    [Fact]
    public void The_weeks_of_an_absence_are_not_held_against_a_reader_for_14_days_after_it() =>
        Regular(100).Ends(100).SubscribesForAYear(107).Is("stability").On(121 - Instant).Is("stability").On(121).Is("at_risk").Because("usage_low");

    [Fact]
    public void Renewal_turned_off_is_a_risk_and_turned_on_again_none() => Regular(100).TurnsRenewalOff(101).Is("at_risk").TurnsRenewalOn(102).Is("stability");

    [Fact]
    public void A_week_at_half_of_the_usual_is_no_risk_and_less_than_half_is_one_when_the_week_before_was_so_too()
    {
        // Four days a week for ten weeks, then two and two; or one and two; or one and one.
        Weeks(4, 10).ReadsIn(10, 2).ReadsIn(11, 2).On(84).Is("formation");
        Weeks(4, 10).ReadsIn(10, 1).ReadsIn(11, 2).On(84).Is("formation");
        Weeks(4, 10).ReadsIn(10, 1).ReadsIn(11, 1).On(84).Is("at_risk").Because("usage_low");
    }

    [Fact]
    public void A_usual_week_is_that_of_the_8_weeks_before_the_last_two()
    {
        Reader.Reads(0).Measures(7 - Instant, "usage_week", 1).Measures(7, "usage_week", 0);
        Reader.Reads(0).Measures(7 - Instant, "usage_week_before", 0).Measures(7, "usage_week_before", 1);
        Reader.Reads(0).Measures(14 - Instant, "usage_week_before", 1).Measures(14, "usage_week_before", 0);
        Reader.Reads(0).Measures(14 - Instant, "usage_usual", 0).Measures(14, "usage_usual", 0.125);
        Reader.Reads(0).Measures(70 - Instant, "usage_usual", 0.125).Measures(70, "usage_usual", 0);
    }

    [Fact]
    public void Who_reads_on_less_than_1_day_a_week_is_not_judged_by_the_week()
    {
        Reader.SubscribesForAYear(0).Reads(1, 8, 15, 22, 29, 36, 43, 50).On(70).Is("at_risk");
        Reader.SubscribesForAYear(0).Reads(1, 8, 15, 22, 29, 36, 43).On(70).Is("formation");
    }

    [Fact]
    public void Usage_has_recovered_at_70_percent_of_the_usual_for_two_weeks()
    {
        // After two weeks of 1 day the usual has come down to 4: then 2 days a week are half, which is not enough, and 3 are.
        Weeks(5, 10).ReadsIn(10, 1).ReadsIn(11, 1).On(84).Is("at_risk").ReadsIn(12, 2).ReadsIn(13, 2).On(98).Is("at_risk");
        Weeks(5, 10).ReadsIn(10, 1).ReadsIn(11, 1).On(84).Is("at_risk").ReadsIn(12, 3).On(91).Is("at_risk").ReadsIn(13, 3).On(98).Is("stability");
    }

    [Fact]
    public void Access_ends_21_days_after_a_payment_failed() => Regular(100).FailsToPay(100).On(121 - Instant).Is("at_risk").On(121).Is("lapsed");

    [Fact]
    public void A_reader_is_lost_30_days_after_what_they_paid_for() =>
        Reader.SubscribesForAMonth(0).Reads(1).Ends(30).Is("lapsed").On(60 - Instant).Is("lapsed").On(60).Is("lost");

    [Fact]
    public void A_break_of_7_days_is_none()
    {
        Regular(100).Ends(100).Reads(101, 104).SubscribesForAMonth(107).Is("stability");
        Regular(100).Ends(100).Reads(101, 104).SubscribesForAMonth(107 + Instant).Is("formation");
    }

    [Fact]
    public void After_a_longer_break_90_days_begin_anew()
    {
        var reader = Regular(100).Ends(100).SubscribesForAYear(120).Is("formation").ReadsTwiceAWeek(120, 209);
        reader.On(210 - Instant).Is("formation").On(210).Is("stability");
    }

    [Fact]
    public void A_yearly_renewal_is_announced_60_30_and_7_days_ahead() =>
        Reader.SubscribesForAYear(0).On(364).WasSent("305 renewal-in-60-days, 335 renewal-in-30-days, 358 renewal-in-7-days");

    [Fact]
    public void A_renewal_is_ahead_from_60_days_before_until_it_is_due()
    {
        Reader.SubscribesForAYear(0).On(305 - Instant).Is("settled", "billing").On(305).Is("renewing", "billing");
        Reader.SubscribesForAYear(0).On(365 - Instant).Is("renewing", "billing").On(365).Is("settled", "billing");
    }

    [Fact]
    public void A_monthly_renewal_is_announced_3_days_ahead() => Reader.SubscribesForAMonth(0).On(29).WasSent("27 renewal-in-3-days");

    [Fact]
    public void A_renewal_that_was_turned_off_is_not_announced() =>
        Reader.SubscribesForAYear(0).TurnsRenewalOff(320).On(364).Is("settled", "billing").WasSent("305 renewal-in-60-days");

    [Fact]
    public void A_failed_payment_is_tried_on_days_1_3_5_and_7_and_given_up_on_day_21() =>
        Regular(100).FailsToPay(100).On(121).WasSent("101 retry-payment, 103 retry-payment, 105 retry-payment, 107 retry-payment, "
            + "121 end-subscription, 121 why-did-you-leave");

    [Fact]
    public void Win_back_asks_on_day_0_offers_on_days_7_30_and_90_and_ends_on_day_180() =>
        Reader.SubscribesForAMonth(0).Reads(1).Ends(20).On(400).WasSent("20 why-did-you-leave, 27 comeback-offer, 50 best-of-the-month, "
            + "110 anniversary-issue").Ended("200 win-back let-go");

    [Fact]
    public void VIP_is_the_top_10_percent_by_monthly_revenue_and_kept_down_to_the_top_20()
    {
        var reader = Regular(10).IsComparedOn(11, 8.01m, 4).Is("none", "vip").IsComparedOn(12, 8, 4).Is("vip", "vip");
        Regular(10).Downgrades(11, 0.5m).IsComparedOn(12, 0.5m, 0.5m).Is("vip", "vip").IsComparedOn(13, 1, 0.5m).Is("vip", "vip");
        Regular(10).Downgrades(11, 0).IsComparedOn(12, 0, 0).Is("none", "vip");
        reader.IsComparedOn(13, 10, 8).Is("vip", "vip").IsComparedOn(14, 10, 8.01m).Is("none", "vip").On(44 - Instant).Has("archive").On(44).Has();
    }

    [Fact]
    public void At_most_1_letter_in_72_hours()
    {
        Regular(96).IsComparedOn(97 + Instant, 8, 4).Ends(100).WasSent($"{97 + Instant} archive-is-open");
        Regular(96).IsComparedOn(97, 8, 4).Ends(100).WasSent("97 archive-is-open, 100 why-did-you-leave");
    }

    /// <summary>Pays by the year and reads two days a week.</summary>
    private static Customer Regular(int until) => Reader.SubscribesForAYear(0).ReadsTwiceAWeek(1, until);

    private static Customer Weeks(int days, int weeks)
    {
        var reader = Reader.SubscribesForAYear(0);
        for (var week = 0; week < weeks; week++) reader.ReadsIn(week, days);
        return reader;
    }
}
