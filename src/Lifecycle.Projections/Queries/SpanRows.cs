using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Queries;

/// <summary>A stay in a stage as the read model holds it.</summary>
internal sealed record StoredSpan(string Track, int Ordinal, string Stage, Instant EnteredAt, Instant? LeftAt, int Release, RecordId Fact);

internal static class SpanRows
{
    /// <summary>A customer's stays, by track, in order.</summary>
    public static Task<List<StoredSpan>> ReadAsync(LogDatabase database, CustomerRef customer, CancellationToken ct) =>
        database.Statement("read_spans").With(customer.Shard).With(customer.Tenant).With(customer.Key.Value)
            .ListAsync(row => new StoredSpan(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetInstant(3), row.GetInstantOrNull(4),
                row.GetInt32(5), new RecordId(row.GetGuid(6))), ct);
}
