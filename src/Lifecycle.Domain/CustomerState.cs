using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain;

/// <summary>All that a customer's machine knows. A cache of the log: it can be thrown away and computed again.</summary>
/// <remarks>Owned by whoever runs the machine, one at a time. Two parts: history is a fold of touchpoints that no rule touches; standing depends on
/// what was decided.</remarks>
public sealed class CustomerState(CustomerKey customer)
{
    public CustomerKey Customer { get; } = customer;

    /// <summary>The customer's clock: the latest input applied or due instant lived through.</summary>
    public Instant Clock { get; set; } = Instants.Beginning;

    /// <summary>When the earliest event of theirs occurred; null until there is one.</summary>
    public Instant? FirstSeen { get; set; }
    public Instant? LastSeen { get; set; }

    /// <summary>The position of the last shard input lived through; 0 for none.</summary>
    public long LivedTo { get; set; }

    /// <summary>The release that rules; 0 before any.</summary>
    public int Release { get; set; }

    /// <summary>Whether they have had an input that was not imported, or have lived through the end of an imported history. From then on, for good,
    /// imported rows are late events.</summary>
    public bool InPresent { get; set; }

    /// <summary>Known by imported history alone, which is still open: lives by their own inputs, and the wall fires nothing for them.</summary>
    public bool ImportOpen => IsBorn && !InPresent;

    /// <summary>How many inputs of their own the customer has had: what others' machines and Delivery say of them is not counted.</summary>
    public int Inputs { get; set; }

    /// <summary>Their life has ended: nothing is known of them, nothing is due, and nothing follows any more.</summary>
    public bool IsErased { get; private set; }

    /// <summary>The next due instant, once computed; null after any change. Not part of what is stored.</summary>
    internal Instant? NextDue { get; set; }

    /// <summary>While the next due instant is not computed: it does not lie before this. Not part of what is stored.</summary>
    internal Instant NothingDueBefore { get; set; } = Instant.MinValue;

    private ConditionMemory? _memory;

    public MetricHistory History { get; set; } = new();
    public CustomerDecisions Decisions { get; private set; } = new();

    /// <summary>Ends the customer's life.</summary>
    internal void Erase()
    {
        (IsErased, FirstSeen, LastSeen, Inputs, History, Decisions) = (true, null, null, 0, new MetricHistory(), new CustomerDecisions());
        Forget();
    }

    /// <summary>What was last seen of a release's conditions. Not part of what is stored.</summary>
    internal ConditionMemory MemoryFor(Release release) => _memory is { } memory && memory.IsOf(release) ? memory
        : _memory = new ConditionMemory(release);

    /// <summary>Makes everything be judged anew.</summary>
    internal void Forget()
    {
        _memory = null;
        ForgetDue();
    }

    /// <summary>Makes the next due instant be looked for anew.</summary>
    internal void ForgetDue() => (NextDue, NothingDueBefore) = (null, Instant.MinValue);

    /// <summary>Nobody is anywhere before their first input.</summary>
    public bool IsBorn => FirstSeen is not null;
}

/// <summary>What was last said of a customer's attribute.</summary>
public readonly record struct CustomerAttribute(Instant At, Value Value)
{
    /// <summary>It was sealed, or is declared personal: no fact may say it.</summary>
    public bool IsPersonal { get; init; }
}

/// <summary>What happened, as far as the release's metrics and gates ask: a fold of inputs in which the order of arrival matters only to what
/// occurred at one instant.</summary>
public sealed class MetricHistory
{
    /// <summary>One for each aggregate of the release, by slot.</summary>
    public Series[] Series { get; set; } = [];

    /// <summary>No less than the bytes that the series take when they are stored. Not part of what is stored.</summary>
    internal int Weight { get; set; }

    /// <summary>Declared attributes, each as it was last said by time of occurrence.</summary>
    public NameDictionary<CustomerAttribute> Attributes { get; set; }

    /// <summary>By channel; <see cref="AllChannels"/> for what was said of all. What was said of one channel is here only if it was said after
    /// that.</summary>
    public NameDictionary<Consent> Consents { get; set; }

    public const string AllChannels = "*";

    /// <summary>Whether any of it is personal, so that it may be stored under the customer's own key alone.</summary>
    public bool HoldsPersonal()
    {
        foreach (var series in Series)
            if (series.IsPersonal) return true;
        foreach (var (_, attribute) in Attributes)
            if (attribute.IsPersonal) return true;
        return false;
    }

    public Value AttributeOf(string name) => Attributes.TryGetValue(name, out var entry) ? entry.Value : Value.Missing;

    /// <summary>Whether the customer may be contacted: yes, until they say no.</summary>
    public bool Allows(string channel) => (Consents.GetValueOrDefault(channel) ?? Consents.GetValueOrDefault(AllChannels))?.Granted ?? true;
}

/// <summary>What was decided: stages, enrolments, requests. It survives a release.</summary>
public sealed class CustomerDecisions
{
    public List<TrackState> Tracks { get; } = [];
    public List<Enrolment> Enrolments { get; } = [];
    public NameDictionary<Participation> Participations { get; set; }
    public List<Request> Requests { get; } = [];
    public PointsAccount Points { get; } = new();

    /// <summary>What the last orders earned that named themselves, at most <see cref="OrderPoints.OrdersMax"/>, the one that earned first
    /// first.</summary>
    public List<OrderPoints> Orders { get; } = [];

    /// <summary>By name.</summary>
    public NameDictionary<Benefit> Benefits { get; set; }

    /// <summary>The cut points recorded last, by the key of their question. A key that is absent was not counted yet; one without points was, and
    /// nobody had a value.</summary>
    public NameDictionary<ImmutableArray<decimal>> Cuts { get; set; }

    /// <summary>Takes the cut points of what a release asks for; those that were not counted anew stand.</summary>
    public void Take(ImmutableArray<CutPoints> counted, Release release)
    {
        foreach (var points in counted)
            if (release.AsksFor(points.Cut)) Cuts = Cuts.With(points.Cut, points.Values);
    }

    /// <summary>Drops the cut points of what a release does not ask for.</summary>
    public void DropCuts(Release release)
    {
        foreach (var (key, _) in Cuts)
            if (!release.AsksFor(key)) Cuts = Cuts.Without(key);
    }

    public TrackState? In(string track)
    {
        foreach (var state in Tracks)
            if (state.Track == track) return state;
        return null;
    }
}
