using Bogus;
using Lifecycle.Api.Hosting;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>How a made-up customer behaves.</summary>
/// <param name="From">Days ago of the first visit.</param>
/// <param name="Until">Days ago of the last visit; 0 for those who still come.</param>
/// <param name="Visits">How likely a visit is on a day.</param>
/// <param name="Orders">How likely a purchase is on a day with a visit.</param>
/// <param name="Spending">How many times what others spend.</param>
internal sealed record Habit(string Id, string Name, double From, double Until, double Visits, double Orders, int Spending = 1)
{
    /// <summary>They had gone, and looked in again in the last two days.</summary>
    public bool CameBack { get; init; }

    public bool StillComes => Until == 0;
}

/// <summary>The made-up customers. The same seed makes the same people with the same habits; only the calendar moves with the day of the start.</summary>
internal sealed class Cast
{
    private const int Seed = 20_261_122;
    private const int People = 300;

    private readonly DemoKind _kind;
    private readonly Faker _faker;

    public Cast(DemoKind kind)
    {
        _kind = kind;
        _faker = new Faker("en") { Random = new Randomizer(Seed) };
        Habits = [.. Enumerable.Range(1, People).Select(HabitOf)];
    }

    public IReadOnlyList<Habit> Habits { get; }

    public string Currency => _kind == DemoKind.Game ? "CNY" : "USD";

    /// <summary>Everybody's past up to now, in the order of time.</summary>
    /// <param name="silence">When the star's silence began, to the millisecond.</param>
    public IReadOnlyList<DemoEvent> History(Instant now, string star, Instant silence)
    {
        var events = new List<DemoEvent>();
        foreach (var habit in Habits) events.AddRange(LifeOf(habit, now));
        events.AddRange(_kind == DemoKind.Game ? StarOfGame(star, silence) : StarOfShop(star, silence));
        return [.. events.Where(one => one.At < now).OrderBy(one => one.At)];
    }

    /// <summary>What somebody does on a visit.</summary>
    public IEnumerable<DemoEvent> Visit(Habit habit, Instant at, Randomizer random)
    {
        if (_kind == DemoKind.Game)
        {
            yield return new DemoEvent(habit.Id, "session_start", at);
            if (random.Bool(0.15f)) yield return new DemoEvent(habit.Id, "Level Up", at + Duration.FromMinutes(random.Int(5, 25)), What: $"{random.Int(2, 80)}");
        }
        if (random.Bool((float)habit.Orders)) yield return new DemoEvent(habit.Id, "Order Completed", at + Duration.FromMinutes(random.Int(1, 30)), PriceOf(random) * habit.Spending, ItemOf(random));
    }

    private Habit HabitOf(int number)
    {
        var random = _faker.Random;
        var name = _faker.Name.FirstName();
        var id = $"{(_kind == DemoKind.Game ? "player" : "customer")}-{number:000}";
        var days = _kind == DemoKind.Game ? 120 : 700;
        // A fifth is new, a quarter casual, a quarter devoted, the rest gone, some of them lately.
        return (number % 20) switch
        {
            < 4 => new Habit(id, name, random.Double(0.5, days * 0.08), 0, Often(0.5), 0.06),
            < 9 => new Habit(id, name, random.Double(days * 0.3, days), 0, Often(0.35), 0.2),
            < 14 => new Habit(id, name, random.Double(days * 0.4, days), 0, Often(0.75), 0.3, number % 60 == 11 ? 6 : 1),
            < 17 => new Habit(id, name, days, random.Double(days * 0.25, days * 0.6), Often(0.6), 0.2) { CameBack = number % 20 == 16 },
            _ => new Habit(id, name, random.Double(days * 0.3, days), random.Double(0.04 * days, 0.11 * days), Often(0.5), 0.15),
        };

        // A shop is visited to buy, and less often.
        double Often(double share) => _kind == DemoKind.Game ? share : share * 0.12;
    }

    private List<DemoEvent> LifeOf(Habit habit, Instant now)
    {
        var random = new Randomizer(Seed + int.Parse(habit.Id[^3..], System.Globalization.CultureInfo.InvariantCulture));
        var first = now - Duration.FromDays(habit.From);
        var life = new List<DemoEvent> { new(habit.Id, "Signed Up", first), new(habit.Id, DemoEvent.Identify, first + Duration.FromSeconds(1), What: habit.Name) };
        var visitor = _kind == DemoKind.Game ? habit : habit with { Orders = 1 };
        for (var day = 0; day < habit.From - habit.Until; day++)
        {
            if (day > 0 && !random.Bool((float)habit.Visits)) continue;
            life.AddRange(Visit(visitor, first + Duration.FromDays(day) + Duration.FromSeconds(random.Int(5, 36_000)), random));
        }
        if (habit.CameBack)
            foreach (var hours in (double[])[40, 16]) life.AddRange(Visit(visitor, now - Duration.FromHours(hours) - Duration.FromMinutes(random.Int(0, 300)), random));
        return life;
    }

    /// <summary>A devoted player who bought every few days and then went silent.</summary>
    private static IEnumerable<DemoEvent> StarOfGame(string star, Instant silence)
    {
        var first = silence - Duration.FromDays(100);
        yield return new DemoEvent(star, "Signed Up", first);
        yield return new DemoEvent(star, DemoEvent.Identify, first + Duration.FromSeconds(1), What: "Ann");
        int[] orders = [11, 18, 26, 33, 41, 48, 54, 61, 68, 74, 80, 85, 89, 93, 97];
        for (var day = 0; day < 100; day++)
        {
            var ordered = orders.Contains(day);
            if (!ordered && (day is > 3 and < 9 || day % 4 == 3)) continue;
            var at = first + Duration.FromDays(day) + Duration.FromMinutes(90 + day * 37 % 240);
            yield return new DemoEvent(star, "session_start", at);
            if (day % 9 == 1) yield return new DemoEvent(star, "Level Up", at + Duration.FromMinutes(20), What: $"{10 + day / 3}");
            if (ordered) yield return new DemoEvent(star, "Order Completed", at + Duration.FromMinutes(11), day > 76 ? 98m : 68m, "month-card");
        }
        yield return new DemoEvent(star, "session_start", silence);
    }

    /// <summary>A regular of a shop whose last purchase was a while ago.</summary>
    private static IEnumerable<DemoEvent> StarOfShop(string star, Instant silence)
    {
        yield return new DemoEvent(star, "Signed Up", silence - Duration.FromDays(400));
        yield return new DemoEvent(star, DemoEvent.Identify, silence - Duration.FromDays(400) + Duration.FromSeconds(1), What: "Ann");
        foreach (var days in (int[])[399, 340, 305, 262, 220, 187, 150, 118, 80, 41])
            yield return new DemoEvent(star, "Order Completed", silence - Duration.FromDays(days), 24.90m + days % 7, "coffee");
        yield return new DemoEvent(star, "Order Completed", silence, 31.50m, "coffee");
    }

    private decimal PriceOf(Randomizer random) => _kind == DemoKind.Game
        ? random.ArrayElement([6m, 12m, 30m, 30m, 68m, 68m, 98m, 198m, 328m])
        : Math.Round(random.Decimal(8, 120), 2);

    private string ItemOf(Randomizer random) => _kind == DemoKind.Game
        ? random.ArrayElement(["month-card", "mount", "jade", "gold", "costume"])
        : random.ArrayElement(["coffee", "tea", "cups", "kettle", "filters"]);
}
