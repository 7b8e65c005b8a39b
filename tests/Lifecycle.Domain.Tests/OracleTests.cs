using Lifecycle.Domain.Tests.Oracle;
using NodaTime;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>The oracle itself against what was reckoned by hand.</summary>
public sealed class OracleTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 20, 0, 0);

    [Theory]
    [InlineData("in", 48, 0, 48, 1)] // The event at hour 0 has left the window at hour 48 to the millisecond.
    [InlineData("in", 49, 0, 48, 2)]
    [InlineData("from", 48, 24, 24, 1)] // It enters a window that ends a day ago exactly a day later.
    [InlineData("from", 48, 25, 24, 0)]
    public void Sliding_windows_are_open_where_they_begin_and_closed_where_they_end(string form, int from, int to, int hour, int expected) =>
        Assert.Equal(expected, Reckoned("count", new ModelWindow(form, from, to), hour, Played(0), Played(30)));

    [Theory]
    [InlineData(9 * 24 + 21, "today", 1)] // Sunday 29 March 2026 begins in Berlin at 23:00 and ends, an hour short, at 22:00: at 21:00 it is not over.
    [InlineData(9 * 24 + 22, "today", 0)]
    [InlineData(9 * 24 + 21, "week", 2)] // The week from Monday the 23rd holds both.
    [InlineData(9 * 24 + 22, "week", 0)]
    [InlineData(12 * 24 - 3, "month", 2)]
    [InlineData(12 * 24 - 2, "month", 0)]
    public void Calendar_windows_follow_the_clocks_of_the_zone(int hour, string form, int expected) =>
        Assert.Equal(expected, Reckoned("count", new ModelWindow(form), hour, Played(4 * 24), Played(8 * 24 + 23)));

    [Theory]
    [InlineData("days", 3)]
    [InlineData("weeks", 2)] // Ages 240, 239 and 0 hours lie in the second, the second and the first block of 168.
    [InlineData("count", 3)]
    public void Days_are_dates_and_weeks_are_blocks_counted_back_from_the_clock(string function, int expected) =>
        Assert.Equal(expected, Reckoned(function, ModelWindow.Always, 10 * 24 + 22, Played(22), Played(23), Played(10 * 24 + 22)));

    [Fact]
    public void A_typical_gap_is_the_median_of_the_last_five_between_days()
    {
        ModelEvent[] played = [Played(0), Played(24), Played(3 * 24), Played(4 * 24 + 1), Played(10 * 24)]; // Gaps of 1, 2, 1 and 6 days.
        Assert.Equal(1.5m * 24 * BruteForce.Hour, Reckoned("typical_gap", ModelWindow.Always, 10 * 24, played));
        Assert.Null(Reckoned("typical_gap", ModelWindow.Always, 10 * 24, played[..3]));
    }

    [Fact]
    public void A_debt_is_paid_first_and_lots_expire_at_the_end_of_their_date()
    {
        var life = new BruteForce(new Model("UTC", Start, [], [], new ModelPoints(
            [new Earning("order_completed", null, new Property("revenue", "money", true))], 24)));
        life.Take(Order(0, "order_completed", 10));
        life.Take(Order(1, "order_refunded", -25));
        life.Take(Order(2, "order_completed", 40));
        life.LiveTo(Start.ToUnixTimeMilliseconds() + 50 * BruteForce.Hour);
        Assert.Equal(
            ["0 points_earned 10 10 order_completed", "1 points_earned -25 -15 order_refunded", "2 points_earned 40 25 order_completed", "48 points_expired 25 0"],
            life.Facts.Select(fact => $"{(fact.Clock - Start).TotalHours} {fact.Said}"));
    }

    [Fact]
    public void A_stage_is_confirmed_kept_and_left_with_its_grace_at_their_milliseconds()
    {
        Phrase Count(int hours) => new Aggregated(new ModelAggregate { Function = "count", Events = ["played"], Window = new ModelWindow("in", hours) });
        var track = new ModelTrack("life",
        [
            new ModelStage("a") { When = new Compared(Count(10), "<", Constants.Number(1)) },
            new ModelStage("b") { When = new Compared(Count(10), ">=", Constants.Number(2)), Keep = new Compared(Count(10), ">=", Constants.Number(1)), Confirm = 3,
                Benefits = ["gold_mount"], Grace = 5 },
        ]);
        var life = new BruteForce(new Model("UTC", Start, [], [track], null));
        foreach (var hour in (int[])[0, 2]) life.Take(Played(hour));
        life.LiveTo(Start.ToUnixTimeMilliseconds() + 40 * BruteForce.Hour);
        Assert.Equal(
            ["0 stage_changed life - a event", "5 stage_changed life a b time", "5 benefit_granted gold_mount life b", "12 stage_changed life b a time",
                "17 benefit_revoked gold_mount"],
            life.Facts.Select(fact => $"{(fact.Clock - Start).TotalHours} {fact.Said}"));
    }

    private static decimal? Reckoned(string function, ModelWindow window, int hour, params ModelEvent[] events)
    {
        var phrase = new Aggregated(new ModelAggregate { Function = function, Events = ["played"], Window = window });
        var life = new BruteForce(new Model("Europe/Berlin", Start, [new NamedMetric("m", phrase)], [], null));
        foreach (var e in events.Where(e => e.Arrives <= Start + Duration.FromHours(hour))) life.Take(e);
        return life.Reckon(phrase, Start + Duration.FromHours(hour)) is { IsMissing: false } value ? value.Amount : null;
    }

    private static ModelEvent Played(int hour) => new(hour, Start + Duration.FromHours(hour), Start + Duration.FromHours(hour), "played", []);

    private static ModelEvent Order(int hour, string name, decimal revenue) => Played(hour) with { Name = name, Properties = [("revenue", revenue)] };
}
