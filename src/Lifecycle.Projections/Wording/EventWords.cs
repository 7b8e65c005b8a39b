using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Projections;

/// <summary>What an aggregate is over, in words: events, filter, window.</summary>
internal sealed class EventWords(Voice voice)
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
        if (aggregate.Where is null && aggregate.Events.Names.All(named => Catalog.Activity.Contains(named.Name)))
            return voice.Say(days ? Catalog.ActiveDay : Catalog.ActiveWeek, many);
        return voice.Say(days ? Catalog.DayWith : Catalog.WeekWith, many, ("event", WithArticle(Of(aggregate, many: false))));
    }

    public string WithArticle(string noun)
    {
        var first = noun.FirstOrDefault(char.IsLetter);
        return voice.Say(Vowels.Contains(first) ? Catalog.An : Catalog.A, ("noun", noun));
    }

    public string Property(Items<string> path) => Property(path[^1]);

    public string Property(string name) => Catalog.Properties.TryGetValue(name, out var known)
        ? voice.Say(known)
        : voice.Say(Catalog.OtherProperty, ("name", name.Replace('_', ' ')));

    /// <summary>A window; empty where there is none.</summary>
    public string Window(WindowSyntax? window) => window switch
    {
        null => "",
        SlidingWindow sliding => voice.Say(Catalog.Last, ("duration", Duration(sliding.Length))),
        PastWindow past when past.From.Unit == past.To.Unit => voice.Say(Catalog.PastOfOneUnit,
            ("count", Voice.Number(past.From.Count)), ("from", Duration(past.From)), ("to", Duration(past.To))),
        PastWindow past => voice.Say(Catalog.Past, ("from", Duration(past.From)), ("to", Duration(past.To))),
        CalendarDaysWindow { Days: not 1 } calendar => voice.Say(Catalog.CalendarDays, ("count", Voice.Number(calendar.Days))),
        CalendarMonthsWindow { Months: not 1 } calendar => voice.Say(Catalog.CalendarMonths, ("count", Voice.Number(calendar.Months))),
        CalendarMonthsWindow => Running(CalendarPeriod.Month),
        CalendarDaysWindow => Running(CalendarPeriod.Today),
        CalendarWindow running => Running(running.Period),
        LastPeriodWindow last => voice.Say(IsNow ? Catalog.Periods[last.Period].Last : Catalog.Periods[last.Period].Before),
        FirstWindow first => voice.Say(Catalog.First, ("duration", Duration(first.Length))),
        StayWindow { Stay: Stay.Journey } => voice.Say(Catalog.InThisJourney),
        _ => voice.OfStage(Catalog.SinceStage, Catalog.SinceMoveIn, Catalog.InThisStage),
    };

    private string Running(CalendarPeriod period) => voice.Say(IsNow ? Catalog.Periods[period].This : Catalog.Periods[period].That);

    private bool IsNow => voice.Tense == Tense.Present;

    public string Duration(DurationLiteral duration) =>
        voice.Say(Catalog.Units[duration.Unit], duration.Count != 1, ("count", Voice.Number(duration.Count)));

    private string Names(EventChoice events, bool many, bool together)
    {
        if (events.IsAny) return voice.Say(Catalog.AnyEvent, many);
        var names = events.Names.Select(named => Catalog.Events.TryGetValue(named.Name, out var known)
            ? voice.Say(known, many)
            : voice.Say(Catalog.OtherEvent, many, ("name", named.Name.Replace('_', ' '))));
        return voice.List([.. names], Catalog.BetweenWords, together ? Catalog.AndWords : Catalog.OrWords);
    }

    private string Filtered(string events, Expression? where)
    {
        if (where is null) return events;
        IReadOnlyList<Expression> parts = where is AndExpression and ? [.. and.Parts] : [where];
        var filters = parts.Select(Filter).ToList();
        return filters.Contains(null)
            ? voice.Say(Catalog.FilteredByRule, ("event", events), ("rule", RulePrinter.Print(where)))
            : voice.Say(Catalog.Filtered, ("event", events),
                ("filter", voice.List([.. filters.OfType<string>()], Catalog.BetweenFilters, Catalog.AndFilters)));
    }

    /// <summary>One condition on a property; null for what is too unusual to be told.</summary>
    private string? Filter(Expression condition) => condition switch
    {
        CompareExpression { Left: PathExpression path, Comparison: Comparison.Equal } compare when Literal(compare.Right) is { } value =>
            voice.Say(Catalog.PropertyIs, ("property", Property(path.Names)), ("value", value)),
        CompareExpression { Left: PathExpression path } compare when Literal(compare.Right) is { } value =>
            voice.Say(Catalog.PropertyCompares, ("property", Property(path.Names)),
                ("bound", voice.Say(Catalog.Comparisons[compare.Comparison].Amount, ("value", value)))),
        MembershipExpression { Operand: PathExpression path } membership when membership.Items.All(item => Literal(item) is not null) =>
            voice.Say(Catalog.PropertyIs, ("property", Property(path.Names)),
                ("value", voice.List([.. membership.Items.Select(item => Literal(item)!)], Catalog.BetweenWords, Catalog.OrWords))),
        _ => null,
    };

    private string? Literal(Expression literal) => literal switch
    {
        NumberLiteral number => Voice.Number(number.Number),
        NegateExpression { Operand: NumberLiteral number } => Voice.Number(-number.Number),
        PercentLiteral percent => Voice.Number(percent.Percent) + "%",
        TextLiteral text => voice.Text(text.Text),
        TruthLiteral truth => voice.Say(truth.Truth ? Catalog.True : Catalog.False),
        DurationLiteral duration => Duration(duration),
        _ => null,
    };
}
