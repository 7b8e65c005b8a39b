using System.Runtime.CompilerServices;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Sql;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Lifecycle.Projections.Replaying;

/// <summary>A customer whose life cannot be lived again: the code throws for them, or a row of theirs cannot be read.</summary>
/// <param name="Tenant">The tenant's name.</param>
/// <param name="CustomerId">The id that the customer was sent with; null where it is not known any more.</param>
/// <param name="Reason">What went wrong, on one line.</param>
public sealed record UnreplayableCustomer(int Shard, string Tenant, CustomerKey Customer, string? CustomerId, string Reason)
{
    /// <summary>As many of one shard as a report names.</summary>
    public const int ListedMax = 100;
}

/// <summary>A customer's life lived again from the inputs in the log.</summary>
/// <param name="Stored">The facts that the log holds, from the last change of the engine's version on.</param>
/// <param name="Facts">The facts that the inputs give.</param>
/// <param name="Events">How many rows of the log are theirs.</param>
/// <param name="LookUps">What they can be found by.</param>
/// <param name="Earlier">The facts in the log that another version of the engine has said.</param>
/// <param name="IsUnjudged">Something that concerns them came after what was lived here.</param>
/// <param name="IsBehind">Another version of the engine has judged them to the last, and what it decided is in their state alone.</param>
internal sealed record ReplayedCustomer(TenantInShard Tenant, CustomerAddress Address, CustomerState State, List<LogRow> Stored,
    List<RecordedFact> Facts,
    Instant NextReview, int Events, IReadOnlyList<LogRow> Earlier, bool IsUnjudged, bool IsBehind, IReadOnlyList<LookUpRow> LookUps);

/// <summary>The lives of some customers. Who is set aside or erased is in neither list.</summary>
/// <param name="Erased">How many of them were erased.</param>
internal sealed record ReplayedPage(List<ReplayedCustomer> Lived, List<UnreplayableCustomer> Unlived, int Erased);

/// <summary>Lives the lives of a shard's customers again, as far as the shard has been processed, page by page. Nothing is written.</summary>
internal sealed class HistoryReplayer
{
    private readonly TouchpointLog _log;
    private readonly LogDatabase _database;
    private readonly ShardMemory _memory;
    private readonly CustomerDirectory _customers;

    private HistoryReplayer(TouchpointLog log, ShardMemory memory, Checkpoint checkpoint) =>
        (_log, _database, _memory, _customers, Checkpoint) = (log, log.Database, memory, new CustomerDirectory(log.Database), checkpoint);

    public Checkpoint Checkpoint { get; }

    public int Shard => _memory.Shard;

    public static async Task<HistoryReplayer> OpenAsync(TouchpointLog log, ReleaseStore releases, int shard, CancellationToken ct)
    {
        var checkpoint = await log.Database.Statement("read_lease").With(shard)
            .ListAsync(row => new Checkpoint(row.GetInt64(2), row.GetInt64(3), row.GetInstant(4)), ct);
        var memory = new ShardMemory(log, new TenantStore(log.Database), releases, shard, customersMax: 1, bytesMax: 0, NullLogger.Instance);
        await memory.OpenAsync(checkpoint[0].Consumed, ct);
        return new HistoryReplayer(log, memory, checkpoint[0]);
    }

    /// <summary>Everybody of the shard, in pages of so many.</summary>
    public async IAsyncEnumerable<IReadOnlyList<CustomerAddress>> PagesAsync(int size, [EnumeratorCancellation] CancellationToken ct)
    {
        var after = new CustomerAddress(0, new CustomerKey(Guid.Empty));
        while (true)
        {
            var page = await _database.Statement("read_customers_after").With(Shard).With(after.Tenant).With(after.Key.Value).With(size)
                .ListAsync(row => new CustomerAddress(row.GetInt32(0), row.GetCustomer(1)), ct);
            if (page.Count == 0) yield break;
            yield return page;
            after = page[^1];
        }
    }

    /// <summary>The lives of some customers. As in processing, whoever's cannot be lived holds up nobody else.</summary>
    public async Task<ReplayedPage> LiveAsync(IReadOnlyCollection<CustomerAddress> addresses, CancellationToken ct)
    {
        var livedTo = new Dictionary<CustomerAddress, long>(addresses.Count);
        var own = await _database.Archive.WithAsync<List<LogRow>>(Shard, addresses, async archived =>
            [.. archived, .. await EventsOfAsync(addresses, livedTo, ct)], ct);
        var rows = (await _memory.OpenedAsync(own, ct)).ToLookup(row => new CustomerAddress(row.Tenant, row.Customer!.Value));
        // Asked for last: whose key was gone when their rows were opened is among them.
        var erased = await _log.ReadErasedAsync(Shard, ct);
        var page = new ReplayedPage(new List<ReplayedCustomer>(addresses.Count), [], addresses.Count(erased.Contains));
        foreach (var address in addresses)
        {
            if (erased.Contains(address)) continue;
            if (_memory.Quarantined.ContainsKey(address)) continue;
            var tenant = await _memory.TenantAsync(address.Tenant, ct);
            try
            {
                page.Lived.Add(Live(tenant, address, [.. rows[address]], livedTo.GetValueOrDefault(address)));
            }
            catch (Exception failure)
            {
                var id = page.Unlived.Count < UnreplayableCustomer.ListedMax ? await _customers.FindIdAsync(address.Tenant, Shard, address.Key, ct)
                    : null;
                page.Unlived.Add(
                    new UnreplayableCustomer(
                    Shard, tenant.Tenant.Name, address.Key, id, $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}"));
            }
        }
        return page;
    }

    /// <summary>The rows in the database, all of one moment, with how far each customer's state had lived at that moment.</summary>
    private async Task<List<LogRow>> EventsOfAsync(IReadOnlyCollection<CustomerAddress> addresses, Dictionary<CustomerAddress, long> livedTo,
        CancellationToken ct)
    {
        var query = _database.Statement("read_events_of").With(Shard)
            .With(addresses.Select(address => address.Tenant).ToArray()).With(addresses.Select(address => address.Key.Value).ToArray());
        var rows = await query.ListAsync(row =>
        {
            livedTo[new CustomerAddress(row.GetInt32(17), row.GetCustomer(18))] = row.GetInt64(16);
            return row.IsDBNull(0) ? null : row.GetLogRow(Shard);
        }, ct);
        return [.. rows.OfType<LogRow>()];
    }

    private ReplayedCustomer Live(TenantInShard tenant, CustomerAddress address, List<LogRow> own, long livedTo)
    {
        var inputs = own.Where(row => row.Kind == EventKind.Input && row.Position <= Checkpoint.Consumed).ToList();
        var stored = own.Where(row => row.Kind == EventKind.Fact).OrderBy(row => row.Position).ToList();
        var (state, earlier, since) = Beginning(tenant, address, stored);
        // A firing or a sweep may have been interrupted after it reached this customer and before the checkpoint says so.
        var until = stored.Select(row => row.Clock).Append(Checkpoint.FiredTo).Max();
        var recorded = inputs.Select(EventCodec.ToRecorded).ToList();
        var timeline = new CustomerTimeline([.. recorded.Where(input => input.Position > since)], Math.Max(Checkpoint.Swept, livedTo),
            tenant.Tenant.Test ? null : until);
        var (facts, next) = timeline.Run(tenant, state, WorkExecutor.Before([.. inputs, .. earlier]), out _);
        var unjudged = livedTo > Checkpoint.Consumed || own.Exists(row => row.Kind == EventKind.Input && row.Position > Checkpoint.Consumed);
        // Whom a change of the engine has not reached yet was judged by another version to the last.
        var behind = tenant.Engine != _database.Options.Engine && tenant.Engine is not null
            || tenant.EngineChange?.Position is { } change && timeline.Through < change && recorded.Exists(input => input.Position < change);
        return new ReplayedCustomer(tenant, address, state, stored[earlier.Count..], facts, next, own.Count, earlier, unjudged, behind,
            [.. LookUpRow.Of(tenant.Tenant, address, recorded)]);
    }

    /// <summary>The state from which a life is lived again, the facts before it, and the position after which inputs count.</summary>
    private static (CustomerState State, List<LogRow> Earlier, long Since) Beginning(
        TenantInShard tenant, CustomerAddress address, List<LogRow> stored)
    {
        var kept = stored.FindLastIndex(row => row.Name == EventCatalog.NameOf(typeof(DecisionsKept)));
        if (kept < 0 || tenant.PositionOf(stored[kept].Cause!.Value) is not { } since) return (new CustomerState(address.Key), [], 0);
        var decided = (DecisionsKept)EventCodec.ToRecordedFact(stored[kept]).Fact;
        return (StateCodec.ReadDecided(Convert.FromBase64String(decided.State), address.Key), stored[..kept], since);
    }
}
