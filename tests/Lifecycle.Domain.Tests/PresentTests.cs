using Lifecycle.Domain.Events;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>Who is in the present stays there: what is imported for them later is late, and no history is told again.</summary>
public sealed class PresentTests
{
    private const string Game = """
        definition: game
        zone: UTC
        events:
          order_completed: { revenue: number }
          session_start: {}
        tracks:
          lifecycle:
            - stage: active
            - stage: buyer
              when: count(order_completed) >= 2
              keep: default(since(last(any)), age) < 14 days
            - stage: decline
              when: default(since(last(any)), age) >= 14 days
        points:
          earn:
            - event: order_completed
              points: 10
          expire: 10 days
        """;

    private const string WinBack = """
        journey: win-back
        kind: win-back
        trigger: enter decline
        steps:
          - send: { channel: webhook, template: miss-you }
        """;

    private static Life Imported => Life.Under(Game, WinBack).At(0).Does("session_start", imported: true).At(5).TakesShardInput(new HistoryClosed());

    private static Touchpoint Order => new("order_completed", Properties.None);

    [Fact]
    public void A_second_import_keeps_nobody_from_what_time_brings_meanwhile()
    {
        var life = Imported.At(6).TakesShardInput(new HistoryOpened()).Takes(new Touchpoint("session_start", Properties.None), Life.Day(0.5), imported: true);
        Assert.Equal(Life.Day(14.5), life.NextReview);
        life.Until(15).Is("decline").Since(14.5);
        Assert.Single(life.All<ActionRequested>());
        life.At(16).TakesShardInput(new HistoryClosed());
        Assert.Single(life.All<JourneyStarted>());
    }

    [Fact]
    public void A_row_imported_for_who_is_in_the_present_is_judged_at_the_present_clock()
    {
        var life = Imported.At(6).Takes(Order, Life.Day(-30), imported: true).Takes(Order, Life.Day(-29), imported: true);
        life.Is("buyer").Since(6);
        Assert.Equal(Life.Day(6), life.State.Clock);
    }

    [Fact]
    public void Whoever_has_lived_once_is_in_the_present_for_good()
    {
        var life = Life.Under(Game, WinBack).At(0).Does("session_start").At(1).TakesShardInput(new HistoryOpened());
        life.Takes(Order, Life.Day(-3), imported: true).Restarts().Until(20).Is("decline").Since(14);
        Assert.Single(life.All<ActionRequested>());
    }

    [Fact]
    public void Points_for_what_is_imported_late_expire_when_they_would_have_if_earned_when_it_occurred()
    {
        var life = Imported.At(6).Takes(Order, Life.Day(3), imported: true);
        Assert.Equal(10m, life.State.Decisions.Points.Balance);
        life.Until(14);
        Assert.InRange(life.Only<PointsExpired>().Clock, Life.Day(3 + 10), Life.Day(3 + 10 + 1));
    }

    [Fact]
    public void Points_whose_time_is_long_over_are_earned_and_expire_at_once()
    {
        var life = Imported.At(6).Takes(Order, Life.Day(-60), imported: true);
        Assert.Equal((10m, 0m), (life.All<PointsExpired>().Single().Points, life.State.Decisions.Points.Balance));
        Assert.Equal(Life.Day(6), life.Only<PointsExpired>().Clock);
        Assert.True(life.NextReview > Life.Day(6));
    }

    [Fact]
    public void Nothing_starts_for_who_is_not_in_the_present_yet()
    {
        var life = Life.Under(Game, WinBack).At(0).Does("session_start", imported: true).At(40).Does("session_start", imported: true);
        Assert.Equal(Instants.Never, life.NextReview);
        Assert.Empty(life.All<JourneyStarted>());
        Assert.False(life.State.InPresent);
    }
}
