using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Delivery.Dispatch;

/// <summary>What becomes of a delivery after an attempt.</summary>
/// <param name="Until">When it is tried again, if postponed.</param>
/// <param name="Because">Why it was postponed or withheld; null if sent.</param>
public readonly record struct DeliveryDecision(Outcome Outcome, Instant? Until, string? Because)
{
    public static readonly DeliveryDecision Sent = new(Outcome.Sent, null, null);

    public static DeliveryDecision Withheld(string because) => new(Outcome.Withheld, null, because);

    private static DeliveryDecision Postponed(Instant until, string? because) => new(Outcome.Postponed, until.ToMilliseconds(), because);

    /// <summary>Delivery's gate: whether a claimed delivery may go out at all. Null if it may.</summary>
    /// <param name="endpoint">Null where the tenant has none, or no longer.</param>
    /// <param name="customerId">Null once the customer is erased.</param>
    /// <param name="test">A test tenant's clock is its own, so its intentions have no age by the wall.</param>
    public static DeliveryDecision? BeforeSending(Claim claim, Endpoint? endpoint, string? customerId, bool test, Duration ageMax) => endpoint switch
    {
        _ when customerId is null => Withheld(Reasons.CustomerErased),
        _ when !claim.Tried && !test && claim.ClaimedAt - claim.RequestedAt > ageMax => Withheld(Reasons.TooOld),
        null => Withheld(Reasons.NoEndpoint),
        { Enabled: false } => Withheld(Reasons.EndpointDisabled),
        _ => null,
    };

    /// <summary>What an answer means for the delivery.</summary>
    /// <param name="now">The end of the attempt, by the database's clock.</param>
    public static DeliveryDecision After(Claim claim, ReceiverAnswer answer, Instant now) => answer switch
    {
        { IsSuccess: true } => Sent,
        { IsGone: true } => Withheld(Reasons.EndpointDisabled),
        { Error: ReceiverAnswer.AddressRefused } => Withheld(Reasons.AddressRefused),
        _ when RetrySchedule.IsLast(claim.Attempt) => Withheld(Reasons.Undeliverable),
        _ => Postponed(now + RetrySchedule.WaitAfter(claim.Attempt, claim.Key, claim.Endpoint, answer.RetryAfter), answer.Error),
    };
}

/// <summary>Why Delivery withheld something: stable codes that appear in the log.</summary>
public static class Reasons
{
    public const string NoEndpoint = "no_endpoint";
    public const string EndpointDisabled = "endpoint_disabled";
    public const string AddressRefused = ReceiverAnswer.AddressRefused;
    public const string TooOld = "too_old";
    public const string Undeliverable = "undeliverable";
    public const string CustomerErased = "customer_erased";
}
