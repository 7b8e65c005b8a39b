using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Definitions drawn at random from the whole grammar.</summary>
/// <param name="tightly">Only conditions of which the next review is known exactly: <c>count days since age time_in_stage</c> against constants, joined.</param>
public sealed class RandomModel(Dice dice, bool tightly = false)
{
    /// <summary>So long is a history.</summary>
    public const int Hours = 15 * 24;

    /// <summary>All are whole hours from Greenwich. In the last three clocks change at midnight, so that some days begin late and some midnights come twice.</summary>
    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Auckland", "Atlantic/Azores", "Asia/Beirut", "Africa/Cairo"];

    /// <summary>Histories begin some days before a change of clocks, the end of a month or year, or a leap day.</summary>
    private static readonly Instant[] Starts =
    [
        Instant.FromUtc(2026, 3, 20, 0, 0), Instant.FromUtc(2026, 10, 19, 0, 0), Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 10, 24, 0, 0),
        Instant.FromUtc(2028, 2, 19, 0, 0), Instant.FromUtc(2024, 2, 22, 0, 0), Instant.FromUtc(2026, 12, 21, 0, 0), Instant.FromUtc(2026, 4, 17, 0, 0),
    ];

    private static readonly string[] Benefits = ["gold_mount", "skip_queue"];

    public Model Model()
    {
        var (zone, start) = (dice.Pick(Zones), dice.Pick(Starts));
        var trackNames = dice.OneIn(2) ? new[] { "life" } : ["life", "tier"];
        var stages = trackNames.Select(Stages).ToList();
        var hasPoints = !tightly && dice.OneIn(3);
        var metrics = new List<NamedMetric>();
        var phrases = new RandomPhrases(dice, metrics, hasPoints, tightly);
        for (var i = dice.Between(1, 6); i > 0; i--) metrics.Add(new NamedMetric($"m{metrics.Count}", phrases.Metric()));
        var tracks = new List<ModelTrack>();
        for (var i = 0; i < trackNames.Length; i++)
            tracks.Add(new ModelTrack(trackNames[i], [.. stages[i].Select((stage, at) => Rules(stage, at, trackNames[i], stages[i], tracks, phrases))]));
        return new Model(zone, start, metrics, tracks, hasPoints ? Points(phrases, tracks) : null);
    }

    private List<ModelStage> Stages(string track)
    {
        var grouped = dice.OneIn(3);
        return [.. Enumerable.Range(0, dice.Between(2, 6)).Select(i => new ModelStage($"{track}_{(char)('a' + i)}")
        {
            Group = grouped && dice.OneIn(2) ? $"{track}_group" : null,
            Benefits = dice.OneIn(4) && !tightly ? [.. Benefits.Where(_ => !dice.OneIn(3))] : [],
        })];
    }

    private ModelStage Rules(ModelStage stage, int index, string track, List<ModelStage> stages, List<ModelTrack> above, RandomPhrases phrases)
    {
        if (stage.Benefits.Count > 0 && dice.OneIn(2)) stage = stage with { Grace = dice.Between(1, 72) };
        if (index == 0 && dice.OneIn(2)) return stage with { MinimumStay = dice.OneIn(4) ? dice.Between(1, 48) : 0 };
        var when = phrases.Condition(track, stages, above, 2);
        var readsItself = ReadsStage(when, track);
        Phrase? keep = null;
        if (readsItself || dice.OneIn(3))
        {
            keep = phrases.Condition(track, stages, above, 1);
            while (readsItself && ReadsStage(keep, track)) keep = phrases.Condition(track, stages, above, 1);
        }
        return stage with
        {
            From = dice.OneIn(3) ? From(stage, stages) : null,
            When = when,
            Keep = keep,
            Confirm = dice.OneIn(3) ? dice.Between(1, 72) : 0,
            MinimumStay = dice.OneIn(3) ? dice.Between(1, 72) : 0,
        };
    }

    /// <summary>Some of the other stages, or a group; null where chance chooses none.</summary>
    private List<string>? From(ModelStage stage, List<ModelStage> stages)
    {
        var others = stages.Where(other => other.Name != stage.Name).ToList();
        var group = others.Select(other => other.Group).OfType<string>().FirstOrDefault();
        if (group is not null && dice.OneIn(2)) return [group];
        var names = others.Select(other => other.Name).Where(_ => dice.OneIn(2)).ToList();
        return names.Count > 0 ? names : null;
    }

    private ModelPoints Points(RandomPhrases phrases, List<ModelTrack> tracks)
    {
        var rules = Enumerable.Range(0, dice.Between(1, 4)).Select(_ =>
        {
            var @event = dice.Pick("order_completed", "order_completed", "played");
            return new Earning(@event, dice.OneIn(3) ? phrases.Filter([@event], 1) : null, phrases.Earned(@event, tracks[0]));
        });
        return new ModelPoints([.. rules], dice.OneIn(3) ? null : dice.Between(12, 200));
    }

    /// <summary>Whether a condition reads the stage, or the time in it, of its own track. Metrics mean the first track.</summary>
    private static bool ReadsStage(Phrase phrase, string track) => phrase switch
    {
        BuiltIn { Word: "time_in_stage" } => true,
        StageIs stage => stage.Track is null || stage.Track == track,
        Aggregated { Aggregate.Window.Form: "stage" } => true,
        Named => track == "life" && phrase.Parts.Any(part => ReadsStage(part, track)),
        _ => phrase.Parts.Any(part => ReadsStage(part, track)),
    };
}
