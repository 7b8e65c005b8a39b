using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Syntax;

/// <summary>Reads what stands within the brackets of an aggregate: events, a property, a window and a filter.</summary>
internal sealed class AggregateParser(TokenReader tokens, Func<Expression> condition, Func<DurationLiteral> duration)
{
    public AggregateExpression Aggregate(AggregateKind kind)
    {
        var name = tokens.Next();
        tokens.Next();
        var events = Events();
        var property = new List<string>();
        while (tokens.Take("."))
        {
            if (tokens.Current.Kind is TokenKind.Name or TokenKind.Text) property.Add(tokens.Next().Text);
            else tokens.Fail($"expected a property after the point, found {TokenReader.Describe(tokens.Current)}");
        }
        var window = Window();
        var where = tokens.TakeWord("where") ? condition() : null;
        Close(name.Text, window, where is not null);
        return new AggregateExpression(kind, events, [.. property], window, where) { Span = tokens.From(name.Span) };
    }

    private void Close(string name, WindowSyntax? window, bool hasFilter)
    {
        var hint = tokens.Current switch
        {
            { Kind: TokenKind.Number } when tokens.Ahead(1).Kind == TokenKind.Name && window is SlidingWindow =>
                "a duration has one number and one unit: `36 hours` for a day and a half",
            { Kind: TokenKind.Number } => "a window is written `in 30 days` or `from 60 days to 30 days ago`",
            { Kind: TokenKind.Name, Text: "in" or "from" or "this" or "today" } => hasFilter
                ? $"the window stands before the filter: `{name}(event in 30 days where …)`" : "there is a window already",
            { Kind: TokenKind.Name, Text: "last" or "within" or "over" or "since" or "during" or "past" }
                when tokens.Ahead(1).Kind == TokenKind.Number
                && Keywords.Units.ContainsKey(tokens.Ahead(2).Text) => $"a window is written `in {tokens.Ahead(1).Text} {tokens.Ahead(2).Text}`",
            { Kind: TokenKind.Name, Text: "last" or "within" or "over" or "since" or "during" } => "a window is written `in 30 days`",
            { Kind: TokenKind.Name, Text: "yesterday" } => "write `in 2 calendar days`, which is yesterday and today",
            _ when hasFilter => tokens.OperatorHint(),
            { Kind: TokenKind.Name or TokenKind.Text } => "a filter is written `where revenue >= 100`",
            { Kind: TokenKind.Sign, Text: "==" or "!=" or "<" or "<=" or ">" or ">=" } => "a filter is written `where revenue >= 100`",
            { Kind: TokenKind.Sign, Text: "," } when tokens.Ahead(1).Kind == TokenKind.Number => "a window is written `in 30 days`, without a comma",
            { Kind: TokenKind.Sign, Text: "," } => "several events are written as a list: [first_event, second_event]",
            { Kind: TokenKind.Sign, Text: "(" } => "aggregates do not stand within each other; compare or add them outside",
            { Kind: TokenKind.Sign, Text: "+" or "-" or "*" or "/" } =>
                $"reckon outside of the brackets: `{name}(event.property) {tokens.Current.Text} …`",
            _ => null,
        };
        tokens.Expect(")", $"to close `{name}(`", hint);
    }

    private EventChoice Events()
    {
        if (tokens.TakeWord("any")) return new EventChoice([]);
        if (!tokens.Take("[")) return new EventChoice([Event(tokens)]);
        var names = new List<NamedEvent>();
        do
        {
            names.Add(Event(tokens));
        }
        while (tokens.Take(","));
        tokens.Expect("]", "to end the list of events");
        return new EventChoice([.. names]);
    }

    /// <summary>An event's name, in quotes where it is a word of the language.</summary>
    public static NamedEvent Event(TokenReader tokens)
    {
        var token = tokens.Current;
        if (token.Kind == TokenKind.Text || (token.Kind == TokenKind.Name && !Keywords.ReservedForEvents.Contains(token.Text)))
        {
            tokens.Next();
            return new NamedEvent(token.Text) { Span = token.Span };
        }
        var hint = token.Kind == TokenKind.Name ? $"a word of the language is quoted to be an event: '{token.Text}'" : null;
        tokens.Fail($"expected an event, found {TokenReader.Describe(token)}", hint);
        return new NamedEvent("broken");
    }

    private WindowSyntax? Window()
    {
        var start = tokens.Current.Span;
        var window = tokens.Current switch
        {
            { Kind: TokenKind.Name, Text: "in" } => In(),
            { Kind: TokenKind.Name, Text: "from" } => FromTo(),
            { Kind: TokenKind.Name, Text: "today" } when tokens.Next() is { } => new CalendarWindow(CalendarPeriod.Today),
            { Kind: TokenKind.Name, Text: "this" } => This(),
            { Kind: TokenKind.Name, Text: "last" } when Keywords.Periods.TryGetValue(tokens.Ahead(1).Text, out var period) && tokens.Next() is { }
                && tokens.Next() is { } => new LastPeriodWindow(period),
            _ => null,
        };
        return window is null ? null : window with { Span = tokens.From(start) };
    }

    private WindowSyntax In()
    {
        tokens.Next();
        if (tokens.TakeWord("this"))
        {
            if (tokens.TakeWord("stage")) return new StayWindow(StayScope.Stage);
            if (!tokens.TakeWord("journey"))
                tokens.Fail($"expected `stage` or `journey` after `in this`, found {TokenReader.Describe(tokens.Current)}",
                    "calendar windows are written `this week`, without `in`");
            return new StayWindow(StayScope.Journey);
        }
        if (tokens.TakeWord("first")) return new FirstWindow(duration());
        if (tokens.Current.Kind == TokenKind.Number && tokens.Ahead(1).IsWord("calendar")) return Calendar();
        return new SlidingWindow(duration());
    }

    private WindowSyntax Calendar()
    {
        var (at, count) = (tokens.Current.Span, tokens.Next().Number);
        tokens.Next();
        var isMonths = tokens.TakeWord("month") || tokens.TakeWord("months");
        if (!isMonths && !tokens.TakeWord("day") && !tokens.TakeWord("days"))
            tokens.Fail($"expected `days` or `months` after `calendar`, found {TokenReader.Describe(tokens.Current)}", tokens.Current.Text switch
            {
                "week" or "weeks" => $"write `in {Numbers.ToText(Numbers.Multiply(7, count) ?? count)} calendar days`, or `this week` or `last week`",
                "quarter" or "quarters" =>
                    $"write `in {Numbers.ToText(Numbers.Multiply(3, count) ?? count)} calendar months`, or `this quarter` or `last quarter`",
                "year" or "years" =>
                    $"write `in {Numbers.ToText(Numbers.Multiply(12, count) ?? count)} calendar months`, or `this year` or `last year`",
                _ => "write `in 14 calendar days` or `in 3 calendar months`",
            });
        if (count < 1 || count != decimal.Truncate(count))
            tokens.Fail($"expected a whole number of calendar {(isMonths ? "months" : "days")}, at least 1", at: at);
        return isMonths ? new CalendarMonthsWindow(count) : new CalendarDaysWindow(count);
    }

    private PastWindow FromTo()
    {
        tokens.Next();
        var from = duration();
        tokens.ExpectWord("to", "and a second duration");
        var to = duration();
        tokens.ExpectWord("ago", "after `from … to …`");
        return new PastWindow(from, to);
    }

    private CalendarWindow This()
    {
        tokens.Next();
        if (Keywords.Periods.TryGetValue(tokens.Current.Text, out var period) && tokens.Current.Kind == TokenKind.Name) tokens.Next();
        else
            tokens.Fail($"expected `week`, `month`, `quarter` or `year` after `this`, found {TokenReader.Describe(tokens.Current)}",
                tokens.Current.Text switch
            {
                "stage" or "journey" => $"write `in this {tokens.Current.Text}`",
                "day" => "write `today`",
                _ => SpellingHint.Hint(tokens.Current.Text, Keywords.Periods.Keys),
            });
        return new CalendarWindow(period);
    }
}
