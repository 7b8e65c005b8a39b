using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;

namespace Lifecycle.Domain.Stages;

/// <summary>A track as it is judged: its stages' conditions by their index, and what matters while a customer is in each stage.</summary>
internal sealed class TrackPlan
{
    /// <summary>The index of a condition that is not there.</summary>
    public const int None = -1;

    private readonly ImmutableArray<StagePlan> _stages;

    /// <param name="indexOf">The index of a condition among the release's.</param>
    public TrackPlan(Track track, Func<Term, int> indexOf)
    {
        Track = track;
        _stages = [.. track.Stages.Select(stage => new StagePlan(track, stage, indexOf))];
        Cuts = [.. track.Stages.SelectMany(stage => new[] { stage.When, stage.Keep }).OfType<Term>().SelectMany(condition => condition.WithParts())
            .OfType<RankedTerm>().Select(ranked => ranked.Cut.Key).Distinct()];
        Confirming = [.. _stages.Where(stage => stage.Stage.Confirm > 0 && stage.When != None)];
    }

    public Track Track { get; }

    /// <summary>The stages whose threshold must hold for a while before they are entered.</summary>
    public ImmutableArray<StagePlan> Confirming { get; }

    /// <summary>The questions about all customers of the tenant that its conditions ask, by key.</summary>
    public ImmutableArray<string> Cuts { get; }

    /// <summary>Whether something that the conditions read was not counted yet. Until it is, nobody enters or leaves a stage of the track.</summary>
    public bool Rests(CustomerDecisions standing)
    {
        foreach (var cut in Cuts)
            if (!standing.Cuts.ContainsKey(cut)) return true;
        return false;
    }

    /// <summary>The plan of a stage; of the first where the track has none of this name.</summary>
    public StagePlan In(string stage)
    {
        foreach (var plan in _stages)
            if (plan.Stage.Name == stage) return plan;
        return _stages[0];
    }

    public StagePlan this[int stage] => _stages[stage];

    /// <summary>What matters while a customer is in a stage. Conditions are told by their index among the release's.</summary>
    internal sealed class StagePlan
    {
        public StagePlan(Track track, Stage stage, Func<Term, int> indexOf)
        {
            Stage = stage;
            When = stage.When is { } when ? indexOf(when) : None;
            Keeping = stage.Keeping is { } keeping ? indexOf(keeping) : None;
            Claims = [.. track.Stages.Where(other => other.When is not null && other.MayFollow(stage)).Reverse().Select(other => other.Index)];
            var canReturn = Claims.Any(claim => !track.Stages[claim].IsAfter(stage));
            // What is cheap to foresee goes first, so that the dear ones need not be followed as far.
            Watched = [.. track.Stages.Where(other => other.Confirm > 0 || other.MayFollow(stage)).Select(other => other.When)
                .Append(canReturn ? stage.Keeping : null).OfType<Term>().Distinct().OrderBy(condition => condition.WithParts().Count())
                .Select(indexOf)];
        }

        public Stage Stage { get; }
        public int When { get; }

        /// <summary>What keeps the customer from stages listed earlier; none for a stage that always does.</summary>
        public int Keeping { get; }

        /// <summary>The stages that may claim the customer from here, the last listed first.</summary>
        public ImmutableArray<int> Claims { get; }

        /// <summary>The conditions whose flip may move the customer or start or end a hold.</summary>
        public ImmutableArray<int> Watched { get; }
    }
}
