using System.Globalization;
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

    /// <summary>Zones in which a day is missing, comes twice, or ends after the next has begun, each with a beginning some days before.</summary>
    private static readonly (string Zone, Instant Start)[] StrangeDays =
    [
        ("Pacific/Apia", Instant.FromUtc(2011, 12, 22, 0, 0)), ("Pacific/Kwajalein", Instant.FromUtc(1993, 8, 14, 0, 0)),
        ("Pacific/Kwajalein", Instant.FromUtc(1969, 9, 23, 0, 0)), ("America/St_Johns", Instant.FromUtc(2010, 10, 30, 0, 0)),
    ];

    /// <summary>Numbers that are hard to add, to round and to write in one way.</summary>
    private static readonly decimal[] HardNumbers =
    [
        1e18m, -1e18m, 0.000000001m, -0.000000001m, 26.30m, 100.000m, 0.0000000005m, 0.0000000015m, 9999999999999999999m, 9999999999999999999.4m, 10000000000000000000m,
        1234567890123456789.123456789m, 1e-28m, 79228162514264337593543950335m, 0.1234567891234567891234m,
    ];

    /// <summary>The same model where days are missing or come twice.</summary>
    public static Model InStrangeDays(Model model, int choice)
    {
        var (zone, start) = StrangeDays[choice % StrangeDays.Length];
        return model with { Zone = zone, Start = start };
    }

    /// <summary>The same history with numbers of every scale in it.</summary>
    public static IReadOnlyList<ModelEvent> WithHardNumbers(IReadOnlyList<ModelEvent> events, Dice dice) =>
        [.. events.Select(e => e with { Properties = [.. e.Properties.Select(property => property.Value is decimal number ? (property.Name, Hard(number, dice)) : property)] })];

    private static object Hard(decimal number, Dice dice) => dice.Below(6) switch
    {
        0 or 1 => dice.Pick(HardNumbers),
        2 => number + new decimal(dice.Between(-99999, 99999), 0, 0, false, (byte)dice.Below(20)),
        3 => number.ToString(CultureInfo.InvariantCulture) + (number == Math.Floor(number) ? ".000" : "00"),
        _ => number * 1.00m,
    };

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
    public static Model? WithTop(Model model, Dice dice) =>
        Asking(model, dice, metrics => new Top(dice.Pick(metrics), 5), metrics => new Top(dice.Pick(metrics), 10));

    /// <summary>The same model with a stage that asks in which quarter of all a customer is.</summary>
    public static Model? WithQuantile(Model model, Dice dice) => Asking(model, dice, metrics => Quarter(metrics, dice), metrics => Quarter(metrics, dice));

    private static Compared Quarter(IReadOnlyList<NamedMetric> metrics, Dice dice)
    {
        var (sign, quarter) = (dice.Pick("==", "!=", ">=", ">", "<=", "<"), dice.Between(1, 4));
        return new Compared(new Quantile(dice.Pick(metrics), 4), sign, new Constant(Measured.Of(quarter), $"{quarter}"));
    }

    private static Model? Asking(Model model, Dice dice, Func<IReadOnlyList<NamedMetric>, Phrase> enter, Func<IReadOnlyList<NamedMetric>, Phrase> keep)
    {
        var metrics = model.Metrics.Where(metric => metric.Meaning.Kind == Kind.Number && Model.Within(metric.Meaning).All(IsOfEventsAlone)).ToList();
        var tracks = model.Tracks.Where(track => track.Stages.Any(stage => stage.When is not null)).ToList();
        if (metrics.Count == 0 || tracks.Count == 0) return null;
        var track = dice.Pick(tracks);
        var stage = dice.Pick([.. track.Stages.Where(stage => stage.When is not null)]);
        var asking = stage with
        {
            When = new Joined(dice.OneIn(2), [enter(metrics), stage.When!]),
            Keep = dice.OneIn(2) ? keep(metrics) : stage.Keep,
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

    /// <summary>The same history with some midnights at which all were counted, of each the three values that part the quarters.</summary>
    public static IReadOnlyList<ModelEvent> WithQuarters(IReadOnlyList<ModelEvent> events, Model model, Dice dice) =>
        [.. WithCuts(events, model, dice).Select(e => e.Name == ModelEvent.Cuts ? e with { Properties = [("tiles", Quarters(dice))] } : e)];

    private static IReadOnlyList<(string Name, object? Value)> Quarters(Dice dice)
    {
        if (dice.OneIn(6)) return [];
        var points = Enumerable.Range(0, 3).Select(_ => dice.OneIn(2) ? (decimal)dice.Below(6) : dice.Between(-20, 300)).Order();
        return [.. points.Select((point, i) => ($"{i}", (object?)point))];
    }

    private static bool IsOfEventsAlone(Phrase phrase) => phrase switch
    {
        Aggregated { Aggregate: var aggregate } => !aggregate.IsOverFacts && aggregate.Window.Form != "stage",
        OracleCall { Function: "since" } or BuiltIn or Expiring or Attribute or StageIs => false,
        _ => true,
    };
}
