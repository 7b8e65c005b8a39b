using NodaTime;

namespace Lifecycle.Delivery.Channels.Webhook;

/// <summary>What came back from one attempt to hand a message over.</summary>
/// <param name="Status">The HTTP status, null where no answer came.</param>
/// <param name="Error">Null for success, else a stable code: <c>http_503</c>, <c>redirected</c>, <c>timeout</c>, <c>name_unknown</c>,
/// <c>connection_failed</c>, <c>tls_failed</c>, <c>answer_broken</c>, <c>address_refused</c>.</param>
/// <param name="RetryAfter">How long the receiver asked us to wait, never negative; null if it did not.</param>
/// <param name="Took">From the beginning of the attempt to its end.</param>
public sealed record ReceiverAnswer(int? Status, string? Error, Duration? RetryAfter, Duration Took)
{
    public const string AddressRefused = "address_refused";

    private const int Gone = 410;

    /// <summary>The receiver took the message.</summary>
    public bool IsSuccess => Error is null;

    /// <summary>The receiver wants no more messages at this address.</summary>
    public bool IsGone => Status == Gone;

    internal static string? ErrorOf(int status) => status switch
    {
        >= 200 and < 300 => null,
        >= 300 and < 400 => "redirected", // Following would resend the message as a GET, or to an address nobody registered.
        _ => $"http_{status}",
    };
}
