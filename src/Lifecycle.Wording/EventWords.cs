using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Wording;

/// <summary>What an aggregate is over, in words: events, filter, window.</summary>
internal sealed class EventWords(Renderer renderer)
{
    private const string Vowels = "aeiouAEIOU";

    /// <summary>The events with their filter: "purchase with revenue of at least 100", or the same for many.</summary>
    /// <param name="together">Several kinds are told as one whole rather than as either of them.</param>
    public string Of(AggregateExpression aggregate, bool many, bool together = false) =>
        Filtered(Names(aggregate.Events, many, together), aggregate.Where);

    public string Of(EventChoice events, bool many) => Names(events, many, together: many);

    /// <summary>What days and weeks are counted of: "active day", "day with a purchase".</summary>
    public string Dated(AggregateExpression aggregate, bool many)
    {
        var days = aggregate.Kind == AggregateKind.Days;
        if (aggregate.Where is null && aggregate.Events.Names.All(named => PhraseCatalog.Activity.Contains(named.Name)))
            return renderer.Say(days ? PhraseCatalog.ActiveDay : PhraseCatalog.ActiveWeek, many);
        return renderer.Say(days ? PhraseCatalog.DayWith : PhraseCatalog.WeekWith, many, ("event", WithArticle(Of(aggregate, many: false))));
    }

    public string WithArticle(string noun)
    {
        var first = noun.FirstOrDefault(char.IsLetter);
        return renderer.Say(Vowels.Contains(first) ? PhraseCatalog.An : PhraseCatalog.A, ("noun", noun));
    }

    public string Property(EquatableList<string> path) => Property(path[^1]);

    public string Property(string name) => PhraseCatalog.Properties.TryGetValue(name, out var known)
        ? renderer.Say(known)
        : renderer.Say(PhraseCatalog.OtherProperty, ("name", name.Replace('_', ' ')));

    /// <summary>A window; empty where there is none.</summary>
    public string Window(WindowSyntax? window) => window switch
    {
        null => "",
        SlidingWindow sliding => renderer.Say(PhraseCatalog.Last, ("duration", Duration(sliding.Length))),
        PastWindow past when past.From.Unit == past.To.Unit => renderer.Say(PhraseCatalog.PastOfOneUnit,
            ("count", Renderer.Number(past.From.Count)), ("from", Duration(past.From)), ("to", Duration(past.To))),
        PastWindow past => renderer.Say(PhraseCatalog.Past, ("from", Duration(past.From)), ("to", Duration(past.To))),
        CalendarDaysWindow { Days: not 1 } calendar => renderer.Say(PhraseCatalog.CalendarDays, ("count", Renderer.Number(calendar.Days))),
        CalendarMonthsWindow { Months: not 1 } calendar => renderer.Say(PhraseCatalog.CalendarMonths, ("count", Renderer.Number(calendar.Months))),
        CalendarMonthsWindow => Running(CalendarPeriod.Month),
        CalendarDaysWindow => Running(CalendarPeriod.Today),
        CalendarWindow running => Running(running.Period),
        LastPeriodWindow last => renderer.Say(IsNow ? PhraseCatalog.Periods[last.Period].Last : PhraseCatalog.Periods[last.Period].Before),
        FirstWindow first => renderer.Say(PhraseCatalog.First, ("duration", Duration(first.Length))),
        StayWindow { Stay: StayScope.Journey } => renderer.Say(PhraseCatalog.InThisJourney),
        _ => renderer.OfStage(PhraseCatalog.SinceStage, PhraseCatalog.SinceMoveIn, PhraseCatalog.InThisStage),
    };

    private string Running(CalendarPeriod period) => renderer.Say(IsNow ? PhraseCatalog.Periods[period].This : PhraseCatalog.Periods[period].That);

    private bool IsNow => renderer.Tense == Tense.Present;

    public string Duration(DurationLiteral duration) =>
        renderer.Say(PhraseCatalog.Units[duration.Unit], duration.Count != 1, ("count", Renderer.Number(duration.Count)));

    private string Names(EventChoice events, bool many, bool together)
    {
        if (events.IsAny) return renderer.Say(PhraseCatalog.AnyEvent, many);
        var names = events.Names.Select(named => PhraseCatalog.Events.TryGetValue(named.Name, out var known)
            ? renderer.Say(known, many)
            : renderer.Say(PhraseCatalog.OtherEvent, many, ("name", named.Name.Replace('_', ' '))));
        return renderer.List([.. names], PhraseCatalog.BetweenWords, together ? PhraseCatalog.AndWords : PhraseCatalog.OrWords);
    }

    private string Filtered(string events, Expression? where)
    {
        if (where is null) return events;
        IReadOnlyList<Expression> parts = where is AndExpression and ? [.. and.Parts] : [where];
        var filters = parts.Select(Filter).ToList();
        return filters.Contains(null)
            ? renderer.Say(PhraseCatalog.FilteredByRule, ("event", events), ("rule", RulePrinter.Print(where)))
            : renderer.Say(PhraseCatalog.Filtered, ("event", events),
                ("filter", renderer.List([.. filters.OfType<string>()], PhraseCatalog.BetweenFilters, PhraseCatalog.AndFilters)));
    }

    /// <summary>One condition on a property; null for what is too unusual to be told.</summary>
    private string? Filter(Expression condition) => condition switch
    {
        CompareExpression { Left: PathExpression path, Comparison: Comparison.Equal } compare when Literal(compare.Right) is { } value =>
            renderer.Say(PhraseCatalog.PropertyIs, ("property", Property(path.Names)), ("value", value)),
        CompareExpression { Left: PathExpression path } compare when Literal(compare.Right) is { } value =>
            renderer.Say(PhraseCatalog.PropertyCompares, ("property", Property(path.Names)),
                ("bound", renderer.Say(PhraseCatalog.Comparisons[compare.Comparison].Amount, ("value", value)))),
        MembershipExpression { Operand: PathExpression path } membership when membership.Items.All(item => Literal(item) is not null) =>
            renderer.Say(PhraseCatalog.PropertyIs, ("property", Property(path.Names)),
                ("value", renderer.List([.. membership.Items.Select(item => Literal(item)!)], PhraseCatalog.BetweenWords, PhraseCatalog.OrWords))),
        _ => null,
    };

    private string? Literal(Expression literal) => literal switch
    {
        NumberLiteral number => Renderer.Number(number.Number),
        NegateExpression { Operand: NumberLiteral number } => Renderer.Number(-number.Number),
        PercentLiteral percent => Renderer.Number(percent.Percent) + "%",
        TextLiteral text => renderer.Text(text.Text),
        TruthLiteral truth => renderer.Say(truth.Truth ? PhraseCatalog.True : PhraseCatalog.False),
        DurationLiteral duration => Duration(duration),
        _ => null,
    };
}
