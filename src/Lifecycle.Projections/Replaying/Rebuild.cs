using Lifecycle.EventLog;

namespace Lifecycle.Projections;

/// <summary>What a rebuild did.</summary>
/// <param name="Customers">Whose state, due instant and spans were made anew.</param>
/// <param name="Events">How many rows of the log they were made from.</param>
/// <param name="SetAside">Who was left as they are because they are set aside, or because their life cannot be lived again.</param>
/// <param name="Different">Who was left as they are because their inputs no longer give the facts in the log; <c>verify</c> shows them.</param>
/// <param name="Unlived">Of those in <paramref name="SetAside"/> the first whose life cannot be lived again, at most <see cref="UnlivedCustomer.ListedMax"/> a shard.</param>
public sealed record RebuildReport(long Customers, long Events, long SetAside, long Different, IReadOnlyList<UnlivedCustomer> Unlived)
{
    public static readonly RebuildReport Empty = new(0, 0, 0, 0, []);

    public RebuildReport And(RebuildReport other) => new(Customers + other.Customers, Events + other.Events, SetAside + other.SetAside,
        Different + other.Different, [.. Unlived, .. other.Unlived]);
}

/// <summary>Makes what is derived anew from the log: states, due instants and stage spans. The log itself stays as it is, and nothing is delivered.</summary>
/// <remarks>For states that were lost, damaged, or written in a form that this version no longer reads. It holds the shard's lease meanwhile; readers see each
/// customer's old state or the new one. Interrupted anywhere, it has done whole customers, and can be done again.</remarks>
public sealed class Rebuild(Log log, Releases releases)
{
    private const int PageMax = 500;

    /// <summary>Rebuilds one shard. Whoever processes it stops at the end of their step and goes on afterwards.</summary>
    /// <exception cref="LogUnavailableException">Another rebuild took the shard on the way.</exception>
    public async Task<RebuildReport> RunAsync(int shard, CancellationToken ct = default)
    {
        var leases = new Leases(log.Database);
        var lease = await leases.TakeAsync(shard, Guid.NewGuid(), ct);
        try
        {
            return await RunAsync(leases, lease, ct);
        }
        finally
        {
            await leases.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private async Task<RebuildReport> RunAsync(Leases leases, Lease lease, CancellationToken ct)
    {
        var reliving = await Reliving.OpenAsync(log, releases, lease.Shard, ct);
        var (writer, report) = (new StepWriter(log.Database), RebuildReport.Empty);
        var writing = Task.FromResult(true);
        await foreach (var page in reliving.PagesAsync(PageMax, ct))
        {
            var (lives, unlived) = await reliving.LiveAsync(page, ct);
            // The page before is written while this one is lived.
            if (!await writing || !await leases.RenewAsync(lease, ct)) throw Lost(lease.Shard);
            var same = lives.Where(HasTheFactsOfTheLog).ToList();
            var step = new Step();
            foreach (var life in same.Where(life => life.State.IsBorn))
                step.Add(life.Tenant, new LiveCustomer(life.Address, life.State, storedDue: null), [.. life.Facts], life.NextReview, firedTo: null);
            writing = step.IsEmpty ? Task.FromResult(true) : writer.ReplaceAsync(lease, reliving.Checkpoint, step, ct);
            report = report.And(new RebuildReport(step.States.Count, lives.Sum(life => (long)life.Events), page.Count - lives.Count, lives.Count - same.Count, unlived));
        }
        return await writing ? report with { Unlived = [.. report.Unlived.Take(UnlivedCustomer.ListedMax)] } : throw Lost(lease.Shard);
    }

    // A fact's id follows from its cause and its place among what followed from it, so the same ids are the same moves.
    private static bool HasTheFactsOfTheLog(Relived life) =>
        life.Facts.Count == life.Stored.Count && life.Stored.Select(row => row.Id).ToHashSet().SetEquals(life.Facts.Select(fact => fact.Id));

    private static LogUnavailableException Lost(int shard) => new($"Shard {shard} was taken by another rebuild; let only one run at a time.");
}
