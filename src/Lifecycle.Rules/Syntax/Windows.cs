namespace Lifecycle.Rules.Syntax;

/// <summary>The stretch of time that an aggregate looks at. The set is closed.</summary>
public abstract record WindowSyntax
{
    private protected WindowSyntax()
    {
    }

    public Span Span { get; init; }

    public virtual bool Equals(WindowSyntax? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();
}

/// <summary><c>in 30 days</c>: up to now.</summary>
public sealed record SlidingWindow(DurationLiteral Length) : WindowSyntax;

/// <summary><c>from 60 days to 30 days ago</c>.</summary>
public sealed record PastWindow(DurationLiteral From, DurationLiteral To) : WindowSyntax;

/// <summary><c>in 3 calendar days</c>: today and the days before it in the tenant's zone.</summary>
public sealed record CalendarDaysWindow(decimal Days) : WindowSyntax;

/// <summary><c>in 3 calendar months</c>: the running month and those before it.</summary>
public sealed record CalendarMonthsWindow(decimal Months) : WindowSyntax;

/// <summary><c>today</c>, <c>this week</c>, <c>this month</c>, <c>this quarter</c>, <c>this year</c>: what is running, so far.</summary>
public sealed record CalendarWindow(CalendarPeriod Period) : WindowSyntax;

/// <summary><c>last week</c>, <c>last month</c>, <c>last quarter</c>, <c>last year</c>: the whole one before what is running.</summary>
public sealed record LastPeriodWindow(CalendarPeriod Period) : WindowSyntax;

public enum CalendarPeriod : byte { Today, Week, Month, Quarter, Year }

/// <summary><c>in first 7 days</c>: from when the customer was first seen.</summary>
public sealed record FirstWindow(DurationLiteral Length) : WindowSyntax;

/// <summary><c>in this stage</c>, <c>in this journey</c>: since it was entered.</summary>
public sealed record StayWindow(StayScope Stay) : WindowSyntax;

public enum StayScope : byte { Stage, Journey }
