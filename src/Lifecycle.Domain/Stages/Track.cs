using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;

namespace Lifecycle.Domain.Stages;

/// <summary>A track of stages, listed from the weakest claim to the strongest. A customer is in one stage of each track and starts in the
/// first.</summary>
public sealed record Track(string Name, ImmutableArray<Stage> Stages)
{
    public Stage First => Stages[0];

    public Stage? Find(string name)
    {
        foreach (var stage in Stages)
            if (stage.Name == name) return stage;
        return null;
    }
}

/// <summary>A stage and what moves customers into and out of it.</summary>
public sealed record Stage
{
    public required string Name { get; init; }

    /// <summary>Its place in the track, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Titles by language tag.</summary>
    public ImmutableSortedDictionary<string, string> Titles { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its name in an earlier release, under which customers may still be in it.</summary>
    public string? Was { get; init; }

    /// <summary>The group that charts fold this stage into.</summary>
    public string? Group { get; init; }

    /// <summary>Stages it may be entered from; null means any other.</summary>
    public ImmutableArray<string>? From { get; init; }

    /// <summary>The threshold in. A stage without one is never entered again.</summary>
    public Term? When { get; init; }

    /// <summary>The threshold out: while it holds, no stage listed earlier may claim the customer. Default: <see cref="When"/>.</summary>
    public Term? Keep { get; init; }

    /// <summary>For how long the threshold in must have held without a break, in milliseconds.</summary>
    public long Confirm { get; init; }

    /// <summary>For how long the customer stays at least, in milliseconds.</summary>
    public long MinimumStay { get; init; }

    /// <summary>What customers may do while they are in this stage.</summary>
    public ImmutableArray<string> Benefits { get; init; } = [];

    /// <summary>How long its benefits last after it is left, in milliseconds.</summary>
    public long Grace { get; init; }

    public Term? Keeping => Keep ?? When;

    public bool MayFollow(Stage present) => present.Name != Name && (From is not { } from || from.Contains(present.Name));

    public bool IsAfter(Stage present) => Index > present.Index;
}
