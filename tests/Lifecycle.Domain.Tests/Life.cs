using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using NodaTime;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>A customer's life in words: <c>Life.Under(definition).At(day: 0).Does("session_start").Until(day: 15).Is("decline")</c>.</summary>
internal sealed class Life
{
    public static readonly Instant Birth = Instant.FromUtc(2026, 1, 5, 9, 30);
    private readonly Dictionary<int, Release> _releases = [];
    private readonly CustomerMachine _machine;
    private Instant _clock = Birth;
    private int _number;

    private Life() => _machine = new CustomerMachine("tests", number => _releases.GetValueOrDefault(number, Release.None));

    public string Definition { get; private init; } = "";
    public Release Release => _releases[State.Release];
    public CustomerState State { get; private set; } = new(MachineRun.Customer);
    public List<RecordedFact> Facts { get; } = [];
    public List<Recorded> Inputs { get; } = [];

    public static Life Under(string definition, params string[] journeysAndSettings)
    {
        var life = new Life { Definition = definition };
        life._releases[1] = Compile(1, definition, journeysAndSettings);
        life.State.Release = 1;
        return life;
    }

    public static Instant Day(double day) => Birth + Duration.FromMilliseconds((long)(day * 86_400_000));

    public Life At(double day)
    {
        _clock = Day(day);
        return this;
    }

    public Life Does(string name, string properties = "{}", bool imported = false) =>
        Takes(new Touchpoint(name, Properties.Parse(properties)), imported: imported);

    /// <summary>Something that occurred on an earlier day but only arrives now.</summary>
    public Life DidLate(double day, string name) => Takes(new Touchpoint(name, Properties.None), occurred: Day(day));

    public Life Takes(Input input, Instant? occurred = null, bool imported = false, int hops = 0)
    {
        var recorded = new Recorded(++_number, _clock, _clock, occurred ?? _clock, IdOf(_number), imported, hops, input);
        Inputs.Add(recorded);
        _machine.Apply(State, recorded, Facts);
        return this;
    }

    public Life TakesShardInput(ShardInput input)
    {
        var recorded = new RecordedShardInput(++_number, _clock, _clock, IdOf(-_number), input);
        _machine.Live(State, recorded, () => new Past(Inputs, [.. Facts]), Facts);
        return this;
    }

    public Life Publishes(string definition, params string[] journeysAndSettings) => PublishesCounted(definition, [], journeysAndSettings);

    /// <summary>A release that asks what the one before it did not, with the answers.</summary>
    public Life PublishesCounted(string definition, IReadOnlyList<CutPoints> counted, params string[] journeysAndSettings)
    {
        var number = _releases.Count + 1;
        _releases[number] = Compile(number, definition, journeysAndSettings);
        return TakesShardInput(new ReleaseActivated(number, "", [.. counted]));
    }

    /// <summary>The process that runs the machine is another from here on.</summary>
    public Life Restarts()
    {
        State = StateCodec.Read(StateCodec.Write(State), State.Customer);
        return this;
    }

    public Life Until(double day)
    {
        _clock = Day(day);
        _machine.LiveTo(State, _clock, Facts);
        return this;
    }

    public Life Is(string stage, string track = "lifecycle")
    {
        Assert.Equal(stage, State.Decisions.In(track)?.Stage);
        return this;
    }

    public Life Since(double day, string track = "lifecycle")
    {
        Assert.Equal(Day(day), State.Decisions.In(track)?.Since);
        return this;
    }

    /// <summary>A metric of the definition, at the customer's clock.</summary>
    public decimal Measure(string metric) => Release.Metrics.First(named => named.Name == metric).Term.Evaluate(Release.Read(State, State.Clock)).Magnitude;

    /// <summary>When the engine next looks at the customer by itself.</summary>
    public Instant NextReview => _machine.NextReview(State);

    public IEnumerable<T> All<T>() where T : Fact => Facts.Select(fact => fact.Fact).OfType<T>();

    public RecordedFact Only<T>() where T : Fact => Assert.Single(Facts, fact => fact.Fact is T);

    /// <summary>The stages of a track in the order they were entered.</summary>
    public string Path(string track = "lifecycle") => string.Join(" ", All<StageChanged>().Where(move => move.Track == track).Select(move => move.To));

    /// <summary>Ids in no order.</summary>
    private static RecordId IdOf(int number) => new(StableHash.Of("life", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static Release Compile(int number, string definition, string[] others)
    {
        var files = others.Prepend(definition).Select((text, i) => new Lifecycle.Definitions.DefinitionFile($"file-{i}.yaml", text)).ToList();
        var (_, result) = Lifecycle.Definitions.ReleaseReader.ReadFiles(files, number);
        return result.Release ?? throw new InvalidOperationException(string.Join('\n', result.Errors));
    }
}
