using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>All that was ever heard of the customer. Every aggregate is measured from it anew, by going through the whole list.</summary>
public sealed class Memory(Model model, DateTimeZone zone)
{
    private const long Hour = 3_600_000, Day = 24 * Hour, Week = 7 * Day;

    /// <summary>As many values as <c>all</c> lists.</summary>
    private const int ListedMax = 64;

    private readonly List<ModelAggregate> _aggregates =
        [.. model.Everything().OfType<Aggregated>().Select(phrase => phrase.Aggregate).Distinct()];
    private readonly Dictionary<ModelAggregate, List<Hit>> _hits = [];
    private readonly List<ModelEvent> _events = [];
    private readonly Dictionary<string, Measured> _attributes = [];
    private readonly List<Hit> _held = [];

    /// <param name="Order">In which it was heard: of hits at one instant the greater is the later.</param>
    private readonly record struct Hit(long At, int Order, int Input, Measured Value, int DayNumber);

    public bool IsEmpty => _events.Count == 0;

    /// <summary>How many things were heard of the customer so far.</summary>
    public int Heard => _events.Count;
    public long FirstSeen { get; private set; } = long.MaxValue;

    /// <summary>Whether all customers were ever counted.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>The least value among the top, as last counted; null where nobody was.</summary>
    public decimal? Cut { get; private set; }

    /// <summary>The values that part the tiles, as last counted; none where nobody was.</summary>
    public IReadOnlyList<decimal> Tiles { get; private set; } = [];

    /// <summary>All customers were counted anew.</summary>
    public void TakeCuts(ModelEvent cuts)
    {
        IsCounted = true;
        Cut = cuts.Find("least") as decimal?;
        Tiles = [.. (cuts.Find("tiles") as IReadOnlyList<(string Name, object? Value)> ?? []).Select(point => (decimal)point.Value!)];
    }

    public void Take(ModelEvent e, Reckoner reckoner)
    {
        _events.Add(e);
        _attributes.Clear();
        FirstSeen = Math.Min(FirstSeen, e.Occurred.ToUnixTimeMilliseconds());
        if (e.Name == ModelEvent.Profile) return;
        foreach (var aggregate in _aggregates)
            if (aggregate.Events.Count == 0 || aggregate.Events.Contains(e.Name)) TakeInto(aggregate, e, Heard, reckoner);
    }

    /// <summary>Facts are events too, for those who ask for them by name.</summary>
    /// <param name="input">As how many-th the event was heard that it follows from; 0 if it follows from none.</param>
    public void TakeFact(ModelEvent fact, int input, Reckoner reckoner)
    {
        foreach (var aggregate in _aggregates)
            if (aggregate.Events.Contains(fact.Name)) TakeInto(aggregate, fact, input, reckoner);
    }

    /// <summary>What was last said of the customer, by the time it was true from.</summary>
    public Measured Attribute(string name, string type)
    {
        if (_attributes.TryGetValue(name, out var known)) return known;
        ModelEvent? latest = null;
        foreach (var e in _events)
            if (e.Name == ModelEvent.Profile && e.Find(name) != ModelEvent.Absent
                && (latest is null || e.Occurred >= latest.Occurred))
                latest = e;
        return _attributes[name] = latest is null ? Measured.Missing : Readings.Read(latest.Find(name), type, zone);
    }

    /// <param name="stageSince">When the customer entered the stage that a window of this stage is about.</param>
    /// <param name="stageInput">How many things had been heard of them by then.</param>
    public Measured Measure(ModelAggregate aggregate, long now, long stageSince, int stageInput)
    {
        _held.Clear();
        if (_hits.TryGetValue(aggregate, out var hits))
        {
            var (after, upTo, day, end) = Stretch(aggregate.Window, now, stageSince);
            foreach (var hit in hits)
                if ((hit.At > after || IsBehind(hit)) && hit.At <= upTo && hit.DayNumber >= day && hit.DayNumber < end) _held.Add(hit);
        }
        // What brought the customer into a stage is not in it; what was heard after that is, at the same instant too.
        bool IsBehind(Hit hit) => aggregate.Window.Form == "stage" && hit.At == stageSince && hit.Input > stageInput;
        return aggregate.Function switch
        {
            "count" => Measured.Of(_held.Count),
            "sum" => Sum(),
            "days" => Measured.Of(Different(hit => hit.DayNumber)),
            "weeks" => Measured.Of(Different(hit => (now - hit.At) / Week)),
            "distinct" => Measured.Of(Different(hit => hit.Value)),
            "all" => List(),
            "typical_gap" => TypicalGap(),
            _ when _held.Count == 0 => Measured.Missing,
            "median" => Measured.Of(Median()),
            "avg" => Sum() is { IsMissing: false } sum ? Measured.Of(sum.Amount / _held.Count) : Measured.Missing,
            "min" => Best((hit, other) => hit.Value.Amount < other.Value.Amount).Value,
            "max" => Best((hit, other) => hit.Value.Amount > other.Value.Amount).Value,
            "first" => new Measured(Kind.Time, Best((hit, other) => hit.At < other.At).At),
            "last" => new Measured(Kind.Time, Best((hit, other) => hit.At > other.At).At),
            "latest" => Best((hit, other) => hit.At > other.At || (hit.At == other.At && hit.Order > other.Order)).Value,
            _ => throw new InvalidOperationException(aggregate.Function),
        };
    }

    private Measured Sum() => Exact.Sum(_held.Select(hit => hit.Value.Amount)) is { } sum ? Measured.Of(sum) : Measured.Missing;

    private decimal Median()
    {
        var numbers = _held.Select(hit => hit.Value.Amount).Order().ToList();
        return (numbers[(numbers.Count - 1) / 2] + numbers[numbers.Count / 2]) / 2;
    }

    private Hit Best(Func<Hit, Hit, bool> isBetter)
    {
        var best = _held[0];
        foreach (var hit in _held)
            if (isBetter(hit, best)) best = hit;
        return best;
    }

    private int Different<T>(Func<Hit, T> of)
    {
        var different = 0;
        for (var i = 0; i < _held.Count; i++)
        {
            var isNew = true;
            for (var j = 0; j < i && isNew; j++) isNew = !EqualityComparer<T>.Default.Equals(of(_held[i]), of(_held[j]));
            if (isNew) different++;
        }
        return different;
    }

    private Measured List() => new(Kind.List, _held.Count, string.Join("|", _held.GroupBy(hit => hit.Value)
        .OrderBy(group => group.Max(hit => (hit.At, hit.Order))).TakeLast(ListedMax).Select(group => group.Key.ToString())));

    /// <summary>The median of the last five gaps between days, if there are at least three; a gap of n dates is n times 24 hours.</summary>
    private Measured TypicalGap()
    {
        var days = _held.Select(hit => hit.DayNumber).Distinct().Order().ToList();
        var gaps = days.Zip(days.Skip(1), (earlier, later) => later - earlier).TakeLast(5).Order().ToList();
        if (gaps.Count < 3) return Measured.Missing;
        var median = (gaps[(gaps.Count - 1) / 2] + gaps[gaps.Count / 2]) / 2m;
        return new Measured(Kind.Duration, median * Day);
    }

    private void TakeInto(ModelAggregate aggregate, ModelEvent e, int input, Reckoner reckoner)
    {
        if (aggregate.Where is { } where && !reckoner.Reckon(where, new Look(0, null, e, null)).IsTrue) return;
        var value = aggregate.Property is { } property ? Readings.Read(e, property, aggregate.PropertyType, zone) : Measured.Missing;
        if (aggregate.Property is not null && value.IsMissing) return;
        if (!_hits.TryGetValue(aggregate, out var hits)) _hits[aggregate] = hits = [];
        var at = e.Occurred.ToUnixTimeMilliseconds();
        hits.Add(new Hit(at, hits.Count, input, value, DayNumber(Readings.DateAt(at, zone))));
    }

    /// <summary>After which instant, up to which, from which date on and before which a window holds events.</summary>
    private (long After, long UpTo, int Day, int End) Stretch(ModelWindow window, long now, long stageSince)
    {
        const int Any = int.MinValue, Ever = int.MaxValue;
        if (window.Form == "in") return (now - window.From * Hour, now, Any, Ever);
        if (window.Form == "from") return (now - window.From * Hour, now - window.To * Hour, Any, Ever);
        if (window.Form == "stage") return (stageSince, now, Any, Ever);
        if (window.Form == "first") return (long.MinValue, FirstSeen + window.From * Hour - 1, Any, Ever);
        if (window.Form == "always") return (long.MinValue, now, Any, Ever);
        var today = Readings.DateAt(now, zone);
        if (window.Form.Split(' ') is ["last", var whole])
            return (long.MinValue, now, DayNumber(Begin(whole, Begin(whole, today).PlusDays(-1))), DayNumber(Begin(whole, today)));
        var first = window.Form switch
        {
            "calendar" => today.PlusDays(1 - window.From),
            "months" => Begin("month", today.PlusMonths(1 - window.From)),
            var running => Begin(running, today),
        };
        return (long.MinValue, now, DayNumber(first), Ever);
    }

    /// <summary>The first day of the week, month, quarter or year in which a day lies.</summary>
    private static LocalDate Begin(string period, LocalDate day)
    {
        bool IsFirst(LocalDate one) => period switch
        {
            "today" => true,
            "week" => one.DayOfWeek == IsoDayOfWeek.Monday,
            "month" => one.Day == 1,
            "quarter" => one.Day == 1 && one.Month % 3 == 1,
            "year" => one.DayOfYear == 1,
            _ => throw new InvalidOperationException(period),
        };
        while (!IsFirst(day)) day = day.PlusDays(-1);
        return day;
    }

    private static int DayNumber(LocalDate date) => Period.DaysBetween(new LocalDate(1970, 1, 1), date);
}
