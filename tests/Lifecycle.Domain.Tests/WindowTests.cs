using Lifecycle.Domain.Events;
using NodaTime;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>What each window holds, at its edges.</summary>
public sealed class WindowTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Fact]
    public void Today_begins_at_midnight_in_the_tenants_zone_also_on_a_day_of_23_hours()
    {
        // Birth is Monday 5 January 2026, 9:30 UTC. On Sunday 29 March clocks in Berlin go from 2:00 to 3:00.
        var life = Under("visits: count(session_start today)");
        var (start, end) = (Local(2026, 3, 29, 0, 0), Local(2026, 3, 30, 0, 0));
        Assert.Equal(Duration.FromHours(23), end - start);
        DoesAt(life, start - Duration.FromMilliseconds(1));
        DoesAt(life, start);
        DoesAt(life, Local(2026, 3, 29, 5, 0));
        Assert.Equal(2, Number(life, end - Duration.FromMilliseconds(1)));
        Assert.Equal(0, Number(life, end));
        Assert.Equal(end, Next(life, Local(2026, 3, 29, 6, 0)));
    }

    [Fact]
    public void Three_calendar_days_are_today_and_the_two_before()
    {
        var life = Under("visits: days(session_start in 3 calendar days)");
        foreach (var day in new[] { 10, 11, 12 }) DoesAt(life, Local(2026, 1, day, 23, 59));
        Assert.Equal(3, Number(life, Local(2026, 1, 12, 23, 59)));
        Assert.Equal(2, Number(life, Local(2026, 1, 13, 0, 0)));
        Assert.Equal(1, Number(life, Local(2026, 1, 14, 0, 0)));
        Assert.Equal(0, Number(life, Local(2026, 1, 15, 0, 0)));
    }

    [Fact]
    public void The_week_begins_on_Monday_and_the_month_on_its_first()
    {
        var life = Under("visits: count(session_start this week) + 100 * count(session_start this month)");
        DoesAt(life, Local(2026, 1, 31, 23, 0)); // A Saturday.
        DoesAt(life, Local(2026, 2, 1, 1, 0));
        Assert.Equal(102, Number(life, Local(2026, 2, 1, 2, 0)));
        Assert.Equal(100, Number(life, Local(2026, 2, 2, 0, 0)));
        Assert.Equal(0, Number(life, Local(2026, 3, 1, 0, 0)));
    }

    [Fact]
    public void Three_calendar_months_are_this_one_and_the_two_before()
    {
        var life = Under("visits: count(session_start in 3 calendar months)");
        foreach (var (month, day) in new[] { (1, 31), (2, 28), (3, 1), (3, 29) }) DoesAt(life, Local(2026, month, day, 23, 59));
        Assert.Equal(4, Number(life, Local(2026, 3, 31, 23, 59)));
        Assert.Equal(Local(2026, 4, 1, 0, 0), Next(life, Local(2026, 3, 30, 0, 0)));
        Assert.Equal(3, Number(life, Local(2026, 4, 1, 0, 0)));
        Assert.Equal(2, Number(life, Local(2026, 5, 1, 0, 0)));
        Assert.Equal(0, Number(life, Local(2026, 6, 1, 0, 0)));
    }

    [Fact]
    public void Quarters_begin_in_January_April_July_and_October_and_years_in_January()
    {
        var life = Under("visits: count(session_start this quarter) + 100 * count(session_start this year)");
        DoesAt(life, Local(2026, 6, 30, 23, 59));
        DoesAt(life, Local(2026, 7, 1, 0, 0));
        Assert.Equal(201, Number(life, Local(2026, 9, 30, 23, 59)));
        Assert.Equal(Local(2026, 10, 1, 0, 0), Next(life, Local(2026, 9, 30, 23, 59)));
        Assert.Equal(200, Number(life, Local(2026, 12, 31, 23, 59)));
        Assert.Equal(0, Number(life, Local(2027, 1, 1, 0, 0)));
    }

    /// <summary>2026 begins on a Thursday; in Berlin the week of 23 March has 167 hours.</summary>
    [Theory]
    [InlineData("week", 2026, 3, 23, 2026, 3, 30, 2026, 4, 6)]
    [InlineData("month", 2026, 2, 1, 2026, 3, 1, 2026, 4, 1)]
    [InlineData("quarter", 2026, 1, 1, 2026, 4, 1, 2026, 7, 1)]
    [InlineData("year", 2026, 1, 1, 2027, 1, 1, 2028, 1, 1)]
    public void What_was_last_is_whole_from_when_it_is_over_until_the_next_is(string period, params int[] days)
    {
        var (begins, over, gone) = (Local(days[0], days[1], days[2], 0, 0), Local(days[3], days[4], days[5], 0, 0), Local(days[6], days[7], days[8], 0, 0));
        var life = Under($"visits: count(session_start last {period})");
        var millisecond = Duration.FromMilliseconds(1);
        foreach (var at in new[] { begins - millisecond, begins, over - millisecond, over }.Where(at => at >= Life.Birth)) DoesAt(life, at);
        if (begins < Life.Birth) DoesAt(life, Life.Birth);
        Assert.Equal(over, Next(life, over - millisecond));
        Assert.Equal(2, Number(life, over));
        Assert.Equal(gone, Next(life, over));
        Assert.Equal(1, Number(life, gone));
    }

    [Fact]
    public void The_first_days_begin_with_the_first_event_and_move_when_a_late_one_makes_that_earlier()
    {
        var life = Under("visits: count(session_start in first 7 days)");
        life.At(20).Does("session_start").At(22).Does("session_start").At(27).Does("session_start");
        Assert.Equal(2, Number(life, Life.Day(40)));
        Assert.Equal(Instants.Never, Next(life, Life.Day(27)));
        life.At(28).DidLate(16, "session_start");
        Assert.Equal(3, Number(life, Life.Day(40)));
        life.At(29).DidLate(14, "page_viewed");
        Assert.Equal(2, Number(life, Life.Day(40)));
    }

    [Fact]
    public void A_customer_leaves_when_a_late_event_moves_their_first_days()
    {
        var life = Life.Under("""
            definition: x
            tracks:
              lifecycle:
                - stage: slow
                  when: count(session_start in first 7 days) < 2
                - stage: keen
                  when: count(session_start in first 7 days) >= 2
            """);
        life.At(20).Does("session_start").At(22).Does("session_start").Is("keen").At(30).DidLate(10, "page_viewed").Is("slow").Since(30);
    }

    [Fact]
    public void Blocks_of_seven_days_are_counted_back_from_the_clock()
    {
        var life = Under("visits: weeks(session_start in 28 days)");
        foreach (var day in new[] { 10.0, 17, 24, 31 }) life.At(day).Does("session_start");
        Assert.Equal(4, Number(life, Life.Day(31)));
        // What happened exactly seven days ago is in the block before this one.
        Assert.Equal(4, Number(life, Life.Day(38) - Duration.FromMilliseconds(1)));
        Assert.Equal(3, Number(life, Life.Day(38)));
        var bunched = Under("visits: weeks(session_start)");
        foreach (var day in new[] { 10.0, 10.5, 12, 16.9, 17 }) bunched.At(day).Does("session_start");
        Assert.Equal(2, Number(bunched, Life.Day(17)));
        Assert.Equal(1, Number(bunched, Life.Day(17) - Duration.FromMilliseconds(1), inputs: 4));
    }

    [Fact]
    public void What_brought_the_customer_into_a_stage_does_not_count_in_it()
    {
        var life = Life.Under("""
            definition: x
            tracks:
              lifecycle:
                - stage: a
                - stage: b
                  when: count(session_start) >= 2
                - stage: c
                  when: stage == b and count(session_start in this stage) >= 2
                  keep: true
            """);
        life.At(0).Does("session_start").At(1).Does("session_start").Is("b").At(2).Does("session_start").Is("b").At(3).Does("session_start").Is("c").Since(3);
    }

    [Fact]
    public void The_usual_gap_is_the_median_of_the_last_five_between_days()
    {
        var life = Under("visits: default(typical_gap(session_start), 0 days) / 1 day");
        var day = 0.0;
        decimal[] medians = [0, 0, 0, 3, 2.5m, 3, 4];
        double[] gaps = [0, 3, 1, 4, 2, 9, 5];
        foreach (var (gap, median) in gaps.Zip(medians))
        {
            day += gap;
            life.At(day).Does("session_start").At(day + 0.1).Does("session_start");
            Assert.Equal(median, Number(life, Life.Day(day + 0.1)));
        }
    }

    [Fact]
    public void Steps_of_a_rounded_duration_are_foreseen()
    {
        var life = Life.Under("""
            definition: x
            tracks:
              lifecycle:
                - stage: new
                - stage: tenth_day
                  when: floor(age / 1 day) == 10
                - stage: later
                  from: [tenth_day]
                  when: round(age / 1 day) > 10 and ceil(age / 1 day) >= 12
            """);
        life.At(0).Does("session_start").Until(20).Is("later");
        Assert.Equal([Life.Day(0), Life.Day(10), Life.Day(11) + Duration.FromMilliseconds(1)], life.Facts.Where(fact => fact.Fact is StageChanged).Select(fact => fact.Clock));
    }

    private static Life Under(string metric) => Life.Under($"""
        definition: x
        zone: Europe/Berlin
        metrics:
          {metric}
        tracks:
          lifecycle:
            - stage: a
            - stage: b
              when: visits >= 1000000
        """);

    private static void DoesAt(Life life, Instant at) => life.At((at - Life.Birth).TotalDays).Does("session_start");

    private static decimal Number(Life life, Instant at, int inputs = int.MaxValue)
    {
        var read = inputs == int.MaxValue ? life : Again(life, inputs);
        return read.Release.Metrics[0].Term.Evaluate(read.Release.Read(read.State, at)).Magnitude;
    }

    private static Instant Next(Life life, Instant at) => life.Release.Metrics[0].Term.NextChange(life.Release.Read(life.State, at));

    private static Life Again(Life life, int inputs)
    {
        var again = Life.Under(life.Definition);
        foreach (var input in life.Inputs.Take(inputs)) again.At((input.Clock - Life.Birth).TotalDays).Takes(input.Input);
        return again;
    }

    private static Instant Local(int year, int month, int day, int hour, int minute) =>
        new LocalDateTime(year, month, day, hour, minute).InZoneStrictly(Berlin).ToInstant();
}
