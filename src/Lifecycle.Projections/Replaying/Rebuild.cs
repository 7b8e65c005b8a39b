using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;

namespace Lifecycle.Projections.Replaying;

/// <summary>What a rebuild did.</summary>
/// <param name="Customers">Whose state, due instant and spans were made anew.</param>
/// <param name="Events">How many rows of the log they were made from.</param>
/// <param name="SetAside">Who was left as they are because they are set aside, or because their life cannot be lived again.</param>
/// <param name="Different">Who was left as they are because their inputs no longer give the facts in the log.</param>
/// <param name="Differences">The first facts of theirs that differ, at most <see cref="Replay.DifferencesMax"/> a shard.</param>
/// <param name="Unlived">Of those in <paramref name="SetAside"/> the first whose life cannot be lived again, at most
/// <see cref="UnreplayableCustomer.ListedMax"/> a shard.</param>
public sealed record RebuildReport(long Customers, long Events, long SetAside, long Different, IReadOnlyList<FactDifference> Differences,
    IReadOnlyList<UnreplayableCustomer> Unlived)
{
    public static readonly RebuildReport Empty = new(0, 0, 0, 0, [], []);

    /// <summary>Who was left as they are because another version of the engine has judged them to the last. The server refolds them when it goes
    /// on.</summary>
    public long Behind { get; init; }

    public RebuildReport And(RebuildReport other) => new(Customers + other.Customers, Events + other.Events, SetAside + other.SetAside,
        Different + other.Different, [.. Differences, .. other.Differences], [.. Unlived, .. other.Unlived])
    {
        Behind = Behind + other.Behind,
    };
}

/// <summary>Makes what is derived anew from the log: states, due instants and stage spans. The log itself stays as it is, and nothing is
/// delivered.</summary>
/// <remarks>For states that were lost, damaged, or written in a form that this version no longer reads. It compares facts as <see cref="Replay"/>
/// does, and leaves alone whoever's differ. It holds the shard's lease meanwhile; readers see each customer's old state or the new one. Interrupted
/// anywhere, it has done whole customers, and can be done again.</remarks>
public sealed class Rebuild(TouchpointLog log, ReleaseStore releases)
{
    private const int PageMax = 500;

    private readonly CustomerDirectory _customers = new(log.Database);

    /// <summary>Rebuilds one shard. Whoever processes it stops at the end of their step and goes on afterwards.</summary>
    /// <exception cref="LogUnavailableException">The shard passed to another process on the way; the message says to which and why.</exception>
    public async Task<RebuildReport> RunAsync(int shard, CancellationToken ct = default)
    {
        var leases = new LeaseStore(log.Database);
        await using var kept = new HeldLease(log.Database, await leases.TakeAsync(shard, Guid.NewGuid(), ct));
        return await RunAsync(kept, ct);
    }

    private async Task<RebuildReport> RunAsync(HeldLease kept, CancellationToken ct)
    {
        var lease = kept.Lease;
        var replayer = await HistoryReplayer.OpenAsync(log, releases, lease.Shard, ct);
        var (writer, report) = (new ShardTransactionWriter(log.Database), RebuildReport.Empty);
        var writing = Task.FromResult(true);
        await foreach (var page in replayer.PagesAsync(PageMax, ct))
        {
            var (lives, unlived, erased) = await replayer.LiveAsync(page, ct);
            // The page before is written while this one is lived.
            if (!await writing || kept.IsLost) throw await kept.LostAsync();
            var (transaction, differences, different) = (new ShardTransaction(), new List<FactDifference>(), 0);
            foreach (var life in lives.Where(life => !life.IsBehind))
            {
                var found = FactComparison.Differences(lease.Shard, life).ToList();
                if (found.Count == 0 && life.State.IsBorn)
                    transaction.Add(life.Tenant, new LiveCustomer(life.Address, life.State, storedDue: null),
                        [.. life.Earlier.Select(EventCodec.ToRecordedFact), .. life.Facts], life.NextReview, firedTo: null);
                if (found.Count == 0)
                {
                    transaction.LookUps.AddRange(life.LookUps);
                    continue;
                }
                different++;
                if (differences.Count >= Replay.DifferencesMax) continue;
                var id = await _customers.FindIdAsync(life.Address.Tenant, lease.Shard, life.Address.Key, ct);
                differences.AddRange(found.Select(difference => difference with { CustomerId = id }).Take(Replay.DifferencesMax - differences.Count));
            }
            writing = transaction.IsEmpty ? Task.FromResult(true) : writer.ReplaceAsync(lease, replayer.Checkpoint, transaction, ct);
            report = report.And(new RebuildReport(transaction.States.Count, lives.Sum(life => (long)life.Events), page.Count - lives.Count - erased,
                different, differences, unlived)
            {
                Behind = lives.Count(life => life.IsBehind),
            });
        }
        if (!await writing) throw await kept.LostAsync();
        return report with { Differences = [.. report.Differences.Take(Replay.DifferencesMax)], Unlived =
            [.. report.Unlived.Take(UnreplayableCustomer.ListedMax)] };
    }
}
