using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>Closes histories of a shard for which nothing has come for long: an import that died must not keep its customers asleep.</summary>
internal sealed class StaleImportCloser(TouchpointLog log, ProcessingOptions options, int shard)
{
    private long? _lookedAt;

    /// <summary>Looks, unless it did so a moment ago, and answers whether it closed any.</summary>
    public async Task<bool> CloseAsync(IEnumerable<TenantInShard> tenants, CancellationToken ct)
    {
        var open = tenants.Where(tenant => tenant.HistoryIsOpen).ToDictionary(tenant => tenant.Tenant.Id, tenant => tenant.Tenant);
        if (open.Count == 0) return false;
        if (_lookedAt is { } last && options.Time.GetElapsedTime(last) < options.HistoryCheckInterval.ToTimeSpan()) return false;
        _lookedAt = options.Time.GetTimestamp();
        var forgotten = await log.Database.Statement("read_forgotten_histories").With(shard).With(options.HistoryPatience.ToTimeSpan())
            .ListAsync(row => (Tenant: row.GetInt32(0), LastInputAt: row.GetInstant(1)), ct);
        var closed = false;
        foreach (var (tenantId, lastInputAt) in forgotten)
        {
            if (!open.TryGetValue(tenantId, out var tenant)) continue;
            var id = StableHash.Of("history closed", tenant.Name, shard.ToString(CultureInfo.InvariantCulture), lastInputAt.ToIso());
            var outcome = await log.AppendShardInputAsync(shard, tenant, new HistoryClosed(), new RecordId(id), ct);
            closed |= outcome.Result == AppendResult.Appended;
        }
        return closed;
    }
}
