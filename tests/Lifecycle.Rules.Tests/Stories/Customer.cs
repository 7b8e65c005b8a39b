using System.Globalization;
using System.Text.Json;
using Lifecycle.Domain;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Rules.Tests.Stories;

/// <summary>A customer's life under a template, told day by day: <c>Customer.Of("tianxia").Plays(0).On(14).Is("lapsed")</c>.</summary>
/// <remarks>Days count from noon of 5 January 2026 in the template's time zone and may have fractions. What is told lives on to its day first.</remarks>
internal sealed class Customer
{
    private readonly Release _release;
    private readonly CustomerMachine _machine;
    private readonly CustomerState _state = new(new CustomerKey(StableHash.Of("someone"))) { Release = 1 };
    private readonly List<RecordedFact> _facts = [];
    private readonly Instant _birth;
    private int _position;

    private Customer(Release release)
    {
        (_release, _machine) = (release, new CustomerMachine("tests", number => number == release.Number ? release : Release.None));
        // The release was activated when there was nobody to be compared with.
        _state.Decisions.Take([.. release.Cuts.Select(threshold => new CutPoints(threshold.Key, 0, []))], release);
        _birth = new LocalDateTime(2026, 1, 5, 12, 0).InZoneStrictly(release.Zone).ToInstant();
    }

    public static Customer Of(string sample) => new(Sample.Compile(sample));

    public Instant Day(double day) => _birth + Duration.FromMilliseconds((long)Math.Round(day * 86_400_000));

    public Customer Does(double day, string name, object? properties = null) => Tells(day, day, name, properties);

    /// <summary>Something that occurred on an earlier day but is only heard of now.</summary>
    public Customer Tells(double day, double occurred, string name, object? properties = null)
    {
        var touchpoint = new Touchpoint(name, properties is null ? Properties.None : Properties.Parse(JsonSerializer.Serialize(properties)));
        var id = new RecordId(StableHash.Of($"event {++_position}"));
        _machine.Apply(_state, new Recorded(_position, Day(day), Day(day), Day(occurred), id, false, 0, touchpoint), _facts);
        return this;
    }

    /// <summary>Everybody is compared: the least value that is among the top for each of the template's cuts, the smaller share first.</summary>
    public Customer IsComparedOn(double day, params decimal?[] least)
    {
        var cuts = _release.Cuts.OrderBy(threshold => threshold.Share).ToList();
        Assert.Equal(cuts.Count, least.Length);
        var points = cuts.Zip(least, (threshold, value) => new CutPoints(threshold.Key, 100, value is { } from ? [from] : []));
        var id = new RecordId(StableHash.Of($"cuts {++_position}"));
        _machine.Live(_state, new RecordedShardInput(_position, Day(day), Day(day), id, new CutPointsComputed([.. points])), () => new Past([], []), _facts);
        return this;
    }

    /// <summary>Time passes, and nothing else happens.</summary>
    public Customer On(double day)
    {
        _machine.LiveTo(_state, Day(day), _facts);
        return this;
    }

    public Customer Is(string stage, string track = "lifecycle")
    {
        Assert.Equal(stage, _state.Decisions.In(track)?.Stage);
        Assert.DoesNotContain(_facts, fact => fact.Fact is StageConflict);
        return this;
    }

    /// <summary>The present stage was entered at this very instant.</summary>
    public Customer Since(double day, string track = "lifecycle")
    {
        Assert.Equal(day, DayOf(_state.Decisions.In(track)!.Since));
        return this;
    }

    /// <summary>The last move has a part of this wording in its explanation, and that part was so.</summary>
    public Customer Because(string part, string track = "lifecycle")
    {
        var parts = PartsOf(LastMove(track).Because!).ToList();
        Assert.Contains(part, parts.Where(one => one.Value == Value.True).Select(one => one.Text));
        return this;
    }

    /// <summary>Among the events that decided the last move, the latest occurred on this day.</summary>
    public Customer DecidedOn(double day, string track = "lifecycle")
    {
        Assert.Equal(day, PartsOf(LastMove(track).Because!).SelectMany(part => part.Times).Select(DayOf).Max());
        return this;
    }

    /// <summary>The last move of a track was caused by time alone, or by an event.</summary>
    public Customer By(MoveCause cause, string track = "lifecycle")
    {
        Assert.Equal(cause, LastMove(track).Cause);
        return this;
    }

    /// <summary>What a metric is on a day: a number, or a duration in days; null where it is missing.</summary>
    public Customer Measures(double day, string metric, double? expected)
    {
        On(day);
        var value = _release.Metrics.Single(one => one.Name == metric).Term.Evaluate(_release.Read(_state, Day(day)));
        double? measured = value.IsMissing ? null : (double)(value.Type == Lifecycle.Domain.Values.RuleType.Duration ? value.Magnitude / 86_400_000 : value.Magnitude);
        Assert.Equal(expected, measured);
        return this;
    }

    public Customer Has(params string[] benefits)
    {
        Assert.Equal(benefits.Order(StringComparer.Ordinal), _state.Decisions.Benefits.Keys);
        return this;
    }

    public Customer HasPoints(decimal points)
    {
        Assert.Equal(points, _state.Decisions.Points.Balance);
        return this;
    }

    /// <summary>All moves of a track, as "DAY STAGE, …" with the day exact.</summary>
    public Customer Went(string moves, string track = "lifecycle")
    {
        Assert.Equal(moves, string.Join(", ", _facts.Where(fact => fact.Fact is StageChanged moved && moved.Track == track)
            .Select(fact => string.Create(CultureInfo.InvariantCulture, $"{DayOf(fact.Clock)} {((StageChanged)fact.Fact).To}"))));
        return this;
    }

    /// <summary>All that was sent, as "DAY TEMPLATE, …".</summary>
    public Customer WasSent(string messages)
    {
        Assert.Equal(messages, string.Join(", ", _facts.Where(fact => fact.Fact is ActionRequested)
            .Select(fact => string.Create(CultureInfo.InvariantCulture, $"{DayOf(fact.Clock)} {((ActionRequested)fact.Fact).Template}"))));
        return this;
    }

    /// <summary>All enrolments that began, as "DAY JOURNEY, …".</summary>
    public Customer Began(string enrolments)
    {
        Assert.Equal(enrolments, string.Join(", ", _facts.Where(fact => fact.Fact is JourneyStarted)
            .Select(fact => string.Create(CultureInfo.InvariantCulture, $"{DayOf(fact.Clock)} {((JourneyStarted)fact.Fact).Journey}"))));
        return this;
    }

    /// <summary>All enrolments that ended, as "DAY JOURNEY WHY, …".</summary>
    public Customer Ended(string enrolments)
    {
        Assert.Equal(enrolments, string.Join(", ", _facts.Where(fact => fact.Fact is JourneyEnded).Select(fact => (fact.Clock, Ended: (JourneyEnded)fact.Fact))
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{DayOf(one.Clock)} {one.Ended.Journey} {one.Ended.Because}"))));
        return this;
    }

    /// <summary>All benefits granted and revoked, as "DAY +BENEFIT, DAY -BENEFIT, …".</summary>
    public Customer WasGranted(string benefits)
    {
        Assert.Equal(benefits, string.Join(", ", _facts.Select(fact => (fact.Clock, Benefit: fact.Fact switch
        {
            BenefitGranted granted => "+" + granted.Benefit,
            BenefitRevoked revoked => "-" + revoked.Benefit,
            _ => null,
        })).Where(one => one.Benefit is not null).Select(one => string.Create(CultureInfo.InvariantCulture, $"{DayOf(one.Clock)} {one.Benefit}"))));
        return this;
    }

    private StageChanged LastMove(string track) => _facts.Select(fact => fact.Fact).OfType<StageChanged>().Last(moved => moved.Track == track);

    private double DayOf(Instant instant) => (instant - _birth).TotalDays;

    private static IEnumerable<Explanation> PartsOf(Explanation whole) => whole.Parts.SelectMany(PartsOf).Prepend(whole);
}
