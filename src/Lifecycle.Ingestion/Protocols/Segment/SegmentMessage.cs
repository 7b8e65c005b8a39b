using NodaTime;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>A message that may be stored, ready for the log but for the sealing of what is personal.</summary>
/// <param name="MessageId">As sent; made where there was none; the hexadecimal hash of one over 100 characters.</param>
/// <param name="CustomerId">The user's id, or <c>anonymous:ID</c>.</param>
/// <param name="Name">The input's wire name.</param>
/// <param name="Open">JSON in UTF-8, nothing personal.</param>
/// <param name="Personal">JSON in UTF-8 of what must be sealed; null where nothing must.</param>
/// <param name="IsForRules">Whether properties or traits are among what must be sealed.</param>
/// <param name="Content">A stable hash of all that was said, without the stamps of the sending.</param>
/// <param name="OccurredAt">See <see cref="Stamps.OccurredAt"/>.</param>
/// <param name="Imported">Marked as history by the message or its request.</param>
public sealed record SegmentMessage(string MessageId, string CustomerId, string Name, short Version, byte[] Open, byte[]? Personal, bool IsForRules,
    Guid Content,
    Instant OccurredAt, bool Imported)
{
    /// <summary>What its sender surely did not mean; null where there is nothing.</summary>
    public IReadOnlyList<IntakeWarning>? Remarks { get; init; }
}
