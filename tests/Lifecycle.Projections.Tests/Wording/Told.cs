using Lifecycle.Definitions;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Outlook;
using Lifecycle.Domain.Stages;
using Lifecycle.Projections.Queries;
using Lifecycle.Wording;
using NodaTime;

namespace Lifecycle.Projections.Tests.Wording;

/// <summary>One customer's life under a definition, lived by the machine, so that what is told about it is what really was.</summary>
internal sealed class Told
{
    /// <summary>A Monday, 14:02 in Shanghai.</summary>
    private static readonly Instant Birth = Instant.FromUtc(2025, 11, 3, 6, 2);

    private readonly CustomerMachine _machine;
    private readonly Release _release;
    private readonly CustomerState _state;
    private readonly List<RecordedFact> _facts = [];
    private Instant _clock = Birth;
    private int _number;

    private Told(Release release)
    {
        _release = release;
        _machine = new CustomerMachine("told", _ => release);
        _state = new CustomerState(new CustomerKey(new Guid(7, 0, 0, new byte[8]))) { Release = release.Number };
    }

    public static Told Under(string definition)
    {
        var (_, read) = ReleaseReader.ReadFiles([new DefinitionFile("definition.yaml", definition)], 1);
        return new Told(read.Release ?? throw new InvalidOperationException(string.Join('\n', read.Errors)));
    }

    public Told At(double day)
    {
        _clock = Birth + Duration.FromMilliseconds((long)(day * 86_400_000));
        _machine.LiveTo(_state, _clock, _facts);
        return this;
    }

    public Told Does(string name, string properties = "{}") => Takes(new Touchpoint(name, Properties.Parse(properties)));

    public Told Is(string attributes) => Takes(new ProfileChanged(Properties.Parse(attributes)));

    /// <summary>The same thing on each of some days.</summary>
    public Told Daily(int from, int to, string name, string properties = "{}")
    {
        for (var day = from; day <= to; day++) At(day).Does(name, properties);
        return this;
    }

    public Told CutsAt(decimal least)
    {
        var input = new CutPointsComputed([.. _release.Cuts.Select(threshold => new CutPoints(threshold.Key, 100, [.. Enumerable.Repeat(least, Math.Max(1, threshold.Tiles - 1))]))]);
        var recorded = new RecordedShardInput(++_number, _clock, _clock, new RecordId(new Guid(_number, 1, 0, new byte[8])), input);
        _machine.Live(_state, recorded, () => new Past([], []), _facts);
        return this;
    }

    /// <summary>The moves of a track, the beginning included.</summary>
    public IEnumerable<BilingualText> Moves(string track = "lifecycle") => _facts
        .Where(fact => fact.Fact is StageChanged change && change.Track == track)
        .Select(fact => StageWords.MoveOf((StageChanged)fact.Fact, WordingContext.Of(_release, fact.Clock)));

    /// <summary>The moves that come if nothing more happens.</summary>
    public IEnumerable<BilingualText> Coming()
    {
        var words = new OutlookWords(_release, _clock);
        return StageOutlook.Of(_machine, _state, _release, _clock).Moves.Select(words.Of);
    }

    public BilingualText Stay(string name = "lifecycle")
    {
        var (track, present) = Place(name);
        var reading = _release.Read(_state, _clock);
        return StageWords.StayOf(track, present, present.Keeping?.Explain(reading), present.Keeping?.Holds(reading) ?? true,
            WordingContext.Of(_release, _clock));
    }

    /// <summary>What the threshold of a stage lacks.</summary>
    public BilingualText Lacks(string stage, string name = "lifecycle")
    {
        var (track, present) = Place(name);
        return StageWords.ShortfallOf(track.Find(stage)!.When!.Explain(_release.Read(_state, _clock)),
            WordingContext.Of(_release, _clock) with { Track = name, Stage = present.Name });
    }

    private (Track Track, Stage Present) Place(string name)
    {
        var track = _release.FindTrack(name)!;
        return (track, track.Find(_state.Decisions.In(name)!.Stage)!);
    }

    private Told Takes(Input input)
    {
        var id = new RecordId(new Guid(++_number, 0, 0, new byte[8]));
        var recorded = new Recorded(_number, _clock, _clock, _clock, id, Imported: false, Hops: 0, input);
        _machine.Apply(_state, recorded, _facts);
        return this;
    }
}
