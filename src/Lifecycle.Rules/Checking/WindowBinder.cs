using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Binds the windows of aggregates, and finds the one canonical way to write each, so that <c>1 week</c> and <c>7 days</c> are the
/// same.</summary>
internal sealed class WindowBinder(TermBinder binder)
{
    /// <summary>The window, null after a complaint; and how it is written, null for all of time.</summary>
    public (Window? Window, WindowSyntax? Written) Bind(WindowSyntax? written) => written switch
    {
        null => (Window.Always, null),
        SlidingWindow sliding => (Length(sliding.Length, false) is { } length ? Window.Sliding(length) : null, Canonical(written)),
        PastWindow past => (Past(past), Canonical(written)),
        CalendarDaysWindow days => (Days(days), Canonical(written)),
        CalendarMonthsWindow months => (Months(months), Canonical(written)),
        CalendarWindow running => (Window.Calendar(UnitOf(running.Period)), written),
        LastPeriodWindow last => (Window.Before(UnitOf(last.Period)), written),
        FirstWindow first => (Length(first.Length, false) is { } length ? Window.First(length) : null, Canonical(written)),
        StayWindow { Stay: StayScope.Stage } => (InStage(written), written),
        _ => (InJourney(written), written),
    };

    /// <summary>The one way to write a window; one whose durations cannot be reckoned is left as it is.</summary>
    public static WindowSyntax? Canonical(WindowSyntax? written) => written switch
    {
        SlidingWindow { Length.Milliseconds: { } length } => new SlidingWindow(Canonical(length)),
        PastWindow { From.Milliseconds: { } from, To.Milliseconds: 0 } => new SlidingWindow(Canonical(from)),
        PastWindow { From.Milliseconds: { } from, To.Milliseconds: { } to } => new PastWindow(Canonical(from), Canonical(to)),
        CalendarDaysWindow { Days: 1 } => new CalendarWindow(CalendarPeriod.Today),
        CalendarMonthsWindow { Months: 1 } => new CalendarWindow(CalendarPeriod.Month),
        FirstWindow { Length.Milliseconds: { } length } => new FirstWindow(Canonical(length)),
        _ => written,
    };

    private Window? Past(PastWindow past)
    {
        if (Length(past.From, false) is not { } from || Length(past.To, true) is not { } to) return null;
        if (from > to) return Window.Sliding(from, to);
        binder.Complain(past.Span, ErrorCodes.Rule, "this window is empty: it begins no further back than it ends",
            from == to ? "let it begin further back, as in `from 60 days to 30 days ago`"
                : $"write `{RulePrinter.Print(new PastWindow(past.To, past.From))}`");
        return null;
    }

    private Window? Days(CalendarDaysWindow days)
    {
        if (days.Days <= Limits.CalendarDays) return Window.Calendar(CalendarUnit.Day, (int)days.Days);
        binder.Complain(days.Span, ErrorCodes.Limit, $"a window of calendar days has at most {Limits.CalendarDays}",
            "without a window all of time counts");
        return null;
    }

    private Window? Months(CalendarMonthsWindow months)
    {
        if (months.Months <= Limits.CalendarMonths) return Window.Calendar(CalendarUnit.Month, (int)months.Months);
        binder.Complain(months.Span, ErrorCodes.Limit, $"a window of calendar months has at most {Limits.CalendarMonths}",
            "without a window all of time counts");
        return null;
    }

    private static CalendarUnit UnitOf(CalendarPeriod period) => period switch
    {
        CalendarPeriod.Today => CalendarUnit.Day,
        CalendarPeriod.Week => CalendarUnit.Week,
        CalendarPeriod.Month => CalendarUnit.Month,
        CalendarPeriod.Quarter => CalendarUnit.Quarter,
        CalendarPeriod.Year => CalendarUnit.Year,
    };

    private Window? InStage(WindowSyntax written)
    {
        if (binder.Scope.Track is { } track) return new StageBinder(binder).MayRead(track, written.Span) ? Window.InStage(track) : null;
        binder.Complain(written.Span, ErrorCodes.Rule, "there is no track whose stage could be meant", "declare one under `tracks`");
        return null;
    }

    private Window? InJourney(WindowSyntax written)
    {
        if (binder.Scope.Journey is { } journey) return Window.InJourney(journey);
        if (binder.Scope.IsOfJourney)
            binder.Complain(written.Span, ErrorCodes.Rule,
                "whom a journey is for is judged before it begins, so nothing has happened `in this journey` yet",
                "use a window such as `in 30 days`, or say it under `exit`");
        else
            binder.Complain(written.Span, ErrorCodes.Rule, "`in this journey` stands only in a journey's own rules, such as its `exit`",
                "use a window such as `in 30 days` or `in this stage`");
        return null;
    }

    private long? Length(DurationLiteral duration, bool mayBeZero)
    {
        if (binder.Milliseconds(duration) is not { } length) return null;
        if (length > 0 || mayBeZero) return length;
        binder.Complain(duration.Span, ErrorCodes.Rule, "a window of no length holds no events", "write `today` for what happened today");
        return null;
    }

    /// <summary>In the largest unit up to a day that fits exactly.</summary>
    private static DurationLiteral Canonical(long milliseconds) => milliseconds switch
    {
        _ when milliseconds % Durations.Day == 0 => new DurationLiteral(milliseconds / Durations.Day, TimeUnit.Day),
        _ when milliseconds % Durations.Hour == 0 => new DurationLiteral(milliseconds / Durations.Hour, TimeUnit.Hour),
        _ when milliseconds % Durations.Minute == 0 => new DurationLiteral(milliseconds / Durations.Minute, TimeUnit.Minute),
        _ => new DurationLiteral(milliseconds / 1000m, TimeUnit.Second),
    };
}
