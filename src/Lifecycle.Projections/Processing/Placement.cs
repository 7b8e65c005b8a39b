using System.Globalization;
using Lifecycle.Domain.Events;

namespace Lifecycle.Projections.Processing;

/// <summary>Which process should hold which shard: a function of the processes alone, so that all who see the same ones agree.</summary>
/// <remarks>
/// Rendezvous hashing with a quota. Every pair of shard and process has a stable weight, and the heaviest pairs are given out first, to each process
/// as many as its even share. So the numbers of shards differ by one at most, and who comes or goes moves little beyond their own share.
/// </remarks>
internal static class Placement
{
    /// <summary>The process for each shard, by the shard's number; empty without processes.</summary>
    public static IReadOnlyList<Guid> Of(int shards, IReadOnlyCollection<Guid> processes)
    {
        if (processes.Count == 0) return [];
        var (share, rest) = Math.DivRem(shards, processes.Count);
        var holders = new Guid?[shards];
        var given = processes.ToDictionary(process => process, _ => 0);
        foreach (var (shard, process) in ByWeight(shards, processes))
        {
            if (holders[shard] is not null || given[process] > share || (given[process] == share && rest == 0)) continue;
            if (given[process]++ == share) rest--;
            holders[shard] = process;
        }
        return [.. holders.Select(holder => holder!.Value)];
    }

    private static IEnumerable<(int Shard, Guid Process)> ByWeight(int shards, IReadOnlyCollection<Guid> processes) =>
        from shard in Enumerable.Range(0, shards)
        from process in processes
        orderby StableHash.Of("placement", process.ToString("n"), shard.ToString(CultureInfo.InvariantCulture)) descending, process
        select (shard, process);
}
