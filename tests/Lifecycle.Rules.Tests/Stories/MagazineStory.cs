using Lifecycle.Domain.Events;

namespace Lifecycle.Rules.Tests.Stories;

/// <summary>A magazine: from the trial to a habit, through a failed payment and a complaint, away and back.</summary>
public sealed class MagazineStory
{
    private static Customer Reader => Customer.Of("magazine");

    [Fact]
    public void A_reader_tries_subscribes_reads_for_years_leaves_and_comes_back()
    {
        // The trial, and on its last day the subscription.
        var jane = Reader.StartsTrial(0).Is("exploration").Reads(1, 4, 8, 11).SubscribesForAYear(13).Is("formation").Since(13).By(MoveCause.Event);
        jane.Because("committed").Is("settled", "billing").ReadsTwiceAWeek(14, 102).On(102.999).Is("formation");
        jane.On(103).Is("stability").Since(103).By(MoveCause.Time).Because("paid_for >= 90 days").Because("unbroken");

        // Her year is reminded of 60, 30 and 7 days ahead, the renewal ends it.
        jane.ReadsTwiceAWeek(105, 377).Renews(378, 743).Is("settled", "billing").Is("stability").Since(103);
        jane.WasSent("318 renewal-in-60-days, 348 renewal-in-30-days, 371 renewal-in-7-days");

        // A year later the payment fails. The provider is asked again on days 1 and 3, and she is back where she was when it works.
        jane.ReadsTwiceAWeek(378, 742).FailsToPay(743).Is("at_risk").Since(743).Because("payment_failing").Is("overdue", "billing");
        jane.ReadsTwiceAWeek(743, 746).PaysAfterAll(747, 1108).Is("stability").Since(747).Is("settled", "billing");
        jane.ReadsTwiceAWeek(748, 789).WasSent("318 renewal-in-60-days, 348 renewal-in-30-days, 371 renewal-in-7-days, "
            + "683 renewal-in-60-days, 713 renewal-in-30-days, 736 renewal-in-7-days, 744 retry-payment, 746 retry-payment");

        // A complaint that nobody answers for a week is a risk, and its answer the end of it.
        jane.Complains(791).Is("stability").ReadsTwiceAWeek(791, 797).On(797.999).Is("stability").On(798).Is("at_risk").Since(798).Because("complaint_open").By(MoveCause.Time);
        jane.IsHeard(799).Is("stability").ReadsTwiceAWeek(799, 1000);

        // She turns renewal off. What she paid for she reads; then access ends, and a month later she is lost.
        jane.TurnsRenewalOff(1001).Is("at_risk").Because("renewal_off").ReadsTwiceAWeek(1001, 1107).Is("settled", "billing");
        jane.Ends(1108).Is("lapsed").Since(1108).Because("access_over").On(1137.999).Is("lapsed").On(1138).Is("lost").Since(1138);

        // Day 0 asks why, days 7, 30 and 90 offer a way back, and the third of these finds her.
        jane.On(1200).SubscribesForAYear(1201).Is("formation").Since(1201).On(1400).WasSent("318 renewal-in-60-days, 348 renewal-in-30-days, "
            + "371 renewal-in-7-days, 683 renewal-in-60-days, 713 renewal-in-30-days, 736 renewal-in-7-days, 744 retry-payment, 746 retry-payment, "
            + "798 call-reader, 1108 why-did-you-leave, 1115 comeback-offer, 1138 best-of-the-month, 1198 anniversary-issue");
        jane.Went("0 exploration, 13 formation, 103 stability, 743 at_risk, 747 stability, 798 at_risk, 799 stability, 1001 at_risk, "
            + "1108 lapsed, 1138 lost, 1201 formation, 1291 stability");
    }

    [Fact]
    public void A_trial_that_nobody_pays_for_is_over_after_14_days_and_lost_30_days_later()
    {
        var reader = Reader.StartsTrial(0).Reads(1, 2, 3).On(400).Went("0 exploration, 14 lapsed, 44 lost");
        reader.WasSent("14 why-did-you-leave, 21 comeback-offer, 44 best-of-the-month, 104 anniversary-issue");
    }

    [Fact]
    public void Who_pays_and_never_reads_is_in_exploration_until_an_issue_is_opened_or_a_second_payment_made()
    {
        Reader.SubscribesForAMonth(0).Is("exploration").Reads(9).Is("formation").Since(9);
        Reader.SubscribesForAMonth(0).Is("exploration").RenewsMonthly(30, 30).Is("formation").Since(30);
    }

    [Fact]
    public void A_monthly_renewal_is_announced_three_days_ahead() =>
        Reader.SubscribesForAMonth(0).Reads(1).RenewsMonthly(30, 60).On(88).WasSent("27 renewal-in-3-days, 57 renewal-in-3-days, 87 renewal-in-3-days");

    [Fact]
    public void A_payment_that_is_never_made_good_is_tried_four_times_and_access_ends_on_day_21()
    {
        var reader = Reader.SubscribesForAYear(0).ReadsTwiceAWeek(1, 364).FailsToPay(365).FailsToPay(366).FailsToPay(368).FailsToPay(370).FailsToPay(372);
        reader.On(385.999).Is("at_risk").On(386).Is("lapsed").Since(386).By(MoveCause.Time).Because("access_over").On(395).Is("lost").Since(395);
        reader.WasSent("305 renewal-in-60-days, 335 renewal-in-30-days, 358 renewal-in-7-days, 366 retry-payment, 368 retry-payment, 370 retry-payment, "
            + "372 retry-payment, 386 end-subscription, 386 why-did-you-leave, 393 comeback-offer");
    }

    [Fact]
    public void Who_comes_back_within_seven_days_is_stable_as_before_and_who_comes_later_begins_again_in_formation()
    {
        Regular().TurnsRenewalOff(110).Ends(120).Is("lapsed").ReadsTwiceAWeek(120, 126).SubscribesForAMonth(127).Is("stability").Since(127);
        Regular().TurnsRenewalOff(110).Ends(120).Is("lapsed").ReadsTwiceAWeek(120, 126).SubscribesForAMonth(127.001).Is("formation").Since(127.001);

        static Customer Regular() => Reader.SubscribesForAMonth(0).ReadsTwiceAWeek(1, 29).RenewsMonthly(30, 30).ReadsTwiceAWeek(30, 59)
            .RenewsMonthly(60, 60).ReadsTwiceAWeek(60, 89).RenewsMonthly(90, 90).ReadsTwiceAWeek(92, 109).Is("stability").Since(90);
    }

    [Fact]
    public void A_reader_who_hardly_opens_an_issue_any_more_is_told_what_they_missed_and_recovers_by_reading()
    {
        // Two days a week for half a year, then not at all: after the second week that is a risk, and nothing else is wrong.
        var reader = Reader.SubscribesForAYear(0).ReadsTwiceAWeek(1, 179).On(192.999).Is("stability").On(193).Is("at_risk").Because("usage_low");
        reader.WasSent("193 what-you-missed").Reads(193.1, 196.1, 200.1).Is("at_risk").Reads(203.1).Is("stability").Since(203.1);
    }

    [Fact]
    public void A_plan_that_brings_much_opens_the_archive_as_long_as_there_is_access()
    {
        var reader = Reader.SubscribesForAYear(0).Reads(1).IsComparedOn(1.5, 8, 5).Is("vip", "vip").Has("archive").WasSent("1.5 archive-is-open");
        reader.Downgrades(10, 6).Is("vip", "vip").Downgrades(20, 4.99m).Is("none", "vip").Has("archive").On(50).Has();
        reader.IsComparedOn(60, 4.99m, 3).Is("vip", "vip").Ends(70).Is("none", "vip").Is("lapsed");
    }
}
