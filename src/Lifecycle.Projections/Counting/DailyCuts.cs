using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>Sees to it that the customers of a live tenant whose release compares them all are counted at each midnight, and that what follows is recorded, once.</summary>
/// <remarks>
/// A shard counts when each of its customers has lived exactly to that midnight: what was recorded later waits until the count is stored. Then the shard goes on; whoever stores
/// the last count merges them all and tells every shard. Of several midnights that passed while nobody processed the shard, the last is counted.
/// </remarks>
internal sealed class DailyCuts(Log log, int shard, int pageMax, TimeProvider time)
{
    /// <summary>How long a shard that has counted waits for those that have not.</summary>
    private static readonly Duration Patience = Duration.FromMinutes(10);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly TenantCounts _counts = new(log);
    private readonly Dictionary<EventId, (TenantInShard Tenant, Instant Since)> _waiting = [];
    private long? _lookedAt;
    private TenantInShard? _tenant;
    private CutScan? _scan;

    /// <summary>The midnight at which the shard's customers are held; null while they are not.</summary>
    public Instant? Midnight { get; private set; }

    /// <summary>Lets customers go on and forgets what was begun.</summary>
    public void Clear()
    {
        Release();
        _waiting.Clear();
        _lookedAt = null;
    }

    /// <summary>Begins with the tenant whose midnight passed first, if there is one.</summary>
    /// <param name="raise">Raises the shard's recorded time, so that nothing will be recorded before that midnight any more.</param>
    public async Task BeginAsync(IEnumerable<TenantInShard> tenants, Instant now, Func<Task<ShardHead>> raise)
    {
        if (Midnight is not null || FirstToAsk(tenants, now) is not var (tenant, midnight)) return;
        if ((await raise()).RecordedAt >= midnight) (_tenant, Midnight) = (tenant, midnight);
    }

    /// <summary>Who wants the cut points of a midnight up to an instant, of several the earliest; null where nobody does.</summary>
    public static (TenantInShard Tenant, Instant Midnight)? FirstToAsk(IEnumerable<TenantInShard> tenants, Instant now)
    {
        (TenantInShard Tenant, Instant Midnight)? first = null;
        foreach (var tenant in tenants)
            if (tenant.MidnightWithoutCuts(now) is { } midnight && !(first?.Midnight <= midnight)) first = (tenant, midnight);
        return first;
    }

    /// <summary>A page up to the first input after which a tenant may want the cut points of a midnight that lies before what follows.</summary>
    public static LogPage UntilSomebodyMayAsk(LogPage page)
    {
        for (var i = 0; i < page.Rows.Count - 1; i++)
            if (page.Rows[i] is { Kind: EventKind.ShardInput } row && EventCatalog.Find(row.Kind, row.Name)?.Type is var type
                && (type == typeof(ReleaseActivated) || type == typeof(HistoryClosed)))
                return page with { Rows = [.. page.Rows.Take(i + 1)], UpTo = row.Position };
        return page;
    }

    /// <summary>What of a page was recorded before the midnight at which customers are held; all while they are not.</summary>
    /// <param name="after">The position after which the page was read.</param>
    public LogPage Before(LogPage page, long after)
    {
        if (Midnight is not { } midnight || page.Rows.Count == 0 || page.Rows[^1].RecordedAt < midnight) return page;
        var rows = page.Rows.TakeWhile(row => row.RecordedAt < midnight).ToList();
        return page with { Rows = rows, UpTo = rows.Count == 0 ? after : rows[^1].Position };
    }

    /// <summary>Reads one page of customers, all of whom have lived to the midnight; after the last stores what was found and lets them go on.</summary>
    public async Task ReadPageAsync(Instant now, CancellationToken ct)
    {
        var (tenant, midnight) = (_tenant!, Midnight!.Value);
        // On the way there the tenant may have begun to import its history, or to do without comparisons.
        if (tenant.MidnightWithoutCuts(midnight) != midnight)
        {
            Release();
            return;
        }
        var id = TenantCounts.IdOf(tenant.Tenant, midnight, tenant.Release.Zone);
        if (await _counts.StoredAtAsync(shard, tenant.Tenant, id, ct) is not { } stored)
        {
            _scan ??= new CutScan(log, shard, tenant.Tenant, tenant.Release, midnight, pageMax);
            if (await _scan.ReadPageAsync(ct)) return;
            await _counts.StoreAsync(shard, tenant.Tenant, id, _scan.Counts, now, ct);
            stored = now;
        }
        tenant.Counted(id);
        _waiting[id] = (tenant, stored);
        _lookedAt = null;
        Release();
    }

    /// <summary>Looks, unless it did so a moment ago, whether all shards have counted or were waited for long enough, and then tells every shard.</summary>
    /// <returns>Whether anything was appended.</returns>
    public async Task<bool> CompleteAsync(Instant now, CancellationToken ct)
    {
        if (_waiting.Count == 0 || (_lookedAt is { } last && time.GetElapsedTime(last) < LookAgain)) return false;
        _lookedAt = time.GetTimestamp();
        var appended = false;
        foreach (var (id, (tenant, since)) in _waiting.ToList())
        {
            if (tenant.CutsInLog != id)
            {
                if (await _counts.TogetherAsync(tenant.Tenant, id, tenant.Release, waits: now - since < Patience, ct) is not { } computed) continue;
                await _counts.AppendAsync(tenant.Tenant, computed, id, ct);
                appended = true;
            }
            _waiting.Remove(id);
        }
        return appended;
    }

    private void Release() => (_tenant, _scan, Midnight) = (null, null, null);
}
