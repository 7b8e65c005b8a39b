using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Wording;
using NodaTime;

namespace Lifecycle.Projections.Queries;

/// <summary>A stay in a stage, and why the customer came to it.</summary>
/// <param name="To">When they left; null for the present stage.</param>
/// <param name="CauseEvent">The event that moved them, where one did.</param>
/// <param name="Because">The condition with every value; null for a beginning.</param>
public sealed record StageSpan(string Track, string Stage, Instant From, Instant? To, MoveCause Cause, RecordId? CauseEvent, int Release,
    Explanation? Because, BilingualText Words);

/// <summary>How many customers are in each stage of a track at one instant.</summary>
public sealed record StageSummary(string Track, Instant At, IReadOnlyList<StageCount> Stages);

/// <param name="Group">The group that charts fold the stage into; null where it is in none.</param>
public sealed record StageCount(string Stage, string? Group, long Customers);

/// <summary>How many customers were in each stage of a track at each of some instants.</summary>
/// <param name="Instants">Ascending.</param>
public sealed record StageHistory(string Track, IReadOnlyList<Instant> Instants, IReadOnlyList<StageOverTime> Stages)
{
    /// <summary>As many instants as are asked for at once: a year of days and a little more.</summary>
    public const int InstantsMax = 400;
}

/// <param name="Title">What people call it: the English title, else another, else the name.</param>
/// <param name="Group">The group that charts fold the stage into; null where it is in none.</param>
/// <param name="Customers">One number for each instant.</param>
public sealed record StageOverTime(string Stage, string Title, string? Group, IReadOnlyList<long> Customers);

/// <summary>Whose membership is asked for.</summary>
public sealed record MembersQuestion
{
    public const int LimitMax = 1000;

    /// <summary>Null for the definition's first track, or the first that has the stage.</summary>
    public string? Track { get; init; }

    /// <summary>A stage or a group; null for everybody in the track.</summary>
    public string? Stage { get; init; }

    /// <summary>Null for now.</summary>
    public Instant? At { get; init; }

    /// <summary>By shard, the only customers that are meant; null for all.</summary>
    public IReadOnlyDictionary<int, Guid[]>? Among { get; init; }

    /// <summary>As many members as a page holds, 1 to <see cref="LimitMax"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Where the page before ended.</summary>
    public MembersCursor? After { get; init; }
}

/// <param name="Since">When they entered the stage.</param>
public sealed record StageMember(string Id, string Track, string Stage, Instant Since, int Release);

/// <param name="Next">Where the next page goes on; null after the last.</param>
public sealed record MembersPage(string Track, IReadOnlyList<StageMember> Members, MembersCursor? Next);
