using System.Collections.Frozen;
using NodaTime;

namespace Lifecycle.Rules.Syntax;

/// <summary>Reads what starts a journey, and whether it may start again.</summary>
internal sealed class TriggerParser(TokenReader tokens)
{
    private static readonly FrozenDictionary<string, IsoDayOfWeek> Weekdays = Enum.GetValues<IsoDayOfWeek>()
        .Where(day => day != IsoDayOfWeek.None).ToFrozenDictionary(day => day.ToString().ToLowerInvariant());

    private readonly ExpressionParser _expressions = new(tokens);

    public TriggerSyntax Trigger()
    {
        var start = tokens.Current;
        TriggerSyntax trigger = start switch
        {
            { Kind: TokenKind.Name, Text: "enter" or "leave" }
                when tokens.Next() is { } => new StageTrigger(start.Text == "enter", _expressions.Path()),
            { Kind: TokenKind.Name, Text: "event" } => OnEvent(),
            { Kind: TokenKind.Name, Text: "every" } => Every(),
            { Kind: TokenKind.Name, Text: "at" } => Once(),
            { Kind: TokenKind.Number } => Around(),
            _ => Unknown(start),
        };
        return trigger with { Span = tokens.From(start.Span) };
    }

    public AgainSyntax Again()
    {
        if (tokens.TakeWord("never")) return new AgainNever();
        if (tokens.TakeWord("always")) return new AgainAlways();
        if (tokens.TakeWord("after")) return new AgainAfter(_expressions.Duration());
        if (tokens.TakeWord("one"))
        {
            tokens.ExpectWord("at", "as in `one at a time`");
            tokens.ExpectWord("a", "as in `one at a time`");
            tokens.ExpectWord("time", "as in `one at a time`");
            return new AgainOneAtATime(tokens.TakeWord("per") ? _expressions.Path() : null);
        }
        tokens.Fail($"expected `never`, `always`, `after 90 days` or `one at a time`, found {TokenReader.Describe(tokens.Current)}",
            tokens.Current.Kind == TokenKind.Number
                ? $"write `after {LengthMeant()}`"
                : SpellingHint.Hint(tokens.Current.Text, ["never", "always", "after", "one"]));
        return new AgainNever();

        string LengthMeant() => Keywords.Units.ContainsKey(tokens.Ahead(1).Text)
            ? $"{tokens.Current.Text} {tokens.Ahead(1).Text}"
            : Keywords.Days(tokens.Current.Number);
    }

    private StageTrigger Unknown(Token start)
    {
        tokens.Fail($"expected a trigger such as `enter decline`, `leave decline` or `event order_completed`, found {TokenReader.Describe(start)}",
            SpellingHint.Hint(start.Text, ["enter", "leave", "event", "every", "at"]));
        return new StageTrigger(true, new PathExpression(["broken"]));
    }

    private EventTrigger OnEvent()
    {
        tokens.Next();
        var name = AggregateParser.Event(tokens);
        return new EventTrigger(name, tokens.TakeWord("where") ? _expressions.Expression() : null);
    }

    private AroundTrigger Around()
    {
        var distance = _expressions.Duration();
        var before = tokens.TakeWord("before");
        if (!before) tokens.ExpectWord("after", "or `before` and a time");
        return new AroundTrigger(distance, before, _expressions.Path());
    }

    private TriggerSyntax Every()
    {
        tokens.Next();
        var what = tokens.Next();
        if (what.IsWord("year"))
        {
            tokens.ExpectWord("on", "after `every year`");
            return tokens.Current.Kind == TokenKind.Number ? new YearlyTrigger(MonthAndDay()) : new BirthdayTrigger(_expressions.Path());
        }
        var weekday = IsoDayOfWeek.None;
        if (!what.IsWord("day") && !(what.Kind == TokenKind.Name && Weekdays.TryGetValue(what.Text, out weekday)))
            tokens.Fail($"expected `day`, a weekday or `year` after `every`, found {TokenReader.Describe(what)}",
                SpellingHint.Hint(what.Text, [.. Weekdays.Keys, "day", "year"]), what.Span);
        tokens.ExpectWord("at", "and a time such as 20:00");
        return new DailyTrigger(weekday == IsoDayOfWeek.None ? null : weekday, TimeOfDay());
    }

    private OnceTrigger Once()
    {
        tokens.Next();
        var start = tokens.Current.Span;
        var year = Digits(4, "a date as 2026-12-03");
        tokens.Expect("-", "within the date");
        var month = Digits(2, "a month as 12");
        tokens.Expect("-", "within the date");
        var day = Digits(2, "a day as 03");
        var valid = year is >= 1970 and <= 9998 && month is >= 1 and <= 12 && day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(year, month);
        if (!valid) tokens.Fail("there is no such date", null, tokens.From(start));
        var time = TimeOfDay();
        return new OnceTrigger(valid ? new LocalDate(year, month, day) + time : default);
    }

    /// <summary>A day of every year; 29 February comes on the 28th where there is none.</summary>
    private AnnualDate MonthAndDay()
    {
        var start = tokens.Current.Span;
        var month = Digits(2, "a month as 11");
        tokens.Expect("-", "between month and day");
        var day = Digits(2, "a day as 03");
        if (month is >= 1 and <= 12 && day >= 1 && day <= CalendarSystem.Iso.GetDaysInMonth(2024, month)) return new AnnualDate(month, day);
        tokens.Fail("there is no such day of the year", null, tokens.From(start));
        return default;
    }

    private LocalTime TimeOfDay()
    {
        var start = tokens.Current.Span;
        var hour = Digits(2, "a time as 20:00");
        tokens.Expect(":", "between hour and minute");
        var minute = Digits(2, "minutes as 00");
        if (hour < 24 && minute < 60) return new LocalTime(hour, minute);
        tokens.Fail("there is no such time of day", null, tokens.From(start));
        return default;
    }

    /// <summary>A number written with exactly so many digits.</summary>
    private int Digits(int count, string expected)
    {
        var token = tokens.Next();
        if (token.Kind == TokenKind.Number && token.Text.Length == count && token.Text.All(char.IsAsciiDigit)) return (int)token.Number;
        tokens.Fail($"expected {expected}, found {TokenReader.Describe(token)}", null, token.Span);
        return 0;
    }
}
