using Lifecycle.Domain.Events;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>When the engine looks at a customer by itself, and when it never needs to again.</summary>
public sealed class ReviewTests
{
    [Fact]
    public void Steps_that_climb_are_looked_at_where_they_reach_the_number_and_leave_it_and_never_again()
    {
        var life = WithCondition("floor(age / 1 day) == 7").At(0).Does("session_start");
        Assert.Equal(Life.Day(7), life.NextReview);
        Assert.Equal(Life.Day(8), life.Until(7).Is("special").NextReview);
        Assert.Equal(Instants.Never, life.Until(8).Is("usual").NextReview);
    }

    [Fact]
    public void Steps_against_a_number_that_no_day_brings_are_never_looked_at() =>
        Assert.Equal(Instants.Never, WithCondition("ceil(age / 19 hours) + 1 == 0").At(0).Does("session_start").NextReview);

    [Fact]
    public void Steps_against_a_count_are_looked_at_when_they_reach_it()
    {
        var life = WithCondition("2 * floor(age / 1 day) - 1 > count(session_start)").At(0).Does("session_start").At(0.5).Does("session_start");
        Assert.Equal(Life.Day(2), life.NextReview);
        Assert.Equal(Instants.Never, life.Until(2).Is("special").NextReview);
    }

    [Fact]
    public void Weeks_that_only_come_round_are_followed_for_one_week()
    {
        var life = WithCondition("weeks(session_start) == default(count(order_completed), 4) + 3").At(0).Does("session_start").At(3).Does("session_start");
        Assert.Equal(Instants.Never, life.NextReview);
        // From the seventh to the eighth day after the first of them, and every week anew, the two lie in two blocks.
        var turning = WithCondition("weeks(session_start) > count(order_completed) + 1").At(0).Does("session_start").At(1).Does("session_start");
        Assert.Equal(Life.Day(7), turning.NextReview);
        Assert.Equal(Life.Day(8), turning.Until(7).Is("special").NextReview);
        Assert.Equal(Life.Day(14), turning.Until(8).Is("usual").NextReview);
    }

    [Fact]
    public void What_comes_into_a_window_and_goes_without_ever_being_true_is_never_looked_at()
    {
        var life = WithCondition("latest(order_completed.gift from 5 days to 1 day ago)").At(0).Does("order_completed", """{"gift":false}""");
        Assert.Equal(Instants.Never, life.NextReview);
        life.Does("order_completed", """{"gift":true}""");
        Assert.Equal(Life.Day(1), life.NextReview);
        Assert.Equal(Life.Day(5), life.Until(1).Is("special").NextReview);
    }

    [Fact]
    public void What_is_too_vast_to_feel_a_day_is_not_looked_at_every_millisecond()
    {
        var life = WithCondition("greatest(customer.score - age / 1 day, customer.score) > 3").At(0)
            .Takes(new ProfileChanged(Properties.Parse("""{"score":79228162514264337593543950335}"""))).Does("session_start");
        Assert.True(life.NextReview > Life.Day(365), $"The next review is at {life.NextReview}.");
    }

    private static Life WithCondition(string condition) => Life.Under($"""
        definition: reviews
        zone: UTC
        customer: {"{"} score: number {"}"}
        events:
          order_completed: {"{"} gift: truth {"}"}
        tracks:
          lifecycle:
            - stage: usual
              when: not ({condition})
            - stage: special
              when: "{condition}"
        """);
}
