using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Lifecycle.Delivery.Channels.Webhook;

/// <summary>What a receiver learns when it checks a signature.</summary>
public enum SignatureCheck : byte { Genuine, TimestampUnreadable, TooOld, TooNew, SignatureWrong }

/// <summary>Signatures of messages by Standard Webhooks 1.0.0: HMAC-SHA256 over <c>id.timestamp.body</c>, in base64 after <c>v1,</c>.</summary>
/// <remarks>Where a method takes <c>secrets</c>, that is one secret, or several separated by spaces with the newest first while an
/// endpoint's owner changes over. A message is signed with each of them, so that a receiver which knows any one accepts it.
/// See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.</remarks>
public static class StandardWebhooks
{
    public const string SecretPrefix = "whsec_";

    /// <summary>A secret has 24 to 64 random bytes.</summary>
    public const int SecretBytesMin = 24, SecretBytesMax = 64;

    /// <summary>How far a message's timestamp may lie from the receiver's clock, either way.</summary>
    public static readonly Duration Tolerance = Duration.FromMinutes(5);

    private const string Version = "v1,";

    /// <summary>A new secret of 32 random bytes, as text.</summary>
    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether a text is a secret: <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
    public static bool IsSecret(string text)
    {
        try
        {
            return KeyOf(text).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The value of the header <c>webhook-signature</c>: one signature per secret, separated by spaces.</summary>
    /// <param name="timestamp">Seconds since 1970, the value of <c>webhook-timestamp</c>.</param>
    /// <exception cref="FormatException">A secret is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    public static string Sign(string secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var content = SignedContent(id, timestamp.ToString(CultureInfo.InvariantCulture), body);
        return string.Join(' ', Split(secrets).Select(secret => Version + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), content))));
    }

    /// <summary>Whether a message with these headers came from someone who knows one of the secrets, and lately.</summary>
    /// <param name="signatures">The header's value; signatures of versions other than v1 are passed over.</param>
    /// <param name="now">The receiver's clock.</param>
    /// <exception cref="FormatException">A secret is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    public static SignatureCheck Verify(string secrets, string id, string timestamp, string signatures, ReadOnlySpan<byte> body, Instant now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return SignatureCheck.TimestampUnreadable;
        var age = now.ToUnixTimeSeconds() - seconds;
        if (age > (long)Tolerance.TotalSeconds) return SignatureCheck.TooOld;
        if (age < -(long)Tolerance.TotalSeconds) return SignatureCheck.TooNew;

        var expected = Split(Sign(secrets, id, seconds, body)).Select(Encoding.ASCII.GetBytes).ToArray();
        var given = Split(signatures).Select(Encoding.UTF8.GetBytes);
        return given.Any(signature => expected.Any(one => CryptographicOperations.FixedTimeEquals(one, signature)))
            ? SignatureCheck.Genuine
            : SignatureCheck.SignatureWrong;
    }

    /// <summary>The key that a secret's text stands for. Padding may be left off.</summary>
    /// <exception cref="FormatException">The text is not <c>whsec_</c> and base64 of 24 to 64 bytes.</exception>
    internal static byte[] KeyOf(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal)) throw new FormatException($"A webhook secret begins with {SecretPrefix}.");
        var text = secret[SecretPrefix.Length..];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var key = Base64.IsValid(padded) ? Convert.FromBase64String(padded) : throw new FormatException("A webhook secret is base64.");
        return key.Length is >= SecretBytesMin and <= SecretBytesMax
            ? key
            : throw new FormatException($"A webhook secret has {SecretBytesMin} to {SecretBytesMax} bytes.");
    }

    private static byte[] SignedContent(string id, string timestamp, ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
