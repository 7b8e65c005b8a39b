using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>A fact that the log and the recomputation do not agree about.</summary>
/// <param name="Stored">What the log holds; null where it holds nothing of the kind.</param>
/// <param name="Computed">What the inputs give; null where they give nothing of the kind.</param>
public sealed record FactDifference(int Shard, int Tenant, CustomerKey Customer, EventId Id, ComparedFact? Stored, ComparedFact? Computed);

/// <summary>All of a fact that must be the same in every replay. Position and recorded time need not be.</summary>
/// <param name="Open">The fact's JSON.</param>
public sealed record ComparedFact(Instant Clock, string Name, short Version, string Open, EventId Cause, int Ordinal);

/// <summary>What a replay found.</summary>
/// <param name="Customers">How many were replayed.</param>
/// <param name="Facts">How many facts the log holds for them.</param>
/// <param name="SetAside">How many were left out because they are set aside, or because their life cannot be lived again.</param>
/// <param name="DifferenceCount">How many facts differ.</param>
/// <param name="Differences">The first of them, at most <see cref="Replay.DifferencesMax"/> a shard.</param>
/// <param name="Unlived">Of those in <paramref name="SetAside"/> the first whose life cannot be lived again, at most <see cref="UnlivedCustomer.ListedMax"/> a shard.</param>
public sealed record ReplayReport(long Customers, long Facts, long SetAside, long DifferenceCount, IReadOnlyList<FactDifference> Differences,
    IReadOnlyList<UnlivedCustomer> Unlived)
{
    public static readonly ReplayReport Empty = new(0, 0, 0, 0, [], []);

    public ReplayReport And(ReplayReport other) => new(Customers + other.Customers, Facts + other.Facts, SetAside + other.SetAside,
        DifferenceCount + other.DifferenceCount, [.. Differences, .. other.Differences], [.. Unlived, .. other.Unlived]);
}
