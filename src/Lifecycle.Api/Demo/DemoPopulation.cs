using Bogus;
using NodaTime;

namespace Lifecycle.Api.Demo;

/// <summary>The made-up customers. The same seed makes the same people with the same habits; only the calendar moves with the day of the
/// start.</summary>
internal sealed class DemoPopulation
{
    private const int Seed = 20_261_122;
    private const int People = 300;

    private readonly DemoBusiness _business;
    private readonly Faker _faker;

    public DemoPopulation(DemoBusiness business)
    {
        _business = business;
        _faker = new Faker("en") { Random = new Randomizer(Seed) };
        Customers = [.. Enumerable.Range(1, People).Select(HabitOf)];
    }

    public IReadOnlyList<DemoCustomer> Customers { get; }

    /// <summary>Everybody's past up to now but the star's, in the order of time.</summary>
    public IReadOnlyList<DemoEvent> History(Instant now) => InOrder(Customers.SelectMany(customer => LifeOf(customer, now)), now);

    /// <summary>The star's past up to now, in the order of time.</summary>
    /// <param name="last">When the star's suspense began, to the millisecond.</param>
    public IReadOnlyList<DemoEvent> StarsHistory(Instant now, string star, Instant last) => InOrder(_business.Star(star, last), now);

    private static IReadOnlyList<DemoEvent> InOrder(IEnumerable<DemoEvent> events, Instant now) =>
        [.. events.Where(one => one.At < now).OrderBy(one => one.At)];

    private DemoCustomer HabitOf(int number)
    {
        var random = _faker.Random;
        var name = _faker.Name.FirstName();
        var id = $"{_business.Noun}-{number:000}";
        var days = _business.Past;
        // A fifth is new, a quarter casual, a quarter devoted, the rest gone, some of them lately.
        return (number % 20) switch
        {
            < 4 => new DemoCustomer(id, name, random.Double(0.5, days * 0.08), 0, Often(0.5), 0.06),
            < 9 => new DemoCustomer(id, name, random.Double(days * 0.3, days), 0, Often(0.35), 0.2),
            < 14 => new DemoCustomer(id, name, random.Double(days * 0.4, days), 0, Often(0.75), 0.3, number % 60 == 11 ? 6 : 1),
            < 17 => new DemoCustomer(id, name, days, random.Double(days * 0.25, days * 0.6), Often(0.6), 0.2) { CameBack = number % 20 == 16 },
            _ => new DemoCustomer(id, name, random.Double(days * 0.3, days), random.Double(0.04 * days, 0.11 * days), Often(0.5), 0.15),
        };

        double Often(double share) => share * _business.Frequency;
    }

    private List<DemoEvent> LifeOf(DemoCustomer customer, Instant now)
    {
        var random = new Randomizer(Seed + int.Parse(customer.Id[^3..], System.Globalization.CultureInfo.InvariantCulture));
        var first = now - Duration.FromDays(customer.From);
        var life = new List<DemoEvent> { new(customer.Id, "Signed Up", first),
            new(customer.Id, DemoEvent.Identify, first + Duration.FromSeconds(1), What: customer.Name) };
        var visitor = _business.EveryVisitBuys ? customer with { Orders = 1 } : customer;
        for (var day = 0; day < customer.From - customer.Until; day++)
        {
            if (day > 0 && !random.Bool((float)customer.Visits)) continue;
            life.AddRange(_business.Visit(visitor, first + Duration.FromDays(day) + Duration.FromSeconds(random.Int(5, 36_000)), random));
        }
        if (customer.CameBack)
            foreach (var hours in (double[])[40, 16])
                life.AddRange(_business.Visit(visitor, now - Duration.FromHours(hours) - Duration.FromMinutes(random.Int(0, 300)), random));
        life.AddRange(_business.Beside(customer, first, now, random));
        return life;
    }
}
