using System.Text;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Testing;
using Lifecycle.Wording;
using NodaTime;

namespace Lifecycle.Projections.Tests.Wording;

/// <summary>Whole lives, as somebody reads them from the first move to the last.</summary>
public sealed class StageWordsTests
{
    private const string Game = """
        definition: game
        zone: Asia/Shanghai
        currency: CNY
        events:
          order_completed: { revenue: money }
        metrics:
          purchases: count(order_completed)
          purchases_90d: count(order_completed in 90 days)
          spend_30d: sum(order_completed.revenue in 30 days)
          spend_before: sum(order_completed.revenue from 60 days to 30 days ago)
          spend_365d: sum(order_completed.revenue in 365 days)
          active_days_28: days(session_start in 28 days)
          idle: default(since(last(session_start)), age)
        tracks:
          lifecycle:
            - stage: exploration
              title: { en: Exploration, zh: 考察期 }
            - stage: returned
              title: { en: Returned, zh: 回归期 }
              from: [decline]
              when: count(session_start in 7 days) >= 2
            - stage: formation
              title: { en: Formation, zh: 形成期 }
              from: [exploration, returned]
              when: purchases >= 2 and active_days_28 >= 3
            - stage: stability
              title: { en: Stability, zh: 稳定期 }
              when: purchases_90d >= 6 and active_days_28 >= 12
              keep: active_days_28 >= 8
              confirm: 3 days
              minimum stay: 7 days
            - stage: decline
              title: { en: decline, zh: 退化期 }
              when: idle >= 14 days or (stage == stability and spend_30d < 0.4 * spend_before)
              keep: idle >= 3 days or spend_30d < 0.8 * spend_before
          vip:
            - stage: none
              title: { en: No tier, zh: 普通 }
              when: spend_365d < 500
            - stage: silver
              title: { en: Silver, zh: 白银会员 }
              when: spend_365d >= 500
              keep: spend_365d >= 400
        """;

    private const string Order = """{"revenue":100,"currency":"CNY"}""";

    /// <summary>Every kind of clause, each brought about by time alone.</summary>
    private const string Fading = """
        definition: fading
        currency: CNY
        customer: { country: text, vip: truth }
        events:
          order_completed: { revenue: money }
        metrics:
          spend: sum(order_completed.revenue in 14 days)
          spend_before: sum(order_completed.revenue from 20 days to 14 days ago)
        tracks:
          lifecycle:
            - stage: here
            - stage: fewer
              when: days(session_start in 7 days) < 3 and spend >= 50
            - stage: unrewarded
              from: [fewer]
              when: spend < 50 and spend_before >= 50
            - stage: aging
              when: age >= 30 days and count(session_start today) == 0
              confirm: 3 days
            - stage: returned
              from: [aging]
              when: not known(customer.country) and stage == aging and since(last(order_completed)) >= 40 days
              keep: not known(customer.country)
            - stage: lost
              group: decline
              from: [returned]
              when: not (time_in_stage < 5 days) and not customer.vip
              keep: age >= 30 days
            - stage: back
              from: [lost]
              when: last(session_start in 60 days) > first(session_start) or not known(last(session_start in 60 days))
        """;

    [Fact]
    public void A_player_comes_stays_fades_and_returns()
    {
        var (told, story) = (Told.Under(Game), new StringBuilder());
        told.Daily(0, 15, "session_start");
        told.Daily(16, 21, "session_start").Does("order_completed", Order);
        told.Daily(22, 27, "order_completed", Order);
        told.Daily(28, 40, "session_start");
        Stay("day 40");
        told.At(75);
        Stay("day 75");
        told.At(76).Does("session_start").At(77).Does("session_start");
        Stay("day 77");
        told.At(78).Does("session_start").Does("order_completed", """{"revenue":900,"currency":"CNY"}""");
        told.At(500);
        Stay("day 500");
        foreach (var track in (string[])["lifecycle", "vip"])
        {
            story.Append($"\n{track}\n");
            foreach (var move in told.Moves(track)) story.Append($"  {move.English}\n  {move.Chinese}\n");
        }
        Approved.Matches(story.ToString(), "player", "txt");

        void Stay(string day)
        {
            foreach (var track in (string[])["lifecycle", "vip"])
                story.Append($"{day}, {track}\n  {told.Stay(track).English}\n  {told.Stay(track).Chinese}\n");
        }
    }

    [Fact]
    public void Two_weeks_without_a_session_are_told_with_the_last_one()
    {
        var told = Told.Under(Game).At(0).Does("session_start").At(20);
        Assert.Equal(new BilingualText("Fell to decline because 14 days passed since the last session (3 Nov 14:02).",
            "降至退化期，因为距上次登录（11月3日 14:02）已过 14 天。"), told.Moves().Last());
    }

    [Theory]
    [InlineData("since(last(session_start)) >= 30 seconds", "Rose to special because 30 seconds passed since the last session (3 Nov 14:02).")]
    [InlineData("(n + 1) * 2 > 5", "Rose to special because `(n + 1) * 2` was 12 (more than 5 needed).")]
    [InlineData("n - (n - 2) > 1", "Rose to special because `n - (n - 2)` was 2 (more than 1 needed).")]
    [InlineData("n * 2 + 1 > 5", "Rose to special because “n” times 2 plus 1 was 11 (more than 5 needed).")]
    public void What_is_said_is_so(string rule, string words)
    {
        var told = Told.Under($"""
            definition: truth
            zone: Asia/Shanghai
            metrics:
              n: 4 + count(session_start)
            tracks:
              lifecycle:
                - stage: usual
                - stage: special
                  when: {rule}
            """);
        Assert.Equal(words, told.At(0).Does("session_start").At(1).Moves().Last().English);
    }

    [Fact]
    public void Nobody_is_asked_for_fewer_than_none()
    {
        var told = Told.Under("""
            definition: fewer
            zone: Asia/Shanghai
            metrics:
              usual: days(session_start from 14 days to 7 days ago)
            tracks:
              lifecycle:
                - stage: usual_stage
                - stage: fading
                  when: days(session_start in 7 days) < usual
            """).At(0).Does("session_start");
        Assert.Equal("the number of active days in the last 7 days: fewer than 0, the number of active days from 14 to 7 days ago", told.Lacks("fading").English);
    }

    [Fact]
    public void A_metrics_stage_is_that_of_the_first_track_whoever_asks()
    {
        var told = Told.Under("""
            definition: two
            zone: Asia/Shanghai
            metrics:
              rested: time_in_stage
              tried: count(session_start in this stage)
            tracks:
              main:
                - stage: fresh
                - stage: known
                  when: count(order_completed) >= 1 and rested >= 0 days
                  keep: count(order_completed) >= 1
              other:
                - stage: blue
                - stage: green
                  when: rested >= 3 days and tried >= 1
                  keep: rested >= 1 day
            """);
        told.At(0).Does("session_start").At(2).Does("order_completed").At(3).Does("session_start").At(9);
        Assert.Equal("Rose to green because 3 days passed since the last move in main (5 Nov 14:02) and there was 1 session since the last move in main (at least 1 needed).",
            told.Moves("other").Last().English);
        Assert.Contains("since the first contact", Told.Under("""
            definition: one
            tracks:
              main:
                - stage: fresh
                - stage: known
                  when: age >= 3 days
            """).At(0).Does("session_start").At(9).Moves("main").Last().English, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_weeks_to_come_without_a_session_are_told_as_to_come() => Assert.Equal(
        new BilingualText("Will fall to decline because 14 days will have passed since the last session (3 Nov 14:02).",
            "将降至退化期，因为届时距上次登录（11月3日 14:02）已过 14 天。"),
        Told.Under(Game).At(0).Does("session_start").Coming().Single());

    [Fact]
    public void Whatever_moves_a_player_is_told_as_to_come()
    {
        var told = Told.Under(Fading).Daily(0, 9, "session_start").Does("order_completed", Order);
        Approved.Matches(string.Join('\n', told.Coming().Select(words => $"{words.English}\n{words.Chinese}")), "coming", "txt");
    }

    [Fact]
    public void A_player_who_never_came_is_told_from_the_first_contact()
    {
        var told = Told.Under(Game).At(0).Is("{}").At(20);
        Assert.Equal("Fell to decline because 14 days passed since the first contact (3 Nov 14:02).", told.Moves().Last().English);
        Assert.Equal("Still in decline: the first contact was 20 days ago (3 Nov 14:02; at least 3 days to stay).", told.Stay().English);
    }

    [Fact]
    public void A_stage_without_rules_says_that_nobody_was_claimed() =>
        Assert.Equal(new BilingualText("Still in Exploration: no rule has claimed them yet.", "仍在考察期：尚无规则将其移出。"),
            Told.Under(Game).At(0).Does("session_start").Stay());

    [Theory]
    [InlineData(MoveCause.Override, "Moved to gold by decision of a person.", "转入 gold，由人工决定。")]
    [InlineData(MoveCause.Activation, "Moved to gold when release 3 came into force.", "版本 3 生效时转入 gold。")]
    [InlineData(MoveCause.Event, "Moved to gold.", "转入 gold。")]
    public void What_no_condition_decided_is_told_by_its_cause(MoveCause cause, string english, string chinese)
    {
        var change = new StageChanged("vip", "none", "gold", 3, cause, null, null);
        var words = StageWords.MoveOf(change, WordingContext.Of(Release.None, Instant.FromUtc(2026, 1, 1, 0, 0)));
        Assert.Equal(english, words.English);
        Assert.Equal(chinese, words.Chinese);
    }
}
