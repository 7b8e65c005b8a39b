using System.Collections.Immutable;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Thresholds;

/// <summary>Counts all customers of a tenant for what a release asks and the one before it did not, before it is activated: so nobody is demoted by a
/// new question.</summary>
/// <remarks>States hold what the release before asks, so each customer's events are folded anew from the log, some customers at a time. Counted is
/// what the log holds when their turn comes.</remarks>
internal sealed class ReleaseCount(TouchpointLog log, Tenant tenant, Release release, Instant at)
{
    /// <summary>As many customers whose whole past is in memory at once.</summary>
    private const int TogetherMax = 64;

    private readonly PersonalParts _personal = new(log.Database);

    /// <summary>The answers to some of the release's questions.</summary>
    public async Task<ImmutableArray<CutPoints>> CountAsync(IReadOnlyList<TopThreshold> asked, CancellationToken ct)
    {
        if (asked.Count == 0) return [];
        var ranked = asked.DistinctBy(threshold => threshold.Ranked).ToList();
        var shards = await Task.WhenAll(Enumerable.Range(0, log.Database.Shards).Select(shard => CountAsync(shard, ranked, ct)));
        return TenantCounts.Answer(asked, [.. shards.SelectMany(counts => counts)]);
    }

    private async Task<IReadOnlyList<MetricCount>> CountAsync(int shard, List<TopThreshold> ranked, CancellationToken ct)
    {
        var values = ranked.Select(_ => new List<decimal>()).ToList();
        for (var after = Guid.Empty; ;)
        {
            var page = await log.Database.Statement("read_known_customers_after").With(shard).With(tenant.Id).With(after).With(TogetherMax)
                .ListAsync(row => new CustomerAddress(tenant.Id, row.GetCustomer(0)), ct);
            if (page.Count == 0) break;
            after = page[^1].Key.Value;
            foreach (var past in await PastsAsync(shard, page, ct))
            {
                if (!past.State.IsBorn) continue;
                var reading = release.Read(past.State, Instants.Later(at, past.State.Clock));
                for (var i = 0; i < values.Count; i++)
                    if (ranked[i].Measure(reading) is { } value) values[i].Add(value);
            }
        }
        return [.. ranked.Select((threshold, i) => new MetricCount(threshold.Ranked, ValueCounts.Write(values[i])))];
    }

    private async Task<IReadOnlyList<PastCustomer>> PastsAsync(int shard, List<CustomerAddress> page, CancellationToken ct)
    {
        var rows = await log.Database.Archive.ReadAsync(shard, page, _ => true, () => log.Database.Statement("read_past_of").With(shard)
            .With(page.Select(address => address.Tenant).ToArray()).With(page.Select(address => address.Key.Value).ToArray()).With(long.MaxValue),
            ct);
        var own = (await _personal.OpenAsync(shard, rows, ct)).ToLookup(row => row.Customer!.Value);
        return [.. page.Select(address =>
        {
            var past = new PastCustomer(address.Key, release, []);
            foreach (var row in own[address.Key]) past.Take(row);
            return past;
        })];
    }
}
