using System.Collections.Frozen;
using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;

namespace Lifecycle.Domain.Loyalty;

/// <summary>What points are given for.</summary>
/// <param name="Event">The event that earns. What it earned a refund of it takes back.</param>
/// <param name="Where">Which of these events earn; all if null.</param>
/// <param name="Points">How many; the event's properties are <c>trigger.NAME</c>. Zero and missing earn nothing, less than zero takes points
/// back.</param>
public sealed record EarnRule(string Event, Term? Where, Term Points);

/// <summary>How points are earned, and when they expire.</summary>
/// <param name="Expire">How long after the end of the date on which they were earned, in milliseconds; null for never.</param>
public sealed record PointsRules(ImmutableArray<EarnRule> Earn, long? Expire)
{
    /// <summary>The refunds that every definition has.</summary>
    public static readonly FrozenDictionary<string, string> BuiltInRefunds =
        new Dictionary<string, string> { ["order_refunded"] = "order_completed", ["chargeback"] = "order_completed" }.ToFrozenDictionary();

    /// <summary>Events that take points back, and the event whose points each takes back; those built in included.</summary>
    public FrozenDictionary<string, string> Refunds { get; init; } = BuiltInRefunds;
}
