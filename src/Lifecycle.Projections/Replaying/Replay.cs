using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;

namespace Lifecycle.Projections;

/// <summary>Recomputes facts from the inputs in the log and compares them with the facts in the log. Nothing is written.</summary>
public sealed class Replay(Log log, Releases releases)
{
    /// <summary>As many differences of one shard as a report lists.</summary>
    public const int DifferencesMax = 100;

    private const int PageMax = 200;

    /// <summary>Compares every customer of every shard, shard by shard.</summary>
    public async Task<ReplayReport> CompareAsync(CancellationToken ct = default)
    {
        var report = ReplayReport.Empty;
        for (var shard = 0; shard < log.Database.Shards; shard++) report = report.And(await CompareAsync(shard, ct));
        return report;
    }

    /// <summary>Compares every customer of one shard, as far as it has been processed.</summary>
    public async Task<ReplayReport> CompareAsync(int shard, CancellationToken ct = default)
    {
        var reliving = await Reliving.OpenAsync(log, releases, shard, ct);
        var report = ReplayReport.Empty;
        await foreach (var page in reliving.PagesAsync(PageMax, ct)) report = report.And(await CompareAsync(reliving, page, ct));
        return report with
        {
            Differences = [.. report.Differences.Take(DifferencesMax)],
            Unlived = [.. report.Unlived.Take(UnlivedCustomer.ListedMax)],
        };
    }

    /// <summary>Compares one customer.</summary>
    public async Task<ReplayReport> CompareAsync(CustomerRef customer, CancellationToken ct = default) =>
        await CompareAsync(await Reliving.OpenAsync(log, releases, customer.Shard, ct), [new CustomerAddress(customer.Tenant, customer.Key)], ct);

    private static async Task<ReplayReport> CompareAsync(Reliving reliving, IReadOnlyCollection<CustomerAddress> addresses, CancellationToken ct)
    {
        var (lives, unlived) = await reliving.LiveAsync(addresses, ct);
        var differences = lives.SelectMany(life => Differences(reliving.Shard, life.Address, life.Stored, life.Facts)).ToList();
        return new ReplayReport(lives.Count, lives.Sum(life => (long)life.Stored.Count), addresses.Count - lives.Count, differences.Count,
            [.. differences.Take(DifferencesMax)], unlived);
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
}
