using Lifecycle.Delivery.Dispatch;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

public class RetryScheduleTests
{
    private static readonly RecordId Key = new(StableHash.Of("an action"));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5 * 60)]
    [InlineData(3, 30 * 60)]
    [InlineData(4, 2 * 3600)]
    [InlineData(5, 5 * 3600)]
    [InlineData(6, 10 * 3600)]
    [InlineData(7, 10 * 3600)]
    [InlineData(9, 5)]
    public void The_wait_after_an_attempt_is_the_schedules_within_a_fifth(int attempt, int seconds)
    {
        var keys = Enumerable.Range(1, 1000).Select(n => new RecordId(StableHash.Of($"{n}")));
        var waits = keys.Select(key => RetrySchedule.WaitAfter(attempt, key, 1, null).TotalSeconds).ToArray();
        Assert.All(waits, wait => Assert.InRange(wait, seconds * 0.8, seconds * 1.2));
        Assert.InRange(waits.Min(), seconds * 0.8, seconds * 0.82);
        Assert.InRange(waits.Max(), seconds * 1.18, seconds * 1.2);
        Assert.InRange(waits.Average(), seconds * 0.98, seconds * 1.02);
    }

    [Fact]
    public void The_wait_of_one_attempt_is_always_the_same() =>
        Assert.Equal(RetrySchedule.WaitAfter(2, Key, 1, null), RetrySchedule.WaitAfter(2, Key, 1, null));

    [Fact]
    public void A_receiver_that_asks_for_patience_gets_it_up_to_a_day()
    {
        Assert.Equal(Duration.FromMinutes(2), RetrySchedule.WaitAfter(1, Key, 1, Duration.FromMinutes(2)));
        Assert.Equal(Duration.FromDays(1), RetrySchedule.WaitAfter(1, Key, 1, Duration.FromDays(30)));
    }

    [Fact]
    public void A_receiver_that_asks_for_haste_does_not_get_it() =>
        Assert.Equal(RetrySchedule.WaitAfter(3, Key, 1, null), RetrySchedule.WaitAfter(3, Key, 1, Duration.FromSeconds(1)));

    [Fact]
    public void The_eighth_attempt_of_a_round_is_the_last() =>
        Assert.Equal([8, 16, 24], Enumerable.Range(1, 24).Where(RetrySchedule.IsLast));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 16)]
    public void A_replay_begins_the_next_round(int attempts, int expected) => Assert.Equal(expected, RetrySchedule.RoundAfter(attempts));
}
