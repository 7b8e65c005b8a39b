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
        Assert.Null(DeliveryDecision.BeforeSending(Claimed(), Open, "ann", test: false, ThreeDays));

    [Fact]
    public void An_intention_is_withheld_for_a_stable_reason()
    {
        Assert.Equal(DeliveryDecision.Withheld("no_endpoint"), DeliveryDecision.BeforeSending(Claimed(), null, "ann", test: false, ThreeDays));
        var disabled = Open with { Enabled = false };
        Assert.Equal(DeliveryDecision.Withheld("endpoint_disabled"), DeliveryDecision.BeforeSending(Claimed(), disabled, "ann", test: false, ThreeDays));
        Assert.Equal(DeliveryDecision.Withheld("customer_erased"), DeliveryDecision.BeforeSending(Claimed(), Open, null, test: false, ThreeDays));
    }

    [Fact]
    public void An_intention_is_too_old_after_three_days_before_its_first_attempt_only()
    {
        var old = Claimed() with { RequestedAt = Now - ThreeDays - Duration.FromMilliseconds(1) };
        Assert.Equal(DeliveryDecision.Withheld("too_old"), DeliveryDecision.BeforeSending(old, Open, "ann", test: false, ThreeDays));
        Assert.Null(DeliveryDecision.BeforeSending(old with { RequestedAt = Now - ThreeDays }, Open, "ann", test: false, ThreeDays));
        Assert.Null(DeliveryDecision.BeforeSending(old with { Tried = true, Attempt = 3 }, Open, "ann", test: false, ThreeDays));
        Assert.Null(DeliveryDecision.BeforeSending(old, Open, "ann", test: true, ThreeDays));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(299)]
    public void Any_2xx_is_sent(int status) => Assert.Equal(DeliveryDecision.Sent, DeliveryDecision.After(Claimed(), Answered(status), Now));

    [Theory]
    [InlineData(301)]
    [InlineData(304)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public void Anything_else_is_postponed_by_the_schedule(int status)
    {
        var decision = DeliveryDecision.After(Claimed(), Answered(status), Now);
        Assert.Equal(Outcome.Postponed, decision.Outcome);
        Assert.InRange(decision.Until!.Value, Now + Duration.FromSeconds(4), Now + Duration.FromSeconds(6));
        Assert.Equal(decision.Until!.Value.ToMilliseconds(), decision.Until);
        Assert.Equal(status < 400 ? "redirected" : $"http_{status}", decision.Because);
    }

    [Fact]
    public void The_last_failure_of_a_round_withholds() =>
        Assert.Equal(DeliveryDecision.Withheld("undeliverable"), DeliveryDecision.After(Claimed() with { Attempt = 8 }, Answered(500), Now));

    [Fact]
    public void Gone_and_refused_withhold_at_once()
    {
        Assert.Equal(DeliveryDecision.Withheld("endpoint_disabled"), DeliveryDecision.After(Claimed(), Answered(410), Now));
        Assert.Equal(DeliveryDecision.Withheld("address_refused"), DeliveryDecision.After(Claimed(), new ReceiverAnswer(null, "address_refused", null, Duration.Zero), Now));
    }

    private static Claim Claimed() => new(
        0, 1, new CustomerKey(Guid.Empty), new RecordId(StableHash.Of("an action")), 1, Now, "{}"u8.ToArray(), 1, Tried: false, Now);

    private static ReceiverAnswer Answered(int status) => new(status, ReceiverAnswer.ErrorOf(status), null, Duration.Zero);
}
