using Lifecycle.Definitions;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Tests.Oracle;
using NodaTime;

namespace Lifecycle.Domain.Tests;

/// <summary>One customer's machine, run over a model's events.</summary>
internal sealed class MachineRun
{
    public static readonly CustomerKey Customer = new(StableHash.Of("someone"));
    private readonly List<RecordedFact> _facts = [];
    private readonly List<Recorded> _inputs = [];
    private int _activations, _changes;

    private MachineRun(Release release)
    {
        Release = release;
        Machine = new CustomerMachine("tests", number => number > 0 ? release : Release.None);
        State = new CustomerState(Customer) { Release = release.Number };
    }

    public Release Release { get; }
    public CustomerMachine Machine { get; }
    public CustomerState State { get; private set; }
    public IReadOnlyList<RecordedFact> Facts => _facts;

    /// <summary>Compiles the definition, or null where the checker refuses it.</summary>
    public static MachineRun? Of(string definition, params string[] journeys) => Compile(definition, journeys) is { } release ? new MachineRun(release) : null;

    public static MachineRun Of(Release release) => new(release);

    public static Release? Compile(string definition, params string[] journeys) =>
        ReleaseReader.Read(new ReleaseText(definition, journeys, null), 1).Release;

    public void Apply(ModelEvent e)
    {
        if (e.Name == ModelEvent.Cuts)
        {
            Live(e.Number + 1, e.Arrives, new CutPointsComputed([.. Release.Cuts.Select(threshold => PointsOf(threshold, e))]));
            return;
        }
        _inputs.Add(Record(e) with { Imported = e.Imported && State.InPresent });
        Machine.Apply(State, _inputs[^1], _facts);
    }

    /// <summary>Publishes the same release again: history is folded anew and the customer judged.</summary>
    public void ActivateAgain(Instant at)
    {
        _activations++;
        Live(100_000 + _activations, at, new ReleaseActivated(Release.Number + _activations, ""));
    }

    /// <summary>Another version of the engine begins to judge, by the release that rules.</summary>
    public void ChangeEngine(Instant at)
    {
        _changes++;
        Live(150_000 + _changes, at, new ReleaseActivated(State.Release, ""));
    }

    /// <summary>The same life, lived again from the last change of the engine on: from what was decided, and the inputs and facts before.</summary>
    public MachineRun FromLastChange(Instant at)
    {
        var kept = _facts.FindLastIndex(fact => fact.Fact is DecisionsKept);
        var again = new MachineRun(Release) { State = StateCodec.ReadDecided(Convert.FromBase64String(((DecisionsKept)_facts[kept].Fact).State), Customer), _changes = _changes - 1 };
        again._inputs.AddRange(_inputs);
        again._facts.AddRange(_facts[..kept]);
        again.ChangeEngine(at);
        return again;
    }

    /// <summary>Takes an event as part of an imported history: it takes effect when it happened, or with what came before it.</summary>
    public void Import(ModelEvent e)
    {
        _inputs.Add(Record(e) with { Clock = e.Occurred, Imported = true });
        Machine.Apply(State, _inputs[^1], _facts);
    }

    /// <summary>The imported history is complete.</summary>
    public void CloseHistory(Instant at) => Live(200_000, at, new HistoryClosed());

    public void LiveTo(Instant to) => Machine.LiveTo(State, to, _facts);

    /// <summary>What a restart does.</summary>
    public void SnapshotAndRestore() => State = StateCodec.Read(StateCodec.Write(State), Customer);

    private static CutPoints PointsOf(TopThreshold threshold, ModelEvent counted) => new(threshold.Key, 100, threshold.Tiles == 0
        ? counted.Find("least") is decimal least ? [least] : []
        : [.. (counted.Find("tiles") as IReadOnlyList<(string Name, object? Value)> ?? []).Select(point => (decimal)point.Value!)]);

    private void Live(int position, Instant at, ShardInput input) => Machine.Live(
        State, new RecordedShardInput(position, at, at, new RecordId(new Guid(position, 1, 0, new byte[8])), input), () => new Past(_inputs, [.. _facts]), _facts);

    /// <summary>Ends the customer's life.</summary>
    public void Erase(Instant at) => Machine.Apply(State, new Recorded(300_000, at, at, at, new RecordId(new Guid(300_000, 2, 0, new byte[8])), false, 0, CustomerErased.Instance), _facts);

    /// <summary>How an event's properties lie in the log: open, unless said otherwise.</summary>
    public Func<ModelEvent, Properties> Write { get; set; } = static e => new Properties(Json.Write(e.Properties));

    private Recorded Record(ModelEvent e)
    {
        var properties = Write(e);
        Input input = e.Name == ModelEvent.Profile ? new ProfileChanged(properties) : new Touchpoint(e.Name, properties);
        return new Recorded(e.Number + 1, e.Arrives, e.Arrives, e.Occurred, IdOf(e), false, 0, input);
    }

    /// <summary>Ids in no order: of events at one instant the one that came later is the later.</summary>
    private static RecordId IdOf(ModelEvent e) => new(StableHash.Of("event", e.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
