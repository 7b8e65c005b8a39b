using System.Collections.Immutable;
using NodaTime;

namespace Lifecycle.Domain.Events;

/// <summary>What came from outside about one customer. The set is closed: these are all the ways in which a customer's machine can be told
/// something.</summary>
public abstract record Input
{
    private protected Input()
    {
    }
}

/// <summary>Something a customer did or that happened to them: <c>order_completed</c>, <c>session_start</c>, <c>page_viewed</c>.</summary>
/// <param name="Name">snake_case, after aliases.</param>
public sealed record Touchpoint(string Name, Properties Properties) : Input;

/// <summary>What is known of the customer changed. Members that are null forget; members not named stay.</summary>
public sealed record ProfileChanged(Properties Traits) : Input;

/// <summary>The customer belongs to a group, such as a guild or a company.</summary>
public sealed record GroupJoined(string Group, Properties Traits) : Input;

/// <summary>The customer was known by another id before. The link is carried over to that id's customer as <see cref="IdentityClaimed"/>.</summary>
public sealed record IdentityLinked(string PreviousId) : Input;

/// <summary>Another customer's link said that this customer and they are one. Carried over, never sent.</summary>
public sealed record IdentityClaimed(string By) : Input;

/// <summary>Somebody asked for the customer to be forgotten: their life ends here. Never sent, and the last of their inputs.</summary>
public sealed record CustomerErased : Input
{
    public static readonly CustomerErased Instance = new();
}

/// <summary>A message of a type that nobody here knows yet, kept so that a later version can.</summary>
public sealed record MessageReceived(string Type, Properties Properties) : Input;

/// <summary>What became of an action that a journey requested.</summary>
/// <param name="Key">The request's key.</param>
/// <param name="Endpoint">The endpoint it was for, zero where there was none.</param>
/// <param name="Attempt">One for the first.</param>
/// <param name="Until">When it is tried again, if postponed.</param>
/// <param name="Because">Why it was postponed or withheld, a stable code.</param>
public sealed record ActionOutcome(RecordId Key, int Endpoint, int Attempt, Outcome Outcome, Instant? Until, string? Because) : Input;

public enum Outcome : byte { Sent, Postponed, Withheld }

/// <summary>What concerns all customers of a tenant in one shard.</summary>
public abstract record ShardInput
{
    private protected ShardInput()
    {
    }
}

/// <summary>From here on this release rules.</summary>
/// <remarks>The release that ruled already is activated anew when another version of the engine begins to judge by it.</remarks>
/// <param name="Cuts">The cut points of what this release asks for and the one before it did not.</param>
public sealed record ReleaseActivated(int Release, string Hash, ImmutableArray<CutPoints> Cuts = default) : ShardInput
{
    /// <summary>The version of the engine that judges from here on.</summary>
    public EngineVersion Engine { get; init; } = EngineVersion.Present;

    public ImmutableArray<CutPoints> Cuts { get; init; } = Cuts.IsDefault ? [] : Cuts;

    public bool Equals(ReleaseActivated? other) =>
        other is not null && Release == other.Release && Hash == other.Hash && Engine == other.Engine && Cuts.SequenceEqual(other.Cuts);

    public override int GetHashCode() => Release;
}

/// <summary>Imported history begins: until it is closed, customers known by it alone live by their own inputs.</summary>
public sealed record HistoryOpened : ShardInput;

/// <summary>Imported history is complete: those customers live on to this instant, quietly, and by the wall from then on.</summary>
public sealed record HistoryClosed : ShardInput;

/// <summary>From here on all customers of the tenant are to be counted once, as they are: the last of its imported histories is complete. It moves
/// nobody.</summary>
public sealed record CountAsked : ShardInput;

/// <summary>A test tenant's clock was set forward.</summary>
public sealed record ClockAdvanced(Instant To) : ShardInput;

/// <summary>All customers of the tenant were counted, each shard's when it had lived to a midnight of the tenant's zone, or to where that was asked.
/// Every shard has the same.</summary>
/// <param name="LeftOut">The shards that did not report in time and whose customers were not counted, in order.</param>
public sealed record CutPointsComputed(ImmutableArray<CutPoints> Points, ImmutableArray<int> LeftOut = default) : ShardInput
{
    public ImmutableArray<int> LeftOut { get; init; } = LeftOut.IsDefault ? [] : LeftOut;

    public bool Equals(CutPointsComputed? other) => other is not null && Points.SequenceEqual(other.Points) && LeftOut.SequenceEqual(other.LeftOut);

    public override int GetHashCode() => Points.Length;
}

/// <summary>The answer to what a rule asks about all customers of a tenant.</summary>
/// <param name="Cut">The question's key.</param>
/// <param name="Customers">How many were counted.</param>
/// <param name="Values">For <c>top</c> the least value that is among the top; for <c>quantile</c> the values at which one tile ends and the next
/// begins, in order. Empty where nobody was counted.</param>
public sealed record CutPoints(string Cut, long Customers, ImmutableArray<decimal> Values)
{
    public bool Equals(CutPoints? other) =>
        other is not null && Cut == other.Cut && Customers == other.Customers && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Cut, Customers);
}

/// <summary>An input with what the log knows about it.</summary>
/// <param name="Position">Its place in the shard's log, from 1 without gaps.</param>
/// <param name="Clock">When it takes effect; the machine uses the later of this and the customer's own clock.</param>
/// <param name="OccurredAt">When it happened, never after <paramref name="RecordedAt"/>. Windows hold events by this.</param>
/// <param name="Imported">Part of an imported history.</param>
/// <param name="Hops">Zero for what came from outside; one more than its cause's for what another customer's machine sent.</param>
public sealed record Recorded(
    long Position, Instant RecordedAt, Instant Clock, Instant OccurredAt, RecordId Id, bool Imported, int Hops, Input Input);

/// <summary>A shard input with its place, time and identity in the log.</summary>
public sealed record RecordedShardInput(long Position, Instant RecordedAt, Instant Clock, RecordId Id, ShardInput Input);
