using NodaTime;

namespace Lifecycle.Rules.Syntax;

/// <summary>What starts a journey. The set is closed.</summary>
public abstract record TriggerSyntax
{
    private protected TriggerSyntax()
    {
    }

    public Span Span { get; init; }

    public virtual bool Equals(TriggerSyntax? other) => other is not null && EqualityContract == other.EqualityContract;

    public override int GetHashCode() => EqualityContract.GetHashCode();
}

/// <summary><c>enter decline</c>, <c>leave vip.gold</c>.</summary>
public sealed record StageTrigger(bool Enter, PathExpression Path) : TriggerSyntax;

/// <summary><c>event order_completed where revenue >= 100</c>.</summary>
public sealed record EventTrigger(NamedEvent Event, Expression? Where) : TriggerSyntax;

/// <summary><c>7 days before customer.renewal_at</c>.</summary>
public sealed record AroundTrigger(DurationLiteral Distance, bool Before, PathExpression Path) : TriggerSyntax;

/// <summary><c>every day at 20:00</c>, or of one weekday.</summary>
public sealed record DailyTrigger(IsoDayOfWeek? Weekday, LocalTime At) : TriggerSyntax;

/// <summary><c>every year on customer.birthday</c>.</summary>
public sealed record BirthdayTrigger(PathExpression Path) : TriggerSyntax;

/// <summary><c>every year on 11-11</c>.</summary>
public sealed record YearlyTrigger(AnnualDate On) : TriggerSyntax;

/// <summary><c>at 2026-12-03 10:00</c>.</summary>
public sealed record OnceTrigger(LocalDateTime At) : TriggerSyntax;

/// <summary>Whether a customer who was in a journey may start it again.</summary>
public abstract record AgainSyntax
{
    private protected AgainSyntax()
    {
    }
}

public sealed record AgainNever : AgainSyntax;

/// <summary>Also while another enrolment is running.</summary>
public sealed record AgainAlways : AgainSyntax;

/// <summary>When so much time has passed since the last start.</summary>
public sealed record AgainAfter(DurationLiteral Duration) : AgainSyntax;

/// <summary>When none is running; with a path, none for the same value of it.</summary>
public sealed record AgainOneAtATime(PathExpression? Per) : AgainSyntax;
