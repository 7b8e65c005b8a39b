using System.Globalization;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Printing;

/// <summary>Writes a tree as the language does, in one fixed way. What it writes parses back to the same tree.</summary>
public static class RulePrinter
{
    /// <summary>How tightly an expression holds together; what holds looser than its place demands is put in brackets.</summary>
    private enum Rank { Or, And, Not, Compare, Sum, Product, Unary, Primary }

    public static string Print(Expression expression) => expression switch
    {
        NumberLiteral number => Numbers.ToText(number.Number),
        PercentLiteral percent => Numbers.ToText(percent.Percent) + "%",
        TextLiteral text => Quote(text.Text),
        TruthLiteral truth => truth.Truth ? "true" : "false",
        DurationLiteral duration => Print(duration),
        PathExpression path => path.Names[0] + string.Concat(path.Names.Skip(1).Select(name => "." + NameOrText(name))),
        CallExpression call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Print))})",
        AggregateExpression aggregate => Print(aggregate),
        NegateExpression negate => "-" + Within(negate.Operand, Rank.Unary),
        ArithmeticExpression arithmetic => Print(arithmetic),
        CompareExpression compare => $"{Within(compare.Left, Rank.Sum)} {Sign(compare.Comparison)} {Within(compare.Right, Rank.Sum)}",
        MembershipExpression membership => $"{Within(membership.Operand, Rank.Sum)} in [{string.Join(", ", membership.Items.Select(Print))}]",
        NotExpression not => "not " + Within(not.Operand, Rank.Not),
        AndExpression and => string.Join(" and ", and.Parts.Select(part => Within(part, Rank.Not))),
        OrExpression or => string.Join(" or ", or.Parts.Select(part => Within(part, Rank.And))),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    /// <summary>A window as it stands after the events.</summary>
    public static string Print(WindowSyntax window) => window switch
    {
        SlidingWindow sliding => $"in {Print(sliding.Length)}",
        PastWindow past => $"from {Print(past.From)} to {Print(past.To)} ago",
        CalendarDaysWindow calendar => $"in {Numbers.ToText(calendar.Days)} calendar day{(calendar.Days == 1 ? "" : "s")}",
        CalendarWindow { Period: CalendarPeriod.Today } => "today",
        CalendarMonthsWindow calendar => $"in {Numbers.ToText(calendar.Months)} calendar month{(calendar.Months == 1 ? "" : "s")}",
        CalendarWindow running => $"this {Keywords.Of(running.Period)}",
        LastPeriodWindow last => $"last {Keywords.Of(last.Period)}",
        FirstWindow first => $"in first {Print(first.Length)}",
        StayWindow { Stay: StayScope.Stage } => "in this stage",
        StayWindow => "in this journey",
        _ => throw new ArgumentOutOfRangeException(nameof(window)),
    };

    public static string Print(TriggerSyntax trigger) => trigger switch
    {
        StageTrigger stage => $"{(stage.Enter ? "enter" : "leave")} {Print(stage.Path)}",
        EventTrigger on => $"event {Event(on.Event.Name)}{(on.Where is null ? "" : " where " + Print(on.Where))}",
        AroundTrigger around => $"{Print(around.Distance)} {(around.Before ? "before" : "after")} {Print(around.Path)}",
        DailyTrigger daily => string.Create(CultureInfo.InvariantCulture,
            $"every {daily.Weekday?.ToString().ToLowerInvariant() ?? "day"} at {daily.At:HH':'mm}"),
        BirthdayTrigger birthday => $"every year on {Print(birthday.Path)}",
        YearlyTrigger yearly => string.Create(CultureInfo.InvariantCulture, $"every year on {yearly.On.Month:00}-{yearly.On.Day:00}"),
        OnceTrigger once => string.Create(CultureInfo.InvariantCulture, $"at {once.At:uuuu'-'MM'-'dd' 'HH':'mm}"),
        _ => throw new ArgumentOutOfRangeException(nameof(trigger)),
    };

    public static string Print(AgainSyntax again) => again switch
    {
        AgainNever => "never",
        AgainAlways => "always",
        AgainAfter after => $"after {Print(after.Duration)}",
        AgainOneAtATime { Per: { } per } => $"one at a time per {Print(per)}",
        _ => "one at a time",
    };

    public static string Print(CapSyntax cap) => $"{Numbers.ToText(cap.Requests)} in {Print(cap.Window)}";

    /// <summary>As the language writes an operator.</summary>
    public static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "==",
        Comparison.NotEqual => "!=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
    };

    /// <summary>As the language writes an operator.</summary>
    public static string Sign(ArithmeticOperation @operator) => @operator switch
    {
        ArithmeticOperation.Add => "+",
        ArithmeticOperation.Subtract => "-",
        ArithmeticOperation.Multiply => "*",
        ArithmeticOperation.Divide => "/",
    };

    private static string Print(DurationLiteral duration) =>
        $"{Numbers.ToText(duration.Count)} {Keywords.Of(duration.Unit)}{(Math.Abs(duration.Count) == 1 ? "" : "s")}";

    private static string Print(ArithmeticExpression arithmetic)
    {
        var rank = RankOf(arithmetic);
        return $"{Within(arithmetic.Left, rank)} {Sign(arithmetic.Operator)} {Within(arithmetic.Right, rank + 1)}";
    }

    private static string Print(AggregateExpression aggregate)
    {
        var names = aggregate.Events.Names;
        var events = names.Count switch
        {
            0 => "any",
            1 => Event(names[0].Name),
            _ => $"[{string.Join(", ", names.Select(name => Event(name.Name)))}]",
        };
        return $"{Keywords.Of(aggregate.Kind)}({events}{string.Concat(aggregate.Property.Select(name => "." + NameOrText(name)))}"
            + (aggregate.Window is null ? "" : " " + Print(aggregate.Window))
            + (aggregate.Where is null ? ")" : $" where {Print(aggregate.Where)})");
    }

    private static string Within(Expression expression, Rank place) =>
        RankOf(expression) < place ? $"({Print(expression)})" : Print(expression);

    private static Rank RankOf(Expression expression) => expression switch
    {
        OrExpression => Rank.Or,
        AndExpression => Rank.And,
        NotExpression => Rank.Not,
        CompareExpression or MembershipExpression => Rank.Compare,
        ArithmeticExpression { Operator: ArithmeticOperation.Add or ArithmeticOperation.Subtract } => Rank.Sum,
        ArithmeticExpression => Rank.Product,
        NegateExpression => Rank.Unary,
        _ => Rank.Primary,
    };

    /// <summary>An event's name, in quotes where it would not be read as one.</summary>
    public static string Event(string name) => Keywords.IsName(name) && !Keywords.ReservedForEvents.Contains(name) ? name : Quote(name);

    private static string NameOrText(string name) => Keywords.IsName(name) ? name : Quote(name);

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
