using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Outlook;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Values;
using NodaTime;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>What lies ahead of a customer who stays silent, and what keeps them from where they could be.</summary>
public sealed class StageOutlookTests
{
    private const string Game = """
        definition: game
        zone: UTC
        currency: EUR
        customer: { country: text }
        events:
          order_completed: { revenue: money }
          session_start: {}
        metrics:
          idle: default(since(last(session_start)), age)
          purchases: count(order_completed)
          spend: sum(order_completed.revenue)
          active_days: days(session_start in 28 days)
        tracks:
          lifecycle:
            - stage: exploration
            - stage: returned
              from: [decline]
              when: count(session_start in 7 days) >= 2
            - stage: formation
              from: [exploration, returned]
              when: purchases >= 2 and active_days >= 3
            - stage: stability
              when: count(order_completed in 90 days) > 3.5 and active_days >= 3
              confirm: 3 days
              minimum stay: 20 days
            - stage: decline
              when: idle >= 14 days
              keep: idle >= 3 days
        """;

    [Fact]
    public void A_player_who_stays_silent_declines_at_the_very_instant()
    {
        var outlook = Of(Game, Life.Under(Game).At(0).Does("session_start").At(2).Does("session_start"), day: 5);
        Assert.Equal((Life.Day(5), Life.Day(405)), (outlook.Clock, outlook.Until));
        var move = Assert.Single(outlook.Moves);
        Assert.Equal((Life.Day(16), "lifecycle", "exploration", "decline", MoveCause.Time),
            (move.At, move.Change.Track, move.Change.From, move.Change.To, move.Change.Cause));
        Assert.Equal("idle >= 14 days", move.Change.Because!.Text);
    }

    [Fact]
    public void What_was_due_before_the_present_is_behind_and_not_ahead()
    {
        var life = Life.Under(Game).At(0).Does("session_start");
        var outlook = Of(Game, life, day: 20);
        Assert.Equal("decline", outlook.Tracks[0].Present.Name);
        Assert.Empty(outlook.Moves);
        life.Is("exploration"); // The customer themselves has not been touched.
    }

    [Fact]
    public void Counts_are_short_by_whole_events_and_days()
    {
        var outlook = Of(Game, Life.Under(Game).At(0).Does("session_start").Does("order_completed"), day: 1);
        Assert.Equal("1 of 3.5, 3 short; 1 of 3, 2 short", Told(Missing(outlook, "stability")));
        Assert.Equal("1 of 2, 1 short; 1 of 3, 2 short", Told(Missing(outlook, "formation")));
    }

    [Fact]
    public void What_time_alone_will_bring_is_given_with_its_instant()
    {
        var outlook = Of(Game, Life.Under(Game).At(0).Does("session_start"), day: 5);
        var silence = Assert.Single(Missing(outlook, "decline"));
        Assert.Equal(("idle >= 14 days", "P5D", "P14D", "P9D"), (silence.Text, $"{silence.Have}", $"{silence.Need}", $"{silence.Distance}"));
        Assert.Equal(Life.Day(14), silence.At);
        Assert.All(Missing(outlook, "formation"), shortfall => Assert.Null(shortfall.At));
    }

    [Fact]
    public void A_confirmation_and_a_minimum_stay_are_waited_for()
    {
        var life = Life.Under(Game).At(0).Does("session_start").At(1).Does("session_start").At(2).Does("session_start");
        for (var order = 0; order < 4; order++) life.Does("order_completed");
        var confirmed = Reachable(Of(Game, life, day: 3), "stability");
        Assert.True(confirmed.Holds);
        Assert.Empty(confirmed.Missing);
        Assert.Equal((Life.Day(2), Life.Day(5)), (confirmed.HeldSince, confirmed.WaitsUntil));

        var stable = Of(Game, life, day: 18);
        Assert.Equal("stability", stable.Tracks[0].Present.Name);
        Assert.Equal((Life.Day(25), true), (Reachable(stable, "decline").WaitsUntil, Reachable(stable, "decline").Holds));
        Assert.Equal(Life.Day(25), stable.Moves[0].At);
    }

    [Fact]
    public void A_stage_that_keeps_its_customer_blocks_those_before_it()
    {
        var life = Life.Under(Game).At(0).Does("session_start").At(20).Does("session_start").Does("session_start");
        Assert.Equal("returned", Of(Game, life, day: 20).Tracks[0].Present.Name);

        var declined = Of(Game, Life.Under(Game).At(0).Does("session_start").Until(14), day: 15);
        Assert.True(declined.Tracks[0].Keeps);
        Assert.Equal("idle >= 3 days", declined.Tracks[0].Keeping!.Text);
        Assert.True(Reachable(declined, "returned").BlockedByKeep);
        Assert.DoesNotContain(declined.Tracks[0].Reachable, stage => stage.Stage.Name is "formation" or "exploration" or "decline");
    }

    [Fact]
    public void Alternatives_come_nearest_first_and_what_belongs_together_stays_together()
    {
        var any = Assert.Single(MissingOf("purchases >= 10 or (spend >= 100 and purchases >= 2) or idle >= 8 days or customer.country == 'CN'"));
        string[] nearestFirst = ["idle >= 8 days", "purchases >= 10", "customer.country == 'CN'", "spend >= 100 and purchases >= 2"];
        Assert.Equal(nearestFirst, any.Any.Select(part => part.Text));
        Assert.Equal(["spend >= 100", "purchases >= 2"], any.Any[3].All.Select(part => part.Text));
        Assert.Equal(Life.Day(8), any.At);
        Assert.True(any.Distance.IsMissing);
    }

    [Fact]
    public void Alternatives_of_an_alternative_are_alternatives_themselves()
    {
        var any = Assert.Single(MissingOf("(purchases >= 3 or idle >= 8 days) or not (purchases >= 1 and spend < 1000)"));
        Assert.Equal(["purchases >= 3", "idle >= 8 days", "not spend < 1000", "not purchases >= 1"], any.Any.Select(part => part.Text));
    }

    [Fact]
    public void What_must_stop_is_named_with_its_not()
    {
        var stops = MissingOf("not (purchases >= 1 or age < 30 days) and not (spend > 5 and purchases == 1) and stage.life != first");
        string[] texts = ["not purchases >= 1", "not age < 30 days", "not (spend > 5 and purchases == 1)", "stage.life != first"];
        Assert.Equal(texts, stops.Select(part => part.Text));
        Assert.Equal(("1", "1", "1"), ($"{stops[0].Have}", $"{stops[0].Need}", $"{stops[0].Distance}"));
        Assert.Equal(("P28D", Life.Day(30)), ($"{stops[1].Distance}", stops[1].At));
        Assert.Equal(["not purchases == 1", "not spend > 5"], stops[2].Any.Select(part => part.Text).Order(StringComparer.Ordinal));
        Assert.Equal(("first", true), ($"{stops[3].Have}", stops[3].Need.IsMissing));
        Assert.All(stops, stop => Assert.True(stop.Failing.Value == Value.False));
    }

    [Theory]
    [InlineData("spend >= 25", "10", "25", "15")]
    [InlineData("25 <= spend", "10", "25", "15")]
    [InlineData("spend > 10", "10", "10", "0")]
    [InlineData("purchases > 1", "1", "1", "1")]
    [InlineData("purchases < 1", "1", "1", "1")]
    [InlineData("purchases <= 0.5", "1", "0.5", "1")]
    [InlineData("purchases == 4", "1", "4", "3")]
    [InlineData("purchases != 1", "1", "1", "")]
    [InlineData("spend >= 2 * purchases + 20", "10", "22", "12")]
    [InlineData("age > 2 days", "P2D", "P2D", "PT0.001S")]
    [InlineData("latest(order_completed.sku) == 'gold'", "", "gold", "")]
    [InlineData("customer.country in ['CN', 'TW']", "", "", "")]
    [InlineData("since(last(session_start)) >= 1 day", "", "P1D", "")]
    public void A_distance_is_what_is_left_in_the_direction_of_the_comparison(string when, string have, string need, string distance)
    {
        var missing = Assert.Single(MissingOf(when));
        Assert.Equal((have, need, distance), ($"{missing.Have}", $"{missing.Need}", $"{missing.Distance}"));
    }

    [Fact]
    public void An_outlook_is_bounded_however_the_rules_chase_and_multiply()
    {
        var many = string.Join(" and ", Enumerable.Range(2, 40).Select(least => $"(purchases >= {least} or spend >= {1000 + least})"));
        Assert.Equal(ReachableStage.MissingMax, MissingOf(many).Sum(Nodes));

        const string restless = """
            definition: restless
            zone: UTC
            tracks:
              life:
                - stage: here
                  when: time_in_stage >= 1 hour
                  keep: age < 0 days
                - stage: there
                  when: time_in_stage >= 1 hour
                  keep: age < 0 days
            """;
        var outlook = Of(restless, Life.Under(restless).At(0).Does("session_start"), day: 0);
        Assert.Equal(StageOutlook.MovesMax, outlook.Moves.Length);
        Assert.Equal(Life.Birth + Duration.FromHours(50), outlook.Until);
        Assert.Equal(outlook.Until, outlook.Moves[^1].At);

        static int Nodes(Shortfall shortfall) => 1 + shortfall.Any.Sum(Nodes) + shortfall.All.Sum(Nodes);
    }

    [Fact]
    public void Whoever_is_known_by_open_history_alone_is_seen_from_their_own_clock_and_starts_nothing()
    {
        const string journey = """
            journey: win-back
            kind: win-back
            trigger: enter decline
            steps:
              - send: { channel: webhook, template: miss-you }
            """;
        var life = Life.Under(Game, journey).At(0).Does("session_start", imported: true);
        var before = StateCodec.Write(life.State);
        var outlook = Of(Game, life, day: 0, journey);
        Assert.Equal((Life.Day(0), Life.Day(14)), (outlook.Clock, Assert.Single(outlook.Moves).At));
        Assert.Equal(before, StateCodec.Write(life.State));
        Assert.Empty(life.State.Decisions.Participations);
    }

    [Fact]
    public void Of_someone_who_is_nowhere_yet_nothing_is_said()
    {
        var outlook = Of(Game, Life.Under(Game), day: 3);
        Assert.Empty(outlook.Moves);
        Assert.Empty(outlook.Tracks);
    }

    /// <summary>What a condition is missing for a customer of two days with one purchase of 10.</summary>
    private static IReadOnlyList<Shortfall> MissingOf(string when)
    {
        var definition = $$"""
            definition: one
            zone: UTC
            currency: EUR
            customer: { country: text }
            events:
              order_completed: { revenue: money, sku: text }
              session_start: {}
            metrics:
              purchases: count(order_completed)
              spend: sum(order_completed.revenue)
              idle: default(since(last(session_start)), age)
            tracks:
              life:
                - stage: first
              other:
                - stage: low
                - stage: high
                  when: "{{when}}"
            """;
        return Missing(Of(definition, Life.Under(definition).At(0).Does("order_completed", """{"revenue":10}"""), day: 2), "high");
    }

    private static StageOutlook Of(string definition, Life life, double day, params string[] journeys)
    {
        var release = MachineRun.Compile(definition, journeys)!;
        return StageOutlook.Of(new CustomerMachine("tests", _ => release), life.State, release, Life.Day(day));
    }

    private static ReachableStage Reachable(StageOutlook outlook, string stage) =>
        outlook.Tracks.SelectMany(track => track.Reachable).Single(reachable => reachable.Stage.Name == stage);

    private static IReadOnlyList<Shortfall> Missing(StageOutlook outlook, string stage) => Reachable(outlook, stage).Missing;

    private static string Told(IReadOnlyList<Shortfall> missing) =>
        string.Join("; ", missing.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Have} of {part.Need}, {part.Distance} short")));
}
