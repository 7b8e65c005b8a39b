using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Domain.Metrics;

public enum WindowKind : byte { Always, Sliding, Calendar, Stage, Journey, First }

public enum CalendarUnit : byte { Day, Week, Month, Quarter, Year }

/// <summary>The stretch of time whose events an aggregate is over. It is open at its beginning and closed at its end, to the millisecond.</summary>
/// <remarks>All instants here are milliseconds since 1970. An event is held from when it enters until just before it leaves; for windows that only
/// lose events as time passes (all but those that end in the past), entering is at once. Of a customer's first days a late event may show that they
/// began earlier: what occurred last is then held no longer.</remarks>
public sealed record Window
{
    public static readonly Window Always = new() { Kind = WindowKind.Always };

    private Window()
    {
    }

    public WindowKind Kind { get; private init; }

    /// <summary>Of a sliding window: how far back it begins; of the first days: how long they last. In milliseconds.</summary>
    public long From { get; private init; }

    /// <summary>Of a sliding window: how far back it ends, in milliseconds; 0 for the clock.</summary>
    public long To { get; private init; }

    /// <summary>Of a calendar window: what it is made of.</summary>
    public CalendarUnit Unit { get; private init; }

    /// <summary>Of a calendar window: of how many units.</summary>
    public int Count { get; private init; }

    /// <summary>Of a calendar window: it ends where the running unit begins.</summary>
    public bool IsBefore { get; private init; }

    /// <summary>The track whose stage, or the journey whose enrolment, began the window; null for other kinds.</summary>
    public string? Scope { get; private init; }

    /// <summary>Events with <c>clock − from &lt; occurred_at ≤ clock − to</c>.</summary>
    public static Window Sliding(long from, long to = 0) => new() { Kind = WindowKind.Sliding, From = from, To = to };

    /// <summary>The running day, week, month, quarter or year, and those before it until there are so many, by the tenant's zone. Weeks begin on
    /// Monday.</summary>
    public static Window Calendar(CalendarUnit unit, int count = 1) => new() { Kind = WindowKind.Calendar, Unit = unit, Count = count };

    /// <summary>The whole week, month, quarter or year before the running one.</summary>
    public static Window Before(CalendarUnit unit) => new() { Kind = WindowKind.Calendar, Unit = unit, Count = 1, IsBefore = true };

    /// <summary>The customer's first days: events with <c>first seen ≤ occurred_at &lt; first seen + length</c>.</summary>
    public static Window First(long length) => new() { Kind = WindowKind.First, From = length };

    /// <summary>Since the customer entered their stage of a track, behind the input that brought them in.</summary>
    public static Window InStage(string track) => new() { Kind = WindowKind.Stage, Scope = track };

    /// <summary>Since the enrolment began whose condition is judged, behind the input that set it off.</summary>
    public static Window InJourney(string journey) => new() { Kind = WindowKind.Journey, Scope = journey };

    /// <summary>Events enter at once, so that among those held a later one also stays longer.</summary>
    public bool EndsNow => To == 0 && !IsBefore && Kind != WindowKind.First;

    /// <summary>Time alone changes nothing of what it holds.</summary>
    public bool OnlyEventsMoveIt => Kind is WindowKind.Always or WindowKind.Stage or WindowKind.Journey or WindowKind.First;

    /// <summary>Whether something that the customer did opens the window, so that the inputs of its instant are told apart.</summary>
    public bool OpensWithInput => Kind is WindowKind.Stage or WindowKind.Journey;

    /// <summary>The instant after which events are held, and of those at that instant the number of the input after which they are.</summary>
    public (long At, int Input) Opens(in Reading reading) => Kind switch
    {
        WindowKind.Always or WindowKind.First => (long.MinValue, int.MaxValue),
        WindowKind.Sliding => (reading.Now - From, int.MaxValue),
        WindowKind.Calendar => (Start(reading.Now, IsBefore ? -Count : 1 - Count, reading.Release.Zone) - 1, int.MaxValue),
        WindowKind.Stage => reading.State.Decisions.In(Scope!) is { } state ? (state.Since.ToUnixTimeMilliseconds(), state.Input) : Closed,
        WindowKind.Journey => reading.Enrolment is { } enrolment ? (enrolment.StartedAt.ToUnixTimeMilliseconds(), enrolment.Input) : Closed,
    };

    private static (long At, int Input) Closed => (long.MaxValue, int.MaxValue);

    /// <summary>The instant up to which events are held.</summary>
    public long Closes(in Reading reading) => Kind switch
    {
        WindowKind.First => reading.State.FirstSeen is { } first ? first.ToUnixTimeMilliseconds() + From - 1 : long.MinValue,
        WindowKind.Calendar when IsBefore => Start(reading.Now, 0, reading.Release.Zone) - 1,
        WindowKind.Always or WindowKind.Sliding or WindowKind.Calendar or WindowKind.Stage or WindowKind.Journey => reading.Now - To,
    };

    /// <summary>When an event of some instant begins to be held; <see cref="Instants.NeverMilliseconds"/> if time alone does not bring it.</summary>
    public long EntersAt(long at, DateTimeZone zone) => Kind switch
    {
        WindowKind.First => Instants.NeverMilliseconds,
        WindowKind.Calendar when IsBefore => Start(at, 1, zone),
        WindowKind.Always or WindowKind.Sliding or WindowKind.Calendar or WindowKind.Stage or WindowKind.Journey => at + To,
    };

    /// <summary>When an event of some instant is no longer held; <see cref="Instants.NeverMilliseconds"/> if time alone does not drop it.</summary>
    public long LeavesAt(long at, DateTimeZone zone) => Kind switch
    {
        WindowKind.Sliding => Math.Min(at + From, Instants.NeverMilliseconds),
        WindowKind.Calendar => Start(at, IsBefore ? Count + 1 : Count, zone),
        WindowKind.Always or WindowKind.Stage or WindowKind.Journey or WindowKind.First => Instants.NeverMilliseconds,
    };

    /// <summary>Up to which instant, and which input of that instant, events are of no more use to anybody, whatever comes.</summary>
    public (long At, int Input) Expired(in Reading reading) => Kind switch
    {
        WindowKind.Journey => OldestEnrolment(reading.State),
        WindowKind.Stage when reading.State.Decisions.In(Scope!) is null => (long.MinValue, int.MaxValue),
        WindowKind.Always or WindowKind.Sliding or WindowKind.Calendar or WindowKind.Stage or WindowKind.First => Opens(reading),
    };

    private (long At, int Input) OldestEnrolment(CustomerState state)
    {
        var oldest = Closed;
        foreach (var enrolment in state.Decisions.Enrolments)
        {
            var start = (At: enrolment.StartedAt.ToUnixTimeMilliseconds(), enrolment.Input);
            if (enrolment.Journey == Scope && start.CompareTo(oldest) < 0) oldest = start;
        }
        return oldest;
    }

    /// <summary>The first instant of the unit that lies so many units after the one in which an instant lies; never where the calendar ends
    /// before.</summary>
    private long Start(long at, int units, DateTimeZone zone)
    {
        var day = Dates.Of(Instants.At(at), zone);
        if (day.Year + YearsIn(units) >= 9997) return Instants.NeverMilliseconds;
        var start = Unit switch
        {
            CalendarUnit.Day => day.PlusDays(units),
            CalendarUnit.Week => day.PlusDays(1 - (int)day.DayOfWeek).PlusWeeks(units),
            CalendarUnit.Month => new LocalDate(day.Year, day.Month, 1).PlusMonths(units),
            CalendarUnit.Quarter => new LocalDate(day.Year, (day.Month - 1) / 3 * 3 + 1, 1).PlusMonths(3 * units),
            CalendarUnit.Year => new LocalDate(day.Year, 1, 1).PlusYears(units),
        };
        return Dates.StartOf(start, zone).ToUnixTimeMilliseconds();
    }

    /// <summary>At most so many years lie in some units.</summary>
    private int YearsIn(int units) => Unit switch
    {
        CalendarUnit.Year => units,
        CalendarUnit.Month or CalendarUnit.Quarter => units / 4 + 1,
        CalendarUnit.Day or CalendarUnit.Week => units / 50 + 1,
    };
}
