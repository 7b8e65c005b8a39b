using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using NodaTime;

namespace Lifecycle.EventLog.Log;

/// <summary>How far a shard's log has come.</summary>
/// <param name="Position">Of the last event, zero while there is none.</param>
/// <param name="RecordedAt">No later event has an earlier recorded time than this.</param>
public readonly record struct ShardHead(int Shard, long Position, Instant RecordedAt);

/// <summary>One event as the log holds it. <see cref="EventCodec"/> reads its meaning.</summary>
/// <param name="Customer">Null for a shard input, which concerns all of the tenant's customers in the shard.</param>
/// <param name="Cause">Of a fact: what it followed from.</param>
/// <param name="Ordinal">Of a fact: its place among those of one cause.</param>
public sealed record LogRow(int Shard, long Position, Instant RecordedAt, Instant Clock, Instant OccurredAt, int Tenant, CustomerKey? Customer,
    EventKind Kind, string Name, short Version, bool Imported, int Hops, RecordId? Cause, int? Ordinal, RecordId Id,
    ReadOnlyMemory<byte> Open, ReadOnlyMemory<byte>? Sealed)
{
    /// <summary>What <see cref="Sealed"/> holds, as <see cref="PersonalParts"/> opened it; null while nobody did.</summary>
    public ReadOnlyMemory<byte>? Personal { get; init; }
}
