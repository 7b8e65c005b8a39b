using System.Collections.Frozen;
using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Personal;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain;

/// <summary>What is published: definition, journeys and tenant settings together, checked, compiled and immutable.</summary>
public sealed class Release
{
    /// <summary>What rules before anything was published: no metrics, no tracks, no journeys.</summary>
    public static readonly Release None = new(0, "", "none", DateTimeZone.Utc, "USD", [], [], [], [], [], []);

    private readonly FrozenDictionary<string, int> _slots;
    private readonly FrozenDictionary<string, ImmutableArray<Aggregate>> _aggregatesByEvent;
    private readonly FrozenDictionary<string, ImmutableArray<Aggregate>> _aggregatesByFact;
    private readonly ImmutableArray<Aggregate> _aggregatesOfAny;

    /// <param name="aggregates">Each at the index that its slot says.</param>
    /// <param name="attributes">The declared <c>customer.NAME</c>s with their types.</param>
    /// <param name="points">Null where no points are given.</param>
    /// <param name="cuts">What <c>top</c> and <c>quantile</c> ask for.</param>
    public Release(int number, string hash, string name, DateTimeZone zone, string currency, IEnumerable<KeyValuePair<string, RuleType>> attributes,
        ImmutableArray<Aggregate> aggregates, ImmutableArray<Metric> metrics, ImmutableArray<Track> tracks, ImmutableArray<Journey> journeys,
        ImmutableArray<FrequencyCap> caps, PointsRules? points = null, ImmutableArray<TopThreshold> cuts = default)
    {
        (Number, Hash, Name, Zone, Currency) = (number, hash, name, zone, currency);
        (Aggregates, Metrics, Tracks, Caps, Points, Cuts) = (aggregates, metrics, tracks, caps, points, cuts.IsDefault ? [] : cuts);
        Attributes = attributes.ToFrozenDictionary();
        Journeys = [.. journeys.OrderByDescending(journey => journey.Priority).ThenBy(journey => journey.Name, StringComparer.Ordinal)];
        HasBenefits = tracks.Any(track => track.Stages.Any(stage => !stage.Benefits.IsEmpty));
        Conditions = new ConditionTable(tracks, aggregates.Length);
        _slots = aggregates.ToFrozenDictionary(aggregate => aggregate.Key, aggregate => aggregate.Slot);
        _aggregatesOfAny = [.. aggregates.Where(aggregate => aggregate.Events.IsEmpty)];
        _aggregatesByEvent = ByEvent(aggregates.Where(aggregate => !aggregate.OverFacts));
        _aggregatesByFact = ByEvent(aggregates.Where(aggregate => aggregate.OverFacts));
    }

    public int Number { get; }
    public string Hash { get; }
    public string Name { get; }
    public DateTimeZone Zone { get; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; }

    /// <summary>What one of another currency is in <see cref="Currency"/>; an amount in a currency that is not here is missing.</summary>
    public FrozenDictionary<string, decimal> Exchange { get; init; } = FrozenDictionary<string, decimal>.Empty;
    public FrozenDictionary<string, RuleType> Attributes { get; }

    /// <summary>Which attributes and properties are declared, and which of those as personal.</summary>
    public PersonalDeclarations Personal { get; init; } = PersonalDeclarations.None;
    public ImmutableArray<Aggregate> Aggregates { get; }
    public ImmutableArray<Metric> Metrics { get; }
    public ImmutableArray<Track> Tracks { get; }

    /// <summary>By priority, the highest first, then by name.</summary>
    public ImmutableArray<Journey> Journeys { get; }
    public ImmutableArray<FrequencyCap> Caps { get; }

    public PointsRules? Points { get; }

    /// <summary>What is asked of those who send.</summary>
    public SenderContract Contract { get; init; } = SenderContract.None;

    /// <summary>Some stage confers a benefit.</summary>
    public bool HasBenefits { get; }

    /// <summary>What rules ask about all customers of the tenant, each question once.</summary>
    public ImmutableArray<TopThreshold> Cuts { get; }
    internal ConditionTable Conditions { get; }

    /// <summary>The aggregates that a touchpoint of this name can touch.</summary>
    public ImmutableArray<Aggregate> AggregatesOver(string name) => _aggregatesByEvent.GetValueOrDefault(name, _aggregatesOfAny);

    /// <summary>The aggregates that a fact of this name can touch.</summary>
    public ImmutableArray<Aggregate> AggregatesOverFact(string name) => _aggregatesByFact.GetValueOrDefault(name, []);

    /// <summary>Where the series of an aggregate is kept; -1 if this release does not keep it.</summary>
    public int SlotOf(string key) => _slots.GetValueOrDefault(key, -1);

    /// <summary>What this release keeps for those who are inside journeys of earlier releases; its own rules do not read it.</summary>
    public EarlierJourneys Earlier { get; private init; } = EarlierJourneys.None;

    /// <summary>The attributes that are remembered of a customer: the declared ones, and those that <see cref="Earlier"/> reads.</summary>
    internal IEnumerable<string> RememberedAttributes => Earlier.Attributes.IsEmpty ? Attributes.Keys : Attributes.Keys.Union(Earlier.Attributes);

    /// <summary>This release, with all that journeys of earlier releases ask of those who are inside.</summary>
    public Release Keeping(IEnumerable<Journey> journeys)
    {
        var earlier = EarlierJourneys.Of(journeys, this);
        if (earlier.IsEmpty) return this;
        return new Release(Number, Hash, Name, Zone, Currency, Attributes, [.. Aggregates, .. earlier.Aggregates], Metrics, Tracks, Journeys, Caps,
            Points, [.. Cuts, .. earlier.Cuts])
        {
            Exchange = Exchange, Personal = Personal, Contract = Contract, Mappings = Mappings, Earlier = earlier,
        };
    }

    /// <summary>Whether some rule needs the cut points of this key.</summary>
    public bool AsksFor(string cut)
    {
        foreach (var asked in Cuts)
            if (asked.Key == cut) return true;
        return false;
    }

    /// <summary>Where customers go whose stage this release no longer has.</summary>
    public ImmutableArray<StageMapping> Mappings { get; init; } = [];

    /// <summary>The stage that takes those of a stage which this release no longer has: the one it is mapped to, else the first of the
    /// track.</summary>
    /// <remarks>A release that strands people is not published; who enters the stage between the count and the activation goes to the
    /// first.</remarks>
    public Stage Heir(Track track, string gone)
    {
        foreach (var mapping in Mappings)
            if (mapping.Track == track.Name && mapping.From == gone && track.Find(mapping.To) is { } heir) return heir;
        return track.First;
    }

    public Track? FindTrack(string name) => Tracks.FirstOrDefault(track => track.Name == name);

    public Journey? FindJourney(string name)
    {
        foreach (var journey in Journeys)
            if (journey.Name == name) return journey;
        return null;
    }

    /// <summary>A look at a customer whose history was folded for this release.</summary>
    public Reading Read(CustomerState state, Instant clock) => new(this, state, clock);

    private static FrozenDictionary<string, ImmutableArray<Aggregate>> ByEvent(IEnumerable<Aggregate> aggregates)
    {
        var all = aggregates.ToList();
        return all.SelectMany(aggregate => aggregate.Events).Distinct().ToFrozenDictionary(name => name,
            name => all.Where(aggregate => aggregate.Events.IsEmpty || aggregate.Events.Contains(name)).ToImmutableArray());
    }
}
