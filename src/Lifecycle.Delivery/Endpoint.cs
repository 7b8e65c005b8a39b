using NodaTime;

namespace Lifecycle.Delivery;

/// <summary>Where a tenant wants its messages.</summary>
/// <param name="Number">From 1 per tenant, never used again.</param>
/// <param name="Url">http or https, without credentials.</param>
/// <param name="Secrets">What its messages are signed with, newest first, separated by spaces; null in lists.</param>
/// <param name="DisabledBecause"><c>gone</c> (it answered 410), <c>failing</c> (days of nothing but failures) or <c>by_hand</c>.</param>
/// <param name="FailingSince">The first failure since its last success.</param>
public sealed record Endpoint(
    int Tenant, int Number, Uri Url, string? Secrets, bool Enabled, string? DisabledBecause, Instant? FailingSince, Instant CreatedAt)
{
    public const string Gone = "gone", Failing = "failing", ByHand = "by_hand";

    /// <summary>Why a URL cannot be an endpoint's, a stable code; null if it can.</summary>
    /// <remarks>Where its name leads is judged when a message goes out, on the address then connected to.</remarks>
    public static string? ProblemOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed switch
    {
        { OriginalString.Length: > UrlLengthMax } => "url_too_long",
        { Scheme: not ("http" or "https") } => "url_scheme",
        { Host: "" } => "url_invalid",
        { UserInfo: not "" } => "url_credentials",
        { Fragment: not "" } => "url_fragment",
        { Port: not (80 or 443) and < PortMin } => "url_port",
        _ => null,
    } : "url_invalid";

    private const int UrlLengthMax = 2048;

    // Below it only the web's own two: an endpoint must not make us speak to a mail server or a shell.
    private const int PortMin = 1024;
}
