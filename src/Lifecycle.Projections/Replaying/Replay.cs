using System.Text;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>Recomputes facts from the inputs in the log and compares them with the facts in the log. Nothing is written.</summary>
public sealed class Replay(Log log, Releases releases)
{
    /// <summary>As many differences of one shard as a report lists.</summary>
    public const int DifferencesMax = 100;

    private const int PageMax = 200;

    private readonly LogDatabase _database = log.Database;
    private readonly Tenants _tenants = new(log.Database);

    /// <summary>Compares every customer of every shard, shard by shard.</summary>
    public async Task<ReplayReport> CompareAsync(CancellationToken ct = default)
    {
        var report = ReplayReport.Empty;
        for (var shard = 0; shard < _database.Shards; shard++) report = report.And(await CompareAsync(shard, ct));
        return report;
    }

    /// <summary>Compares every customer of one shard, as far as it has been processed.</summary>
    public async Task<ReplayReport> CompareAsync(int shard, CancellationToken ct = default)
    {
        var scene = await OpenAsync(shard, ct);
        var report = ReplayReport.Empty;
        var after = new CustomerAddress(0, new CustomerKey(Guid.Empty));
        while (true)
        {
            var page = await _database.Statement("read_customers_after").With(shard).With(after.Tenant).With(after.Key.Value).With(PageMax)
                .ListAsync(row => new CustomerAddress(row.GetInt32(0), row.GetCustomer(1)), ct);
            if (page.Count == 0) return report with { Differences = [.. report.Differences.Take(DifferencesMax)] };
            report = report.And(await CompareAsync(scene, page, ct));
            after = page[^1];
        }
    }

    /// <summary>Compares one customer.</summary>
    public async Task<ReplayReport> CompareAsync(CustomerRef customer, CancellationToken ct = default) =>
        await CompareAsync(await OpenAsync(customer.Shard, ct), [new CustomerAddress(customer.Tenant, customer.Key)], ct);

    private async Task<Scene> OpenAsync(int shard, CancellationToken ct)
    {
        var checkpoint = await _database.Statement("read_lease").With(shard)
            .ListAsync(row => new Checkpoint(row.GetInt64(2), row.GetInt64(3), row.GetInstant(4)), ct);
        var memory = new ShardMemory(log, _tenants, releases, shard, customersMax: 1, NullLogger.Instance);
        await memory.OpenAsync(checkpoint[0].Consumed, ct);
        return new Scene(memory, checkpoint[0]);
    }

    private async Task<ReplayReport> CompareAsync(Scene scene, IReadOnlyCollection<CustomerAddress> addresses, CancellationToken ct)
    {
        var shard = scene.Memory.Shard;
        var query = _database.Statement("read_events_of").With(shard)
            .With(addresses.Select(address => address.Tenant).ToArray()).With(addresses.Select(address => address.Key.Value).ToArray());
        var rows = (await query.ListAsync(row => (Row: row.GetLogRow(shard), LivedTo: row.GetInt64(16)), ct))
            .ToLookup(entry => new CustomerAddress(entry.Row.Tenant, entry.Row.Customer!.Value));
        var (facts, aside, differences) = (0L, 0L, new List<FactDifference>());
        foreach (var address in addresses)
        {
            if (scene.Memory.SetAside.ContainsKey(address))
            {
                aside++;
                continue;
            }
            var tenant = await scene.Memory.TenantAsync(address.Tenant, ct);
            var own = rows[address].Select(entry => entry.Row).ToList();
            var livedTo = rows[address].Select(entry => entry.LivedTo).DefaultIfEmpty().First();
            var stored = own.Where(row => row.Kind == EventKind.Fact).ToList();
            var computed = Compute(scene, tenant, address, own, stored, livedTo);
            facts += stored.Count;
            differences.AddRange(Differences(shard, address, stored, computed));
        }
        return new ReplayReport(addresses.Count - aside, facts, aside, differences.Count, [.. differences.Take(DifferencesMax)]);
    }

    /// <summary>Lives a customer's life again, as far as the shard has come.</summary>
    private static List<RecordedFact> Compute(
        Scene scene, TenantInShard tenant, CustomerAddress address, List<LogRow> own, List<LogRow> stored, long livedTo)
    {
        var inputs = own.Where(row => row.Kind == EventKind.Input && row.Position <= scene.Checkpoint.Consumed).ToList();
        // A firing or a sweep may have been interrupted after it reached this customer and before the checkpoint says so.
        var until = stored.Select(row => row.Clock).Append(scene.Checkpoint.FiredTo).Max();
        var visit = new Visit([.. inputs.Select(EventCodec.ToRecorded)], Math.Max(scene.Checkpoint.Swept, livedTo), tenant.Tenant.Test ? null : until);
        return visit.Run(tenant, new CustomerState(address.Key), Visitor.Before(inputs), out _).Facts;
    }

    private static IEnumerable<FactDifference> Differences(int shard, CustomerAddress address, List<LogRow> stored, List<RecordedFact> computed)
    {
        var before = stored.GroupBy(row => row.Id).ToDictionary(rows => rows.Key, rows => rows.ToList());
        var after = computed.ToDictionary(fact => fact.Id);
        foreach (var (id, rows) in before)
        {
            var expected = InTheFormOf(rows[0], after.GetValueOrDefault(id), address.Tenant, address.Key);
            for (var i = 0; i < rows.Count; i++)
            {
                // A second fact under one id is one too many, whatever it says.
                var found = Compared(rows[i]);
                if (i > 0 || found != expected) yield return new FactDifference(shard, address.Tenant, address.Key, id, found, i > 0 ? null : expected);
            }
        }
        foreach (var (id, fact) in after)
            if (!before.ContainsKey(id)) yield return new FactDifference(shard, address.Tenant, address.Key, id, null, Compared(NewFact.Of(address.Tenant, address.Key, fact)));
    }

    // What an earlier version of this program stored is compared in the form it had then.
    private static ComparedFact? InTheFormOf(LogRow stored, RecordedFact? computed, int tenant, CustomerKey customer)
    {
        if (computed is null) return null;
        var now = Compared(NewFact.Of(tenant, customer, computed));
        if (stored.Version >= now.Version) return now;
        return now with { Version = stored.Version, Open = Encoding.UTF8.GetString(EventCodec.WriteOpen(computed.Fact, stored.Version)) };
    }

    private static ComparedFact Compared(LogRow row) =>
        new(row.Clock, row.Name, row.Version, Encoding.UTF8.GetString(row.Open.Span), row.Cause!.Value, row.Ordinal!.Value);

    private static ComparedFact Compared(NewFact fact) =>
        new(fact.Clock, fact.Name, fact.Version, Encoding.UTF8.GetString(fact.Open), fact.Cause, fact.Ordinal);

    private sealed record Scene(ShardMemory Memory, Checkpoint Checkpoint);
}
