using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery.Tests;

public class VerdictTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 22, 8, 0);
    private static readonly Duration ThreeDays = Duration.FromDays(3);
    private static readonly Endpoint Open = new(1, 1, new Uri("https://example.com/"), "", Enabled: true, null, null, Now);

    [Fact]
    public void An_intention_may_go_out_when_nothing_speaks_against_it() =>
        Assert.Null(Verdict.BeforeSending(Claimed(), Open, "ann", test: false, ThreeDays));

    [Fact]
    public void An_intention_is_withheld_for_a_stable_reason()
    {
        Assert.Equal(Verdict.Withheld("no_endpoint"), Verdict.BeforeSending(Claimed(), null, "ann", test: false, ThreeDays));
        var disabled = Open with { Enabled = false };
        Assert.Equal(Verdict.Withheld("endpoint_disabled"), Verdict.BeforeSending(Claimed(), disabled, "ann", test: false, ThreeDays));
        Assert.Equal(Verdict.Withheld("customer_erased"), Verdict.BeforeSending(Claimed(), Open, null, test: false, ThreeDays));
    }

    [Fact]
    public void An_intention_is_too_old_after_three_days_before_its_first_attempt_only()
    {
        var old = Claimed() with { RequestedAt = Now - ThreeDays - Duration.FromMilliseconds(1) };
        Assert.Equal(Verdict.Withheld("too_old"), Verdict.BeforeSending(old, Open, "ann", test: false, ThreeDays));
        Assert.Null(Verdict.BeforeSending(old with { RequestedAt = Now - ThreeDays }, Open, "ann", test: false, ThreeDays));
        Assert.Null(Verdict.BeforeSending(old with { Tried = true, Attempt = 3 }, Open, "ann", test: false, ThreeDays));
        Assert.Null(Verdict.BeforeSending(old, Open, "ann", test: true, ThreeDays));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(299)]
    public void Any_2xx_is_sent(int status) => Assert.Equal(Verdict.Sent, Verdict.After(Claimed(), Answered(status), Now));

    [Theory]
    [InlineData(301)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public void Anything_else_is_postponed_by_the_schedule(int status)
    {
        var verdict = Verdict.After(Claimed(), Answered(status), Now);
        Assert.Equal(Outcome.Postponed, verdict.Outcome);
        Assert.InRange(verdict.Until!.Value, Now + Duration.FromSeconds(4), Now + Duration.FromSeconds(6));
        Assert.Equal(verdict.Until!.Value.ToMilliseconds(), verdict.Until);
        Assert.Equal(status < 400 ? "redirected" : $"http_{status}", verdict.Because);
    }

    [Fact]
    public void The_last_failure_of_a_round_withholds() =>
        Assert.Equal(Verdict.Withheld("undeliverable"), Verdict.After(Claimed() with { Attempt = 8 }, Answered(500), Now));

    [Fact]
    public void Gone_and_refused_withhold_at_once()
    {
        Assert.Equal(Verdict.Withheld("endpoint_disabled"), Verdict.After(Claimed(), Answered(410), Now));
        Assert.Equal(Verdict.Withheld("address_refused"), Verdict.After(Claimed(), new Answer(null, "address_refused", null, Duration.Zero), Now));
    }

    private static Claim Claimed() => new(
        0, 1, new CustomerKey(Guid.Empty), new EventId(StableHash.Of("an action")), 1, Now, "{}"u8.ToArray(), 1, Tried: false, Now);

    private static Answer Answered(int status) => new(status, Answer.ErrorOf(status), null, Duration.Zero);
}
