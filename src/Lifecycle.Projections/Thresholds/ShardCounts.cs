using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Processing;
using NodaTime;

namespace Lifecycle.Projections.Thresholds;

/// <summary>Sees to it that the customers of a tenant whose release compares them all are counted at each midnight, and when its imported history is
/// complete, and that what follows is recorded, once.</summary>
/// <remarks>
/// A shard counts when each of its customers has lived exactly to that instant: what was recorded later waits until the count is stored. Then the
/// shard goes on; whoever stores the last count merges them all and tells every shard. Of several instants that passed while nobody processed the
/// shard, the last is counted.
/// </remarks>
internal sealed class ShardCounts(TouchpointLog log, int shard, int pageMax, TimeProvider time)
{
    /// <summary>How long a shard that has counted waits for those that have not.</summary>
    private static readonly Duration Patience = Duration.FromMinutes(10);

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>As many pages as are read in one round: what has come meanwhile and is held is looked at once for all of them.</summary>
    private const int PagesMax = 8;

    private readonly TenantCounts _counts = new(log);
    private readonly Dictionary<TenantInShard, (RecordId Count, Instant Since)> _waiting = [];
    private (long At, bool ReadAll)? _looked;
    private (TenantInShard Tenant, WantedCount Count)? _counting;
    private TopThresholdScan? _scan;

    /// <summary>The instant at which the shard's customers are held; null while they are not.</summary>
    public Instant? HeldAt => _counting?.Count.HeldAt;

    /// <summary>Lets customers go on and forgets what was begun.</summary>
    public void Clear()
    {
        Release();
        _waiting.Clear();
        _looked = null;
    }

    /// <summary>Begins with the tenant whose instant passed first, if there is one.</summary>
    /// <param name="raise">Raises the shard's recorded time, so that nothing will be recorded before that instant any more.</param>
    public async Task BeginAsync(IEnumerable<TenantInShard> tenants, Instant now, Func<Task<ShardHead>> raise)
    {
        if (_counting is not null || FirstToAsk(tenants, now) is not var (tenant, count)) return;
        if ((await raise()).RecordedAt >= count.HeldAt) _counting = (tenant, count);
    }

    /// <summary>Who wants to be counted up to an instant, of several the earliest; null where nobody does.</summary>
    public static (TenantInShard Tenant, WantedCount Count)? FirstToAsk(IEnumerable<TenantInShard> tenants, Instant now)
    {
        (TenantInShard Tenant, WantedCount Count)? first = null;
        foreach (var tenant in tenants)
            if (tenant.Wanted(now) is { } count && !(first?.Count.HeldAt <= count.HeldAt)) first = (tenant, count);
        return first;
    }

    /// <summary>A page up to the first input after which a tenant may want to be counted at an instant that lies before what follows.</summary>
    public static LogPage UntilSomebodyMayAsk(LogPage page)
    {
        for (var i = 0; i < page.Rows.Count - 1; i++)
            if (page.Rows[i] is { Kind: EventKind.ShardInput } row && EventCatalog.Find(row.Kind, row.Name)?.Type is var type
                && (type == typeof(ReleaseActivated) || type == typeof(HistoryClosed) || type == typeof(CountAsked)))
                return page with { Rows = [.. page.Rows.Take(i + 1)], UpTo = row.Position };
        return page;
    }

    /// <summary>What of a page was recorded before the instant at which customers are held; all while they are not.</summary>
    /// <param name="after">The position after which the page was read.</param>
    public LogPage Before(LogPage page, long after)
    {
        if (HeldAt is not { } held || page.Rows.Count == 0 || page.Rows[^1].RecordedAt < held) return page;
        var rows = page.Rows.TakeWhile(row => row.RecordedAt < held).ToList();
        return page with { Rows = rows, UpTo = rows.Count == 0 ? after : rows[^1].Position };
    }

    /// <summary>Reads some pages of customers, all of whom have lived to the instant; after the last stores what was found and lets them go
    /// on.</summary>
    public async Task ReadOnAsync(Instant now, CancellationToken ct)
    {
        var (tenant, count) = _counting!.Value;
        // On the way there the tenant may have begun to import its history, or to do without comparisons.
        if (tenant.Wanted(count.HeldAt) != count)
        {
            Release();
            return;
        }
        if (await _counts.StoredAtAsync(shard, tenant.Tenant, count.Id, ct) is not { } stored)
        {
            _scan ??= new TopThresholdScan(log, shard, tenant.Tenant, tenant.Release, count.At, pageMax);
            for (var page = 1; await _scan.ReadPageAsync(ct); page++)
                if (page == PagesMax) return;
            await _counts.StoreAsync(shard, tenant.Tenant, count.Id, _scan.Counts, now, ct);
            stored = now;
        }
        tenant.Counted(count.Id);
        // An earlier count of theirs that is not complete yet is not wanted any more: every shard is to make this one.
        _waiting[tenant] = (count.Id, stored);
        _looked = null;
        Release();
    }

    /// <summary>Looks, unless it did so a moment ago, whether all shards have counted or were waited for long enough, and then tells every
    /// shard.</summary>
    /// <param name="readsAll">Whether nothing that is in the log is unread: else a later count may have been asked for, and nobody is left out of
    /// this one.</param>
    /// <returns>Whether anything was appended.</returns>
    public async Task<bool> CompleteAsync(Instant now, bool readsAll, CancellationToken ct)
    {
        if (_waiting.Count == 0 || (_looked is { } last && last.ReadAll == readsAll && time.GetElapsedTime(last.At) < LookAgain)) return false;
        _looked = (time.GetTimestamp(), readsAll);
        var appended = false;
        foreach (var (tenant, (id, since)) in _waiting.ToList())
        {
            if (!tenant.HasRecorded(id))
            {
                var waits = !readsAll || now - since < Patience;
                if (await _counts.TogetherAsync(tenant.Tenant, id, tenant.Release, waits, ct) is not { } computed) continue;
                await _counts.AppendAsync(tenant.Tenant, computed, id, ct);
                appended = true;
            }
            _waiting.Remove(tenant);
        }
        return appended;
    }

    private void Release() => (_counting, _scan) = (null, null);
}
