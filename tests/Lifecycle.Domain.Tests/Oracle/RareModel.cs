using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>What a few models have beside what all are drawn from, so that the other seeds go on drawing what they always drew.</summary>
public static class RareModel
{
    /// <summary>Zones that are no whole hours from Greenwich, each with a beginning some days before a change of clocks where it has one. On Lord Howe clocks change by half an hour.</summary>
    private static readonly (string Zone, Instant? Start)[] BrokenHours =
    [
        ("Asia/Kolkata", null), ("Asia/Kathmandu", null), ("America/St_Johns", Instant.FromUtc(2026, 3, 1, 0, 0)), ("America/St_Johns", Instant.FromUtc(2026, 10, 24, 0, 0)),
        ("Australia/Lord_Howe", Instant.FromUtc(2026, 3, 30, 0, 0)), ("Australia/Lord_Howe", Instant.FromUtc(2026, 9, 28, 0, 0)),
        ("Pacific/Chatham", Instant.FromUtc(2026, 3, 30, 0, 0)), ("Pacific/Chatham", Instant.FromUtc(2026, 9, 22, 0, 0)),
    ];

    /// <summary>The same model where days begin between the hours of Greenwich.</summary>
    public static Model InBrokenHours(Model model, int choice)
    {
        var (zone, start) = BrokenHours[choice % BrokenHours.Length];
        return model with { Zone = zone, Start = start ?? model.Start };
    }

    /// <summary>The same history, its events at any quarter of an hour.</summary>
    public static IReadOnlyList<ModelEvent> AtQuarters(IReadOnlyList<ModelEvent> events, Dice dice)
    {
        var moved = events.Select(e => (Event: e, By: Duration.FromMinutes(15 * dice.Below(4))))
            .Select(each => each.Event with { Arrives = each.Event.Arrives + each.By, Occurred = each.Event.Occurred + each.By });
        return [.. moved.OrderBy(e => e.Arrives).Select((e, number) => e with { Number = number })];
    }

    /// <summary>The same model with a stage that asks who is among the top; null where no metric can be compared between customers.</summary>
    public static Model? WithTop(Model model, Dice dice)
    {
        var metrics = model.Metrics.Where(metric => metric.Meaning.Kind == Kind.Number && Model.Within(metric.Meaning).All(IsOfEventsAlone)).ToList();
        var tracks = model.Tracks.Where(track => track.Stages.Any(stage => stage.When is not null)).ToList();
        if (metrics.Count == 0 || tracks.Count == 0) return null;
        var track = dice.Pick(tracks);
        var stage = dice.Pick([.. track.Stages.Where(stage => stage.When is not null)]);
        var asking = stage with
        {
            When = new Joined(dice.OneIn(2), [new Top(dice.Pick(metrics), 5), stage.When!]),
            Keep = dice.OneIn(2) ? new Top(dice.Pick(metrics), 10) : stage.Keep,
        };
        return model with
        {
            Tracks = [.. model.Tracks.Select(each => each == track ? each with { Stages = [.. each.Stages.Select(one => one == stage ? asking : one)] } : each)],
        };
    }

    /// <summary>The same history with some midnights at which the top was counted.</summary>
    public static IReadOnlyList<ModelEvent> WithCuts(IReadOnlyList<ModelEvent> events, Model model, Dice dice)
    {
        var cuts = Enumerable.Range(0, dice.Between(1, 6)).Select(i => new ModelEvent(500 + i, model.Start + Duration.FromHours(dice.Below(RandomModel.Hours)),
            default, ModelEvent.Cuts, [("least", dice.OneIn(6) ? null : dice.OneIn(2) ? (decimal)dice.Below(6) : dice.Between(-20, 300))]));
        return [.. events.Concat(cuts.Select(cut => cut with { Occurred = cut.Arrives })).OrderBy(e => e.Arrives)];
    }

    private static bool IsOfEventsAlone(Phrase phrase) => phrase switch
    {
        Aggregated { Aggregate: var aggregate } => !aggregate.IsOverFacts && aggregate.Window.Form != "stage",
        Call { Function: "since" } or BuiltIn or Expiring or Attribute or StageIs => false,
        _ => true,
    };
}
