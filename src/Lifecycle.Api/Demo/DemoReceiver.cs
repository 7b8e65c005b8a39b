using System.Text.Json;
using Lifecycle.Delivery.Channels.Webhook;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>A message that arrived.</summary>
/// <param name="Id">The header webhook-id; the same on every attempt.</param>
/// <param name="Verified">Whether its signature was right.</param>
public sealed record ReceivedMessage(string Id, Instant ReceivedAt, bool Verified, JsonElement? Payload);

/// <summary>Plays the part of a customer's own server: takes webhooks, checks their signatures, remembers the last ones.</summary>
/// <param name="now">The time of day.</param>
public sealed class DemoReceiver(Func<Instant> now)
{
    public const int RememberedMax = 100;

    private readonly Lock _lock = new();
    private readonly LinkedList<ReceivedMessage> _received = [];

    /// <summary>The endpoint's secret; null before it is registered.</summary>
    public string? Secret { get; set; }

    /// <summary>What arrived, the latest first.</summary>
    public IReadOnlyList<ReceivedMessage> Received
    {
        get
        {
            lock (_lock) return [.. _received];
        }
    }

    /// <summary>Takes one message. False when its signature is wrong; it is remembered as that.</summary>
    public bool Take(string id, string timestamp, string signature, ReadOnlySpan<byte> body)
    {
        var arrived = now();
        var verified = Secret is { } secret && StandardWebhooks.Verify(secret, id, timestamp, signature, body, arrived) == SignatureCheck.Genuine;
        var message = new ReceivedMessage(id, arrived, verified, PayloadOf(body));
        lock (_lock)
        {
            _received.AddFirst(message);
            if (_received.Count > RememberedMax) _received.RemoveLast();
        }
        return verified;
    }

    private static JsonElement? PayloadOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
