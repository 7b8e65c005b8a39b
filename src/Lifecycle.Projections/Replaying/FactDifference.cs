using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Projections.Replaying;

/// <summary>A fact that the log and the recomputation do not agree about.</summary>
/// <param name="Tenant">The tenant's name.</param>
/// <param name="CustomerId">The id that the customer was sent with; null where it is not known any more.</param>
/// <param name="Stored">What the log holds; null where it holds nothing of the kind.</param>
/// <param name="Computed">What the inputs give; null where they give nothing of the kind.</param>
public sealed record FactDifference(int Shard, string Tenant, CustomerKey Customer, string? CustomerId, RecordId Id, ComparedFact? Stored,
    ComparedFact? Computed)
{
    /// <summary>What of the fact differs, value by value; empty where it is on one side only.</summary>
    public IReadOnlyList<ValueDifference> Values => Stored is null || Computed is null ? [] : FactComparison.Values(Stored, Computed);
}

/// <summary>One value of a fact that differs.</summary>
/// <param name="Path">As <c>clock</c> or <c>because.parts[0].value</c>.</param>
/// <param name="Stored">As it is written in the log; null where the log has no such member.</param>
/// <param name="Computed">As the recomputation writes it; null where it has no such member.</param>
public sealed record ValueDifference(string Path, string? Stored, string? Computed);

/// <summary>All of a fact that must be the same in every replay. Position and recorded time need not be.</summary>
/// <param name="Open">The fact's JSON.</param>
public sealed record ComparedFact(Instant Clock, string Name, short Version, string Open, RecordId Cause, int Ordinal);

/// <summary>What a replay found.</summary>
/// <param name="Customers">How many were compared.</param>
/// <param name="Facts">How many facts of theirs in the log were compared.</param>
/// <param name="SetAside">How many customers were not compared because they are set aside, or because their life cannot be lived again.</param>
/// <param name="Unjudged">How many customers were not compared because something that concerns them is in the log and not judged yet, or not by this
/// version of the engine.</param>
/// <param name="DifferenceCount">How many facts differ.</param>
/// <param name="Differences">The first of them, at most <see cref="Replay.DifferencesMax"/> a shard.</param>
/// <param name="Unlived">Of those in <paramref name="SetAside"/> the first whose life cannot be lived again, at most
/// <see cref="UnreplayableCustomer.ListedMax"/> a shard.</param>
public sealed record ReplayReport(long Customers, long Facts, long SetAside, long Unjudged, long DifferenceCount,
    IReadOnlyList<FactDifference> Differences, IReadOnlyList<UnreplayableCustomer> Unlived)
{
    public static readonly ReplayReport Empty = new(0, 0, 0, 0, 0, [], []);

    /// <summary>How many facts were not compared because another version of the engine has said them.</summary>
    public long Uncompared { get; init; }

    /// <summary>How many were left out because they are erased.</summary>
    public long Erased { get; init; }

    public ReplayReport And(ReplayReport other) =>
        new(Customers + other.Customers, Facts + other.Facts, SetAside + other.SetAside, Unjudged + other.Unjudged,
        DifferenceCount + other.DifferenceCount, [.. Differences, .. other.Differences], [.. Unlived, .. other.Unlived])
    {
        Erased = Erased + other.Erased,
        Uncompared = Uncompared + other.Uncompared,
    };
}
