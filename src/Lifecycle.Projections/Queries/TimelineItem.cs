using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NodaTime;

namespace Lifecycle.Projections.Queries;

public enum TimelineKind : byte { Input, Fact, Span }

/// <summary>One thing in a customer's timeline.</summary>
/// <param name="Name">The event's name; a span's stage.</param>
/// <param name="Id">32 hexadecimal digits; a span has that of the fact by which it began.</param>
/// <param name="OccurredAt">When it happened; for a span, when it began.</param>
/// <param name="Clock">When it took effect.</param>
/// <param name="Late">It occurred before the customer's clock of the moment it came: it changed metrics and rewrote nothing. For what is live,
/// something has a clock between its occurrence and its recording; for what is imported, something appended before it has a later clock. Facts and
/// spans are never late.</param>
/// <param name="Properties">Of an input what was sent, personal members included; of a fact its members; of a span <c>track stage from to
/// release</c>.</param>
public sealed record TimelineItem(
    TimelineKind Kind, string Name, string Id, Instant OccurredAt, Instant RecordedAt, Instant Clock, bool Late, JsonObject Properties)
{
    /// <summary>What the sender called the event, before it was named in snake_case; null for anything but a track call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RawName { get; init; }

    /// <summary>The sender's id of the message; null for what nobody sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MessageId { get; init; }

    /// <summary>The group that a group call names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }

    /// <summary>Where the message came from, personal members included; null where it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Context { get; init; }
}

/// <summary>What of a timeline is wanted.</summary>
public sealed record TimelineQuestion
{
    public const int LimitMax = 1000;

    /// <summary>The first clock, included.</summary>
    public Instant? From { get; init; }

    /// <summary>The last clock, excluded.</summary>
    public Instant? To { get; init; }

    /// <summary>Only these kinds; null for all.</summary>
    public IReadOnlyList<TimelineKind>? Kinds { get; init; }

    internal bool Wants(TimelineKind kind) => Kinds?.Contains(kind) != false;

    /// <summary>Only these names; null for all.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The latest first instead of the earliest.</summary>
    public bool LatestFirst { get; init; }

    /// <summary>As many items as a page holds, 1 to <see cref="LimitMax"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Where the page before ended.</summary>
    public TimelineCursor? After { get; init; }
}

/// <param name="Next">Where the next page goes on; null after the last.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineItem> Items, TimelineCursor? Next);
