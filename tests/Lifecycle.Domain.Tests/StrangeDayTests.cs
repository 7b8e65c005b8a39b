using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>Days that a zone skipped, that come twice, or that end after the next has begun; and times without an offset.</summary>
public sealed class StrangeDayTests
{
    private static readonly DateTimeZone Apia = DateTimeZoneProviders.Tzdb["Pacific/Apia"];
    private static readonly DateTimeZone Kwajalein = DateTimeZoneProviders.Tzdb["Pacific/Kwajalein"];
    private static readonly DateTimeZone StJohns = DateTimeZoneProviders.Tzdb["America/St_Johns"];

    [Fact]
    public void A_skipped_day_begins_and_ends_where_the_gap_ends()
    {
        var gap = Instant.FromUtc(2011, 12, 30, 10, 0);
        Assert.Equal(gap, Dates.StartOf(new LocalDate(2011, 12, 30), Apia));
        Assert.Equal(gap, Dates.StartOf(new LocalDate(2011, 12, 31), Apia));
        var life = Life.Under("""
            definition: x
            zone: Pacific/Apia
            customer: { since: date, seen: time }
            metrics:
              seen: count(session_start today)
              days: days(session_start in 3 calendar days)
            tracks:
              lifecycle:
                - stage: out
                  when: seen == 0
                - stage: in
                  when: seen >= 1
            """);
        Does(life, Instant.FromUtc(2011, 12, 29, 20, 0)).Is("in");
        Assert.Equal(gap, life.NextReview);
        Until(life, gap).Is("out");
        Does(life, Instant.FromUtc(2011, 12, 31, 0, 0)).Is("in");
        Assert.Equal(2, life.Release.Metrics[1].Term.Evaluate(life.Release.Read(life.State, life.State.Clock)).Magnitude);
        life.Takes(new ProfileChanged(Properties.Parse("""{"since":"2011-12-30","seen":"2011-12-30"}""")));
        Assert.Equal(gap, Conversions.Read(life.State.History.AttributeOf("seen"), Lifecycle.Domain.Values.RuleType.Time, Apia).Time);
    }

    [Fact]
    public void A_day_that_comes_twice_is_one_day()
    {
        var day = new LocalDate(1969, 9, 30);
        var start = Dates.StartOf(day, Kwajalein);
        Assert.Equal(47, (Dates.StartOf(day.PlusDays(1), Kwajalein) - start).TotalHours);
        for (var hour = 0; hour < 47; hour++) Assert.Equal(day, Dates.Of(start + Duration.FromHours(hour), Kwajalein));
        var life = Life.Under("""
            definition: x
            zone: Pacific/Kwajalein
            metrics:
              days: days(session_start)
            tracks:
              lifecycle:
                - stage: seen
                  when: count(session_start today) >= 1
                - stage: unseen
                  when: count(session_start today) == 0
            """);
        Does(life, start + Duration.FromHours(1)).Is("seen");
        Does(life, start + Duration.FromHours(46)).Is("seen");
        Assert.Equal(1, life.Release.Metrics[0].Term.Evaluate(life.Release.Read(life.State, life.State.Clock)).Magnitude);
        Until(life, start + Duration.FromHours(47)).Is("unseen");
    }

    [Fact]
    public void What_clocks_repeat_of_a_day_whose_next_has_begun_belongs_to_the_next()
    {
        var start = Instant.FromUtc(2010, 11, 7, 2, 30); // A minute later clocks went back to 23:01.
        Assert.Equal(start, Dates.StartOf(new LocalDate(2010, 11, 7), StJohns));
        Assert.Equal(new LocalDate(2010, 11, 6), Dates.Of(start - Duration.FromMilliseconds(1), StJohns));
        for (var minute = 0; minute < 24 * 60; minute++) Assert.Equal(new LocalDate(2010, 11, 7), Dates.Of(start + Duration.FromMinutes(minute), StJohns));
    }

    [Theory]
    [InlineData("2026-01-15T00:30:00", "2026-01-15T00:30:00.000Z")]
    [InlineData("2026-01-15T00:30:00-05:00", "2026-01-15T05:30:00.000Z")]
    [InlineData("2026-01-15", "2026-01-15T05:00:00.000Z")]
    public void A_time_without_offset_is_in_UTC_and_a_date_alone_the_start_of_the_day_in_the_zone(string written, string expected)
    {
        var life = Life.Under("""
            definition: x
            zone: America/New_York
            customer: { seen: time }
            events: { w: { seen: time } }
            metrics:
              attribute: customer.seen
              property: latest(w.seen)
            tracks:
              lifecycle:
                - stage: a
            """);
        life.At(0).Does("w", $$"""{"seen":"{{written}}"}""").Takes(new ProfileChanged(Properties.Parse($$"""{"seen":"{{written}}"}""")));
        foreach (var metric in life.Release.Metrics) Assert.Equal(expected, metric.Term.Evaluate(life.Release.Read(life.State, Life.Day(0))).ToString());
    }

    [Fact]
    public void A_life_before_1970_is_lived_like_any_other()
    {
        var life = Life.Under("""
            definition: x
            tracks:
              lifecycle:
                - stage: quiet
                  when: count(session_start in 2 days) == 0
                - stage: active
                  when: count(session_start in 2 days) >= 1
            """);
        Does(life, Instant.FromUtc(1969, 3, 1, 0, 0)).Is("active");
        Until(life, Instant.FromUtc(1969, 4, 1, 0, 0)).Is("quiet");
        Assert.Equal(Instant.FromUtc(1969, 3, 3, 0, 0), life.State.Decisions.In("lifecycle")!.Since);
    }

    private static Life Does(Life life, Instant at) => life.At((at - Life.Birth).TotalDays).Does("session_start");

    private static Life Until(Life life, Instant at) => life.Until((at - Life.Birth).TotalDays);
}
