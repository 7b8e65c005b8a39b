using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>Sees to it that a live tenant whose release asks for the top of its customers has each midnight's cut points recorded, once.</summary>
/// <remarks>
/// They are read when every customer has lived exactly to that midnight: what was recorded later waits until they are appended. Of several
/// midnights that passed while nobody processed the shard, the last is read.
/// </remarks>
internal sealed class DailyCuts(Log log, int shard, int pageMax)
{
    private TenantInShard? _tenant;
    private CutScan? _scan;

    /// <summary>The midnight at which the shard's customers are held; null while they are not.</summary>
    public Instant? Midnight { get; private set; }

    /// <summary>Lets customers go on and forgets what was begun.</summary>
    public void Clear() => (_tenant, _scan, Midnight) = (null, null, null);

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

    /// <summary>Reads one page of customers, all of whom have lived to the midnight; after the last appends what was found and lets them go on.</summary>
    public async Task ReadPageAsync(CancellationToken ct)
    {
        var (tenant, midnight) = (_tenant!, Midnight!.Value);
        // On the way there the tenant may have begun to import its history, or to do without the top.
        if (tenant.MidnightWithoutCuts(midnight) != midnight)
        {
            Clear();
            return;
        }
        _scan ??= new CutScan(log, shard, tenant.Tenant, tenant.Release, midnight, pageMax);
        if (await _scan.ReadPageAsync(ct)) return;
        await _scan.AppendAsync(ct);
        tenant.CutsRecorded(_scan.Id);
        Clear();
    }
}
