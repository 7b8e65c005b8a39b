using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Releases;

namespace Lifecycle.Projections.Replaying;

/// <summary>Recomputes facts from the inputs in the log and compares them with the facts in the log. Nothing is written.</summary>
public sealed class Replay(TouchpointLog log, ReleaseStore releases)
{
    /// <summary>As many differences of one shard as a report lists.</summary>
    public const int DifferencesMax = 100;

    private const int PageMax = 200;

    private readonly CustomerDirectory _customers = new(log.Database);

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
        var replayer = await HistoryReplayer.OpenAsync(log, releases, shard, ct);
        var report = ReplayReport.Empty;
        await foreach (var page in replayer.PagesAsync(PageMax, ct)) report = report.And(await CompareAsync(replayer, page, ct));
        return report with
        {
            Differences = [.. report.Differences.Take(DifferencesMax)],
            Unlived = [.. report.Unlived.Take(UnreplayableCustomer.ListedMax)],
        };
    }

    /// <summary>Compares one customer.</summary>
    public async Task<ReplayReport> CompareAsync(CustomerRef customer, CancellationToken ct = default) =>
        await CompareAsync(await HistoryReplayer.OpenAsync(log, releases, customer.Shard, ct), [new CustomerAddress(customer.Tenant, customer.Key)],
        ct);

    private async Task<ReplayReport> CompareAsync(HistoryReplayer replayer, IReadOnlyCollection<CustomerAddress> addresses, CancellationToken ct)
    {
        var (lives, unlived, erased) = await replayer.LiveAsync(addresses, ct);
        // The server beside may have judged what came after this began; facts of theirs would seem too many.
        var compared = lives.Where(life => life is { IsUnjudged: false, IsBehind: false }).ToList();
        var (count, differences) = (0L, new List<FactDifference>());
        foreach (var life in compared)
        {
            var found = FactComparison.Differences(replayer.Shard, life).ToList();
            count += found.Count;
            if (found.Count == 0 || differences.Count >= DifferencesMax) continue;
            var id = await _customers.FindIdAsync(life.Address.Tenant, replayer.Shard, life.Address.Key, ct);
            differences.AddRange(found.Select(difference => difference with { CustomerId = id }).Take(DifferencesMax - differences.Count));
        }
        return new ReplayReport(compared.Count, compared.Sum(life => (long)life.Stored.Count), addresses.Count - lives.Count - erased,
            lives.Count - compared.Count,
            count, differences, unlived) { Erased = erased, Uncompared = compared.Sum(life => (long)life.Earlier.Count) };
    }
}
