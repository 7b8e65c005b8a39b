using System.Globalization;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>Why one message of a request was not stored.</summary>
/// <param name="MessageId">Where the message could be read that far.</param>
/// <param name="CustomerId">Where the message could be read that far.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Message">A sentence, for people.</param>
/// <param name="Content">What goes to quarantine: the message without what is personal, or its first bytes where it could not be read.</param>
public sealed record Refusal(string? MessageId, string? CustomerId, string Code, string Message, byte[] Content)
{
    /// <summary>As much of an unreadable message as quarantine keeps.</summary>
    public const int ContentMax = 64 * 1024;

    public static Refusal Unreadable(string code, string message, ReadOnlyMemory<byte> raw) =>
        new(null, null, code, message, raw[..Math.Min(raw.Length, ContentMax)].ToArray());

    public static Refusal TooLarge(ReadOnlyMemory<byte> raw, int max) => Unreadable("event_too_large",
        string.Create(CultureInfo.InvariantCulture, $"An event may have at most {max / 1024} KB, with the context of its batch."), raw);
}
