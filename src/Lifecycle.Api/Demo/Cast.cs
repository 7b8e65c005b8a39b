using Bogus;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>The made-up customers. The same seed makes the same people with the same habits; only the calendar moves with the day of the start.</summary>
internal sealed class Cast
{
    private const int Seed = 20_261_122;
    private const int People = 300;

    private readonly Trade _trade;
    private readonly Faker _faker;

    public Cast(Trade trade)
    {
        _trade = trade;
        _faker = new Faker("en") { Random = new Randomizer(Seed) };
        Habits = [.. Enumerable.Range(1, People).Select(HabitOf)];
    }

    public IReadOnlyList<Habit> Habits { get; }

    /// <summary>Everybody's past up to now but the star's, in the order of time.</summary>
    public IReadOnlyList<DemoEvent> History(Instant now) => InOrder(Habits.SelectMany(habit => LifeOf(habit, now)), now);

    /// <summary>The star's past up to now, in the order of time.</summary>
    /// <param name="last">When the star's suspense began, to the millisecond.</param>
    public IReadOnlyList<DemoEvent> StarsHistory(Instant now, string star, Instant last) => InOrder(_trade.Star(star, last), now);

    private static IReadOnlyList<DemoEvent> InOrder(IEnumerable<DemoEvent> events, Instant now) => [.. events.Where(one => one.At < now).OrderBy(one => one.At)];

    private Habit HabitOf(int number)
    {
        var random = _faker.Random;
        var name = _faker.Name.FirstName();
        var id = $"{_trade.Noun}-{number:000}";
        var days = _trade.Past;
        // A fifth is new, a quarter casual, a quarter devoted, the rest gone, some of them lately.
        return (number % 20) switch
        {
            < 4 => new Habit(id, name, random.Double(0.5, days * 0.08), 0, Often(0.5), 0.06),
            < 9 => new Habit(id, name, random.Double(days * 0.3, days), 0, Often(0.35), 0.2),
            < 14 => new Habit(id, name, random.Double(days * 0.4, days), 0, Often(0.75), 0.3, number % 60 == 11 ? 6 : 1),
            < 17 => new Habit(id, name, days, random.Double(days * 0.25, days * 0.6), Often(0.6), 0.2) { CameBack = number % 20 == 16 },
            _ => new Habit(id, name, random.Double(days * 0.3, days), random.Double(0.04 * days, 0.11 * days), Often(0.5), 0.15),
        };

        double Often(double share) => share * _trade.Frequency;
    }

    private List<DemoEvent> LifeOf(Habit habit, Instant now)
    {
        var random = new Randomizer(Seed + int.Parse(habit.Id[^3..], System.Globalization.CultureInfo.InvariantCulture));
        var first = now - Duration.FromDays(habit.From);
        var life = new List<DemoEvent> { new(habit.Id, "Signed Up", first), new(habit.Id, DemoEvent.Identify, first + Duration.FromSeconds(1), What: habit.Name) };
        var visitor = _trade.EveryVisitBuys ? habit with { Orders = 1 } : habit;
        for (var day = 0; day < habit.From - habit.Until; day++)
        {
            if (day > 0 && !random.Bool((float)habit.Visits)) continue;
            life.AddRange(_trade.Visit(visitor, first + Duration.FromDays(day) + Duration.FromSeconds(random.Int(5, 36_000)), random));
        }
        if (habit.CameBack)
            foreach (var hours in (double[])[40, 16]) life.AddRange(_trade.Visit(visitor, now - Duration.FromHours(hours) - Duration.FromMinutes(random.Int(0, 300)), random));
        life.AddRange(_trade.Beside(habit, first, now, random));
        return life;
    }
}
