using Lifecycle.Domain.Tests.Oracle;
using NodaTime;

namespace Lifecycle.Domain.Tests;

/// <summary>How cases are drawn.</summary>
/// <param name="Tightly">Only definitions of which the next review is known exactly.</param>
/// <param name="Journeys">What is published beside the definition.</param>
internal sealed record Drawing(bool Tightly, int EventsMax, params string[] Journeys);

/// <summary>One definition with one history, drawn from a seed.</summary>
internal sealed record Case(int Seed, Drawing Drawing, Model Model, IReadOnlyList<ModelEvent> Events, Release Release)
{
    public Instant End => Model.Start + Duration.FromHours(RandomModel.Hours);

    /// <summary>For what a law draws beside definition and history; the same each time it is asked for.</summary>
    public Dice Dice => new(~Seed);

    public MachineRun Run() => MachineRun.Of(Release);

    /// <summary>The case of a seed; null where the checker refuses the definition.</summary>
    public static Case? Draw(int seed, Drawing drawing)
    {
        var dice = new Dice(seed);
        var model = new RandomModel(dice, drawing.Tightly).Model();
        if (seed % 20 == 8) model = RareModel.InBrokenHours(model, seed / 20);
        if (seed % 20 == 3) model = RareModel.InStrangeDays(model, seed / 20);
        var events = new RandomHistory(dice, model).Events(drawing.EventsMax);
        if (seed % 20 == 8 || (seed % 20 == 3 && model.LooksPerHour > 1)) events = RareModel.AtQuarters(events, dice);
        if (seed % 20 == 17) events = RareModel.WithHardNumbers(events, dice);
        return seed % 20 == 13 && !drawing.Tightly && RareModel.WithTop(model, dice) is { } ranked
            ? With(seed, drawing, ranked, RareModel.WithCuts(events, ranked, dice))
            : seed % 20 == 3 && !drawing.Tightly && RareModel.WithQuantile(model, dice) is { } tiled
                ? With(seed, drawing, tiled, RareModel.WithQuarters(events, tiled, dice))
                : With(seed, drawing, model, events);
    }

    public override string ToString() => $"Seed {Seed}\n{ModelText.Write(Model)}{string.Join('\n', Events.Select(Line))}";

    /// <summary>Cases with one thing less, from which the failure that remains may be read more easily.</summary>
    public IEnumerable<Case> Smaller()
    {
        for (var i = Events.Count - 1; i >= 0; i--)
            yield return this with { Events = [.. Events.Where((_, at) => at != i)] };
        foreach (var model in SmallerModel.Of(Model))
            if (With(Seed, Drawing, model, Events) is { } smaller) yield return smaller;
    }

    private static Case? With(int seed, Drawing drawing, Model model, IReadOnlyList<ModelEvent> events) =>
        MachineRun.Compile(ModelText.Write(model), drawing.Journeys) is { } release ? new Case(seed, drawing, model, events, release) : null;

    private static string Line(ModelEvent e) => $"  {e.Arrives}{(e.Occurred == e.Arrives ? "" : $" (of {e.Occurred})")} {e.Name} "
        + System.Text.Encoding.UTF8.GetString(Json.Write(e.Properties));
}
