using System.Collections.Immutable;
using Lifecycle.Domain.Rules.Terms;

namespace Lifecycle.Domain.Loyalty;

/// <summary>What points are given for.</summary>
/// <param name="Event">The event that earns. What <c>order_completed</c> earned, <c>order_refunded</c> takes back by the same rule, its revenue being negative.</param>
/// <param name="Where">Which of these events earn; all if null.</param>
/// <param name="Points">How many; the event's properties are <c>trigger.NAME</c>. Zero and missing earn nothing, less than zero takes points back.</param>
public sealed record EarnRule(string Event, Term? Where, Term Points);

/// <summary>How points are earned, and when they expire.</summary>
/// <param name="Expire">How long after the end of the date on which they were earned, in milliseconds; null for never.</param>
public sealed record PointsRules(ImmutableArray<EarnRule> Earn, long? Expire);
