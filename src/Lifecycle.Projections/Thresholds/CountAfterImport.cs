using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Thresholds;

/// <summary>Asks every shard of a tenant to count its customers when the last of its imported histories is closed, so that comparisons need not wait
/// for midnight.</summary>
/// <remarks>
/// Each shard closes its own history, by whomever and whenever. The shard that closes last sees that none is open any more and asks, under an id made
/// of when each was closed: so two who see the same, or one who is interrupted and one who goes on, ask once. Whoever closes earlier has nothing to
/// do, unless another history stays open for long.
/// </remarks>
internal sealed class CountAfterImport(TouchpointLog log, ProcessingOptions options, int shard)
{
    private readonly Dictionary<RecordId, long> _lookedAt = [];

    /// <summary>Forgets when it looked.</summary>
    public void Clear() => _lookedAt.Clear();

    /// <summary>Looks after whoever had their history closed, unless it did so a moment ago, and answers whether it asked for any count.</summary>
    public async Task<bool> AskAsync(IEnumerable<TenantInShard> tenants, Instant now, CancellationToken ct)
    {
        var asked = false;
        foreach (var tenant in tenants)
        {
            if (tenant.ClosedUncounted is not { } closed) continue;
            if (_lookedAt.TryGetValue(closed.Id, out var last) && options.Time.GetElapsedTime(last) < options.HistoryCheckInterval.ToTimeSpan())
                continue;
            _lookedAt[closed.Id] = options.Time.GetTimestamp();
            var closings = await ClosingsAsync(tenant.Tenant, ct);
            if (closings.Contains(null) && now - closed.RecordedAt < options.HistoryPatience) continue;
            await AskAsync(tenant.Tenant, new RecordId(StableHash.Of(["count asked", tenant.Tenant.Name, .. closings.OfType<string>()])), ct);
            asked = true;
        }
        return asked;
    }

    /// <summary>Of each shard with a history when it was closed; null for one that is open.</summary>
    private async Task<List<string?>> ClosingsAsync(Tenant tenant, CancellationToken ct)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, log.Database.Shards).Select(async number =>
            (Number: number, Rows: await log.Database.Statement("read_history").With(number).With(tenant.Id)
            .ListAsync(row => (IsOpen: row.GetBoolean(0), At: row.GetInstant(1)), ct))));
        return [.. shards.SelectMany(found => found.Rows.Select(row =>
            row.IsOpen ? null : string.Create(CultureInfo.InvariantCulture, $"{found.Number} {row.At.ToIso()}")))];
    }

    // This shard comes last: until it is asked itself, an interruption is made good by doing all of it again.
    private async Task AskAsync(Tenant tenant, RecordId id, CancellationToken ct)
    {
        await Task.WhenAll(Enumerable.Range(0, log.Database.Shards).Where(other => other != shard)
            .Select(other => log.AppendShardInputAsync(other, tenant, new CountAsked(), id, ct)));
        await log.AppendShardInputAsync(shard, tenant, new CountAsked(), id, ct);
    }
}
