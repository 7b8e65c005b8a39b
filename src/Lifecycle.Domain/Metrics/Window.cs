using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using NodaTime;

namespace Lifecycle.Domain.Metrics;

public enum WindowKind : byte { Always, Sliding, Calendar, Stage, Journey }

public enum CalendarUnit : byte { Day, Week, Month }

/// <summary>The stretch of time whose events an aggregate is over. It is open at its beginning and closed at its end, to the millisecond.</summary>
/// <remarks>All instants here are milliseconds since 1970. An event is held from when it enters until just before it leaves; for windows that only
/// lose events as time passes (all but those that end in the past), entering is at once.</remarks>
public sealed record Window
{
    public static readonly Window Always = new() { Kind = WindowKind.Always };

    private Window()
    {
    }

    public WindowKind Kind { get; private init; }

    /// <summary>Of a sliding window: how far back it begins, in milliseconds.</summary>
    public long From { get; private init; }

    /// <summary>Of a sliding window: how far back it ends, in milliseconds; 0 for the clock.</summary>
    public long To { get; private init; }

    /// <summary>Of a calendar window: days, or the week or month that is running.</summary>
    public CalendarUnit Unit { get; private init; }

    /// <summary>Of a window of calendar days: how many, today included.</summary>
    public int Count { get; private init; }

    /// <summary>The track whose stage, or the journey whose enrolment, began the window; null for other kinds.</summary>
    public string? Scope { get; private init; }

    /// <summary>Events with <c>clock − from &lt; occurred_at ≤ clock − to</c>.</summary>
    public static Window Sliding(long from, long to = 0) => new() { Kind = WindowKind.Sliding, From = from, To = to };

    /// <summary>The last so many calendar days, today included, or the week or month that is running, by the tenant's zone. Weeks begin on Monday.</summary>
    public static Window Calendar(CalendarUnit unit, int count = 1) => new() { Kind = WindowKind.Calendar, Unit = unit, Count = count };

    /// <summary>Since the customer entered their stage of a track, behind the input that brought them in.</summary>
    public static Window InStage(string track) => new() { Kind = WindowKind.Stage, Scope = track };

    /// <summary>Since the enrolment began whose condition is judged, behind the input that set it off.</summary>
    public static Window InJourney(string journey) => new() { Kind = WindowKind.Journey, Scope = journey };

    /// <summary>Events enter at once, so that among those held a later one also stays longer.</summary>
    public bool EndsNow => To == 0;

    /// <summary>Whether something that the customer did opens the window, so that the inputs of its instant are told apart.</summary>
    public bool OpensWithInput => Kind is WindowKind.Stage or WindowKind.Journey;

    /// <summary>The instant after which events are held, and of those at that instant the number of the input after which they are.</summary>
    public (long At, int Input) Opens(in Reading reading) => Kind switch
    {
        WindowKind.Always => (long.MinValue, int.MaxValue),
        WindowKind.Sliding => (reading.Now - From, int.MaxValue),
        WindowKind.Calendar => (StartOf(reading.Now, reading.Release.Zone) - 1, int.MaxValue),
        WindowKind.Stage => reading.State.Standing.In(Scope!) is { } standing ? (standing.Since.ToUnixTimeMilliseconds(), standing.Input) : Closed,
        _ => reading.Enrolment is { } enrolment ? (enrolment.StartedAt.ToUnixTimeMilliseconds(), enrolment.Input) : Closed,
    };

    private static (long At, int Input) Closed => (long.MaxValue, int.MaxValue);

    /// <summary>The instant up to which events are held.</summary>
    public long Closes(in Reading reading) => reading.Now - To;

    /// <summary>When an event of some instant begins to be held.</summary>
    public long EntersAt(long at) => at + To;

    /// <summary>When an event of some instant is no longer held; <see cref="Instants.NeverMilliseconds"/> if time alone does not drop it.</summary>
    public long LeavesAt(long at, DateTimeZone zone) => Kind switch
    {
        WindowKind.Sliding => Math.Min(at + From, Instants.NeverMilliseconds),
        WindowKind.Calendar => EndOf(at, zone),
        _ => Instants.NeverMilliseconds,
    };

    /// <summary>Up to which instant, and which input of that instant, events are of no more use to anybody, whatever comes.</summary>
    public (long At, int Input) Expired(in Reading reading) => Kind switch
    {
        WindowKind.Journey => OldestEnrolment(reading.State),
        WindowKind.Stage when reading.State.Standing.In(Scope!) is null => (long.MinValue, int.MaxValue),
        _ => Opens(reading),
    };

    private (long At, int Input) OldestEnrolment(CustomerState state)
    {
        var oldest = Closed;
        foreach (var enrolment in state.Standing.Enrolments)
        {
            var start = (At: enrolment.StartedAt.ToUnixTimeMilliseconds(), enrolment.Input);
            if (enrolment.Journey == Scope && start.CompareTo(oldest) < 0) oldest = start;
        }
        return oldest;
    }

    private long StartOf(long now, DateTimeZone zone) =>
        zone.AtStartOfDay(FirstDay(Instants.At(now).InZone(zone).Date)).ToInstant().ToUnixTimeMilliseconds();

    private LocalDate FirstDay(LocalDate today) => Unit switch
    {
        CalendarUnit.Day => today.PlusDays(1 - Count),
        CalendarUnit.Week => today.PlusDays(1 - (int)today.DayOfWeek),
        _ => new LocalDate(today.Year, today.Month, 1),
    };

    private long EndOf(long at, DateTimeZone zone)
    {
        var day = Instants.At(at).InZone(zone).Date;
        if (day.Year + Count / 365 >= 9997) return Instants.NeverMilliseconds;
        var next = Unit switch
        {
            CalendarUnit.Day => day.PlusDays(Count),
            CalendarUnit.Week => day.PlusDays(8 - (int)day.DayOfWeek),
            _ => new LocalDate(day.Year, day.Month, 1).PlusMonths(1),
        };
        return zone.AtStartOfDay(next).ToInstant().ToUnixTimeMilliseconds();
    }
}
