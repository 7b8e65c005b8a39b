using System.Collections.Frozen;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>All names that the rules of one release may use, with what they stand for.</summary>
internal sealed class ReleaseNames(Diagnostics diagnostics)
{
    public Diagnostics Complaints { get; } = diagnostics;

    /// <summary>Types of <c>customer.NAME</c>.</summary>
    public Dictionary<string, RuleType> Attributes { get; } = [];

    /// <summary>Whether each <c>customer.NAME</c> is personal.</summary>
    public Dictionary<string, bool> PersonalAttributes { get; } = [];

    /// <summary>Declared events and their properties.</summary>
    public Dictionary<string, Dictionary<string, DeclaredType>> Contracts { get; } = [];

    /// <summary>Whether each property of a declared event is personal.</summary>
    public Dictionary<string, Dictionary<string, bool>> PersonalProperties { get; } = [];

    /// <summary>In the order in which they are listed.</summary>
    public List<TrackNames> Tracks { get; } = [];

    public AggregateTable Aggregates { get; } = new();

    /// <summary>What <c>top</c> and <c>quantile</c> ask for, each once.</summary>
    public Dictionary<string, TopThreshold> Cuts { get; } = [];

    /// <summary>The files themselves were in order, so that what is absent is absent on purpose.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Whether customers have points at all.</summary>
    public bool HasPoints { get; init; }

    public MetricTable Metrics { get; set; } = null!;

    /// <summary>How deep the binding is within parts of parts, through metrics too.</summary>
    public int Depth { get; set; }

    public TrackNames? FindTrack(string name) => Tracks.Find(track => track.Name == name);

    /// <summary>Whether any track has a stage or group of this name.</summary>
    public bool IsStage(string name) => Tracks.Exists(track => track.Resolve(name).Count > 0);

    /// <summary>Names that stand alone in an expression.</summary>
    public IEnumerable<string> Alone => [.. Metrics.Names, .. Vocabulary.Values];

    /// <summary>What is declared of an event's properties; null where nothing is, so that any name may be one.</summary>
    public IReadOnlyDictionary<string, DeclaredType>? ContractOf(string name) => Contracts.GetValueOrDefault(name)
        ?? FactContracts.GetValueOrDefault(name);

    private static readonly FrozenDictionary<string, Dictionary<string, DeclaredType>> FactContracts = FactEvents.Properties.ToFrozenDictionary(
        fact => fact.Key, fact => fact.Value.ToDictionary(property => property.Key, property => new DeclaredType(property.Value, false)));
}

/// <summary>A property's declared type. Money is a number whose currency counts.</summary>
internal readonly record struct DeclaredType(RuleType Type, bool IsMoney);

/// <summary>The stages and groups that a track has.</summary>
internal sealed record TrackNames(string Name, IReadOnlyList<(string Stage, string? Group)> Stages)
{
    /// <summary>The stages that a name stands for: itself, or all of a group; none where it is unknown.</summary>
    public IReadOnlyList<string> Resolve(string name) =>
        [.. Stages.Where(stage => stage.Stage == name || stage.Group == name).Select(stage => stage.Stage)];

    public IEnumerable<string> All => Stages.Select(stage => stage.Stage).Concat(Stages.Select(stage => stage.Group).OfType<string>()).Distinct();
}

/// <summary>Where a rule stands, which decides what its names mean.</summary>
/// <param name="Track">The track that a bare <c>stage</c> means; null where there is none.</param>
/// <param name="MayRead">Tracks whose stages this rule may read; null for all.</param>
internal sealed record Scope(string? Track, IReadOnlyList<string>? MayRead = null)
{
    /// <summary>The journey whose enrolments the rule is judged for; null where there is no enrolment.</summary>
    public string? Journey { get; init; }

    /// <summary>The rule is a journey's own, be there an enrolment yet or not.</summary>
    public bool IsOfJourney { get; init; }

    /// <summary>The event that sets the rule off, whose properties are <c>trigger.NAME</c>; null where none does.</summary>
    public WhereScope? Trigger { get; init; }

    /// <summary>Tracks whose stages the rule was seen to read, through metrics too.</summary>
    public HashSet<string> StagesRead { get; } = [];

    /// <summary>Of how many parts the rule was seen to be made, those of its metrics included.</summary>
    public int Parts { get; set; }
}
