using System.Globalization;
using Lifecycle.Definitions;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Tests.Oracle;
using NodaTime;

namespace Lifecycle.Domain.Tests;

/// <summary>One customer's machine, run over a model's events.</summary>
internal sealed class MachineRun
{
    public static readonly CustomerKey Customer = new(StableHash.Of("someone"));
    private readonly List<RecordedFact> _facts = [];

    private MachineRun(Release release)
    {
        Release = release;
        Machine = new CustomerMachine("tests", number => number == release.Number ? release : Release.None);
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

    public void Apply(ModelEvent e, bool imported = false) => Machine.Apply(State, Record(e, imported), _facts);

    public void LiveTo(Instant to) => Machine.LiveTo(State, to, _facts);

    /// <summary>What a restart does.</summary>
    public void SnapshotAndRestore() => State = StateCodec.Read(StateCodec.Write(State), Customer);

    public IEnumerable<ModelMove> Moves => _facts.Where(fact => fact.Fact is StageChanged).Select(fact =>
    {
        var moved = (StageChanged)fact.Fact;
        return new ModelMove(fact.Clock, moved.Track, moved.From, moved.To, moved.Cause == MoveCause.Time ? "time" : "event");
    });

    public static Recorded Record(ModelEvent e, bool imported = false)
    {
        var properties = e.Amount is { } amount
            ? Properties.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"revenue":{{amount}}}"""))
            : Properties.None;
        return new Recorded(e.Number + 1, e.Arrives, e.Arrives, e.Occurred, IdOf(e), imported, 0, new Touchpoint(e.Name, properties));
    }

    /// <summary>Ids in the order of the numbers: of events at one instant the greater id counts as the later.</summary>
    public static EventId IdOf(ModelEvent e) => new(new Guid(e.Number, 0, 0, new byte[8]));
}
