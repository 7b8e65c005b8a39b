using System.Collections;

namespace Lifecycle.Simulation.Tests.Store;

/// <summary>Rows by their key, in memory. What is done to them can be undone until it is committed.</summary>
internal sealed class Table<TKey, TRow>(Stack<Action> undo) : IEnumerable<KeyValuePair<TKey, TRow>>
    where TKey : notnull
    where TRow : class
{
    private readonly Dictionary<TKey, TRow> _rows = [];

    public int Count => _rows.Count;

    public TRow? Find(TKey key) => _rows.GetValueOrDefault(key);

    public void Put(TKey key, TRow row)
    {
        if (_rows.TryGetValue(key, out var before)) undo.Push(() => _rows[key] = before);
        else undo.Push(() => _rows.Remove(key));
        _rows[key] = row;
    }

    public bool Remove(TKey key)
    {
        if (!_rows.Remove(key, out var before)) return false;
        undo.Push(() => _rows[key] = before);
        return true;
    }

    public IEnumerator<KeyValuePair<TKey, TRow>> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal readonly record struct CustomerPlace(int Shard, int Tenant, Guid Customer);

internal sealed record HeadRow(long Position, DateTime RecordedAt);

internal sealed record ProcessRow(string[] Roles, DateTime SeenAt);

internal sealed record LeaseRow(long Epoch, Guid? Owner, DateTime ExpiresAt, long Consumed, long Swept, DateTime FiredTo);

internal sealed record EventRow(long Position, DateTime RecordedAt, DateTime Clock, DateTime OccurredAt, int Tenant, Guid? Customer, short Kind,
    string Name, short Version, bool Imported, short Hops, Guid? Cause, int? Ordinal, Guid Id, byte[] Open, byte[]? Sealed)
{
    /// <summary>In the order in which every statement selects them.</summary>
    public object?[] ToColumns(bool withSealed = true) =>
    [
        Position, RecordedAt, Clock, OccurredAt, Tenant, Customer, Kind, Name, Version, Imported, Hops, Cause, Ordinal, Id, Open,
        withSealed ? Sealed : null,
    ];
}

internal readonly record struct MessageKey(int Shard, int Tenant, Guid Customer, Guid Id, int Window);

internal sealed record MessageRow(Guid Content, long Position);

internal sealed record CustomerRow(string Id, byte[]? Key);

internal sealed record ErasedRow(long Position);

internal sealed record SimulatedLookUpRow(Guid? Hash, DateTime At);

internal sealed record HistoryRow(bool Open, DateTime LastInputAt);

internal sealed record ClockRow(DateTime Clock);

internal sealed record SimulatedStateRow(long LivedTo, byte[] Body);

internal sealed record SimulatedDueRow(DateTime At, bool Wall);

internal readonly record struct SimulatedSpanKey(CustomerPlace Place, string Track, int Ordinal);

internal sealed record SimulatedSpanRow(string Stage, DateTime EnteredAt, DateTime? LeftAt, int Release, Guid Fact);

internal readonly record struct DeliveryKey(int Shard, int Tenant, Guid Key, int Endpoint);

internal sealed record DeliveryRow(Guid Customer, DateTime RequestedAt, DateTime CreatedAt, byte[] Request, short Status, int Attempt,
    DateTime NextAt, int? LastStatus, string? LastError);

internal sealed record AttemptRow(DateTime StartedAt, int DurationMs, int? Status, string? Error);

internal readonly record struct CarryKey(int Shard, int Tenant, Guid Id);

internal sealed record CutCountRow(DateTime StoredAt, byte[] Counts);

internal readonly record struct CutCountKey(int Shard, int Tenant, Guid Id, Guid Metric);

internal sealed record CarryRow(DateTime Clock, string Target, short Hops, string Name, short Version, byte[] Open);

internal sealed record SetAsideRow(long Position, string Reason, DateTime At);

internal sealed record RefusedRow(string Code, string Message, byte[] Content);

internal sealed record TenantRow(string Name, bool Test, byte[] Secret, DateTime CreatedAt);

internal sealed record KeyRow(int Tenant, string Kind, string ClockMode);

internal sealed record ReleaseRow(string Hash, string Content, DateTime PublishedAt);

internal sealed record EndpointRow(string Url, string Secret, bool Enabled, string? DisabledBecause, DateTime? FailingSince, DateTime CreatedAt);
