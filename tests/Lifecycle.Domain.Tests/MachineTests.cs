using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Xunit;

namespace Lifecycle.Domain.Tests;

public sealed class MachineTests
{
    private const string Game = """
        definition: game
        zone: UTC
        currency: EUR
        events:
          order_completed: { revenue: money }
          session_start: {}
        metrics:
          idle: default(since(last(session_start)), age)
          purchases: count(order_completed)
        tracks:
          lifecycle:
            - stage: exploration
            - stage: returned
              from: [decline]
              when: count(session_start in 7 days) >= 2
            - stage: formation
              from: [exploration, returned]
              when: purchases >= 2
            - stage: decline
              when: idle >= 14 days
              keep: idle >= 3 days
        """;

    private const string WinBack = """
        journey: win-back
        kind: win-back
        trigger: enter decline
        exit: stage != decline
        again: after 90 days
        steps:
          - send: { channel: webhook, template: miss-you }
          - wait: 3 days
          - send: { channel: webhook, template: new-server }
        """;

    private const string Caps = """
        settings: game
        caps:
          webhook: 1 in 24 hours
        """;

    [Fact]
    public void Silence_takes_effect_at_its_own_instant_however_late_anyone_looks()
    {
        var life = Life.Under(Game).At(0).Does("session_start").Until(300);
        life.Is("decline").Since(14);
        Assert.Equal(MoveCause.Time, life.All<StageChanged>().Last().Cause);
    }

    [Fact]
    public void A_late_event_changes_the_present_and_rewrites_nothing()
    {
        var life = Life.Under(Game).At(0).Does("session_start").Until(20).Is("decline");
        life.At(20).DidLate(19, "session_start").Is("decline"); // One session in seven days is not a return, and idle again under three days keeps nobody.
        life.At(20.5).Does("session_start").Is("returned").Since(20.5);
        Assert.Equal("exploration decline returned", life.Path());
    }

    [Fact]
    public void A_fall_silent_starts_the_journey_and_a_return_ends_it_before_its_next_step()
    {
        var life = Life.Under(Game, WinBack).At(0).Does("session_start").Until(15);
        Assert.Equal(Life.Day(14), life.Only<ActionRequested>().Clock);
        life.At(15).Does("session_start").At(15.5).Does("session_start").Is("returned").Until(40);
        Assert.Equal("exit", Assert.IsType<JourneyEnded>(life.Facts.First(fact => fact.Fact is JourneyEnded).Fact).Because);
        Assert.Single(life.All<ActionRequested>(), request => request.Template == "miss-you" && request.Enrolment == 1);
        Assert.DoesNotContain(life.All<ActionRequested>(), request => request.Enrolment == 1 && request.Template == "new-server");
    }

    [Fact]
    public void Nobody_is_enrolled_again_before_the_pause_is_over()
    {
        var life = Life.Under(Game, WinBack).At(0).Does("session_start").Until(30);
        life.At(30).Does("session_start").At(30.1).Does("session_start").Until(50).Is("decline");
        Assert.Single(life.All<JourneyStarted>());
        life.At(120).Does("session_start").At(120.1).Does("session_start").Until(140);
        Assert.Equal(2, life.All<JourneyStarted>().Count());
    }

    [Fact]
    public void Consent_that_is_gone_withholds_and_says_so()
    {
        var life = Life.Under(Game, WinBack).At(0).Does("session_start").Does("consent_updated", """{"channel":"webhook","granted":false}""").Until(40);
        Assert.All(life.All<ActionWithheld>(), withheld => Assert.Equal("consent", withheld.Because));
        Assert.Empty(life.All<ActionRequested>());
    }

    [Fact]
    public void A_frequency_cap_withholds_what_comes_too_soon_and_not_what_was_never_sent()
    {
        var hasty = WinBack.Replace("3 days", "2 hours", StringComparison.Ordinal);
        var life = Life.Under(Game, hasty, Caps).At(0).Does("session_start").Until(20);
        Assert.Equal("cap", Assert.Single(life.All<ActionWithheld>()).Because);

        var other = Life.Under(Game, hasty, Caps).At(0).Does("session_start").Until(14);
        var key = Assert.Single(other.All<ActionRequested>()).Key;
        other.At(14.01).Takes(new ActionOutcome(key, 0, 1, Outcome.Withheld, null, "no_endpoint")).Until(20);
        Assert.Equal(2, other.All<ActionRequested>().Count());
    }

    [Fact]
    public void Imported_history_moves_stages_and_starts_nothing()
    {
        var life = Life.Under(Game, WinBack).At(0).Does("session_start", imported: true).At(100).Does("session_start", imported: true);
        life.Is("decline").Since(14);
        Assert.Equal(Instants.Never, life.NextReview);
        life.At(200).TakesShardInput(new HistoryClosed());
        life.Is("decline").Since(14);
        Assert.Empty(life.All<JourneyStarted>());
        life.Until(500);
        Assert.Empty(life.All<JourneyStarted>());
    }

    [Fact]
    public void What_others_say_of_a_customer_whose_history_is_open_does_not_pull_them_into_the_present()
    {
        var life = Life.Under(Game).At(0).Does("session_start", imported: true);
        life.At(300).Takes(new IdentityClaimed("other"));
        Assert.Equal(Life.Day(0), life.State.Clock);
        life.At(5).Does("session_start", imported: true).At(19).TakesShardInput(new HistoryClosed());
        life.Is("decline").Since(19);
    }

    [Fact]
    public void After_history_is_closed_the_next_fall_silent_starts_the_journey()
    {
        var life = Life.Under(Game, WinBack).At(0).Does("session_start", imported: true).At(10).TakesShardInput(new HistoryClosed());
        life.Until(20).Is("decline").Since(14);
        Assert.Single(life.All<JourneyStarted>());
    }

    [Fact]
    public void A_release_refolds_history_keeps_standing_and_judges_once()
    {
        var stricter = Game.Replace("purchases >= 2", "purchases >= 1 and count(session_start) >= 3", StringComparison.Ordinal);
        var life = Life.Under(Game).At(0).Does("session_start").Does("order_completed").At(1).Does("session_start").At(2).Does("session_start").Is("exploration");
        life.At(5).Publishes(stricter).Is("formation").Since(5);
        var move = life.All<StageChanged>().Last();
        Assert.Equal((MoveCause.Activation, 2), (move.Cause, move.Release));
        life.Until(17).Is("decline").Since(16);
    }

    [Fact]
    public void A_customer_whose_stage_is_gone_begins_in_the_first()
    {
        var renamed = Game.Replace("decline", "silent", StringComparison.Ordinal).Replace("14 days", "900 days", StringComparison.Ordinal);
        var life = Life.Under(Game).At(0).Does("session_start").Until(20).Is("decline");
        life.At(21).Publishes(renamed).Is("exploration").Since(21);
        Assert.Equal(("decline", "exploration"), (life.All<StageChanged>().Last().From, life.All<StageChanged>().Last().To));
    }

    [Fact]
    public void A_track_that_was_dropped_goes_on_where_it_was_when_it_comes_back()
    {
        var tiers = Game + """

              vip:
                - stage: none
                - stage: buyer
                  when: purchases >= 1
            """;
        var life = Life.Under(tiers).At(0).Does("order_completed").Is("buyer", "vip");
        life.At(1).Publishes(Game).At(2).Does("order_completed").At(3).Publishes(tiers).Is("buyer", "vip").Since(0, "vip");
        Assert.Equal("none buyer", life.Path("vip"));
    }

    [Fact]
    public void A_release_starts_no_journey_for_those_it_moves()
    {
        var sooner = Game.Replace("idle >= 14 days", "idle >= 5 days", StringComparison.Ordinal);
        var life = Life.Under(Game, WinBack).At(0).Does("session_start").At(8).Publishes(sooner, WinBack).Is("decline");
        Assert.Empty(life.All<JourneyStarted>());
    }

    [Fact]
    public void A_link_is_carried_over_and_what_was_carried_too_often_is_refused()
    {
        var life = Life.Under(Game).Takes(new IdentityLinked("old-id"), hops: 0);
        Assert.Equal(1, Assert.Single(life.All<CarriedOver>()).Hops);
        life.Takes(new IdentityLinked("old-id"), hops: CustomerMachine.HopsMax - 1);
        Assert.Equal(CustomerMachine.HopsMax, Assert.Single(life.All<CarryRefused>()).Hops);
        Assert.Single(life.All<CarriedOver>());
    }

    [Fact]
    public void Rules_that_chase_their_own_tail_come_to_rest_and_are_counted()
    {
        const string tail = """
            definition: tail
            zone: UTC
            currency: EUR
            events:
              session_start: {}
            tracks:
              lifecycle:
                - stage: one
                  when: count(session_start) >= 1
                - stage: two
                  when: count(session_start) >= 1
                  keep: count(session_start) >= 100
            """;
        var life = Life.Under(tail).At(0).Does("session_start");
        Assert.Equal("one two", life.Path());
        Assert.Single(life.All<StageConflict>());
        life.Until(100);
        Assert.Equal(3, life.Facts.Count);
    }

    [Fact]
    public void Facts_name_their_cause_and_their_ids_repeat()
    {
        var (one, two) = (Life.Under(Game, WinBack).At(0).Does("session_start").Until(30), Life.Under(Game, WinBack).At(0).Does("session_start").Until(30));
        Assert.Equal(one.Facts, two.Facts);
        Assert.Equal(one.Facts.Count, one.Facts.Select(fact => fact.Id).Distinct().Count());
    }

    [Fact]
    public void A_move_is_explained_by_its_condition_with_every_value_and_the_deciding_events()
    {
        var life = Life.Under(Game).At(0).Does("order_completed").At(1).Does("order_completed").Is("formation");
        var because = life.All<StageChanged>().Last().Because!;
        Assert.Equal("purchases >= 2", because.Text);
        var purchases = because.Parts[0];
        Assert.Equal((ExplanationKind.Metric, "purchases", 2m), (purchases.Kind, purchases.Text, purchases.Value.Magnitude));
        Assert.Equal([life.Inputs[1].Id, life.Inputs[0].Id], purchases.Parts[0].Events.AsEnumerable());
    }
}
