using System.Collections.Frozen;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Syntax;

/// <summary>The words of the language.</summary>
public static class Keywords
{
    /// <summary>Words that no name in an expression may be; as an event's name they are quoted.</summary>
    public static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(["or", "and", "not", "in", "where", "true", "false"]);

    /// <summary>Further words that an event's name is quoted to be.</summary>
    public static readonly FrozenSet<string> ReservedForEvents = FrozenSet.ToFrozenSet([.. Reserved, "any"]);

    public static readonly FrozenDictionary<string, AggregateKind> Aggregates = AggregateRegistry.All
        .Where(entry => !entry.IsCall).ToFrozenDictionary(entry => entry.Name, entry => entry.Kind);

    public static readonly FrozenDictionary<string, TimeUnit> Units = Enum.GetValues<TimeUnit>()
        .SelectMany(unit => new[] { (Word: Of(unit), unit), (Word: Of(unit) + "s", unit) })
        .ToFrozenDictionary(pair => pair.Word, pair => pair.unit);

    /// <summary>What people write for a unit, and the unit they mean.</summary>
    public static readonly FrozenDictionary<string, string> UnitsMeant = new Dictionary<string, string>
    {
        ["d"] = "days", ["h"] = "hours", ["hr"] = "hours", ["hrs"] = "hours", ["m"] = "minutes", ["min"] = "minutes", ["mins"] = "minutes",
        ["s"] = "seconds", ["sec"] = "seconds", ["secs"] = "seconds", ["w"] = "weeks", ["wk"] = "weeks",
        ["天"] = "days", ["日"] = "days", ["小时"] = "hours", ["时"] = "hours", ["分钟"] = "minutes", ["分"] = "minutes",
        ["秒"] = "seconds", ["周"] = "weeks", ["星期"] = "weeks", ["个星期"] = "weeks", ["个小时"] = "hours",
    }.ToFrozenDictionary();

    /// <summary>Words that people write between two values, and what to write instead.</summary>
    public static readonly FrozenDictionary<string, string> OperatorsMeant = new Dictionary<string, string>
    {
        ["is"] = "write `==`, or `!=` for is not", ["equals"] = "write `==`", ["eq"] = "write `==`", ["between"] = "write `a >= 2 and a <= 5`",
        ["contains"] = "texts are compared whole, with `==` or `in ['CN', 'TW']`",
            ["like"] = "texts are compared whole, with `==` or `in ['CN', 'TW']`",
        ["ago"] = "a duration stands without `ago`; only a window ends in it, as in `from 60 days to 30 days ago`",
        ["more"] = "write `>`", ["less"] = "write `<`", ["over"] = "write `>`", ["under"] = "write `<`", ["percent"] = "write it with its sign: 40%",
        ["mod"] = "write `mod(x, n)`", ["modulo"] = "write `mod(x, n)`", ["for"] = "how long something must hold is said under `confirm`",
    }.ToFrozenDictionary();

    /// <summary>How many months so many of what a word names are; null for what is no calendar length, and for what is no whole number of
    /// months.</summary>
    public static decimal? MonthsOf(string word, decimal count) => (word switch
    {
        "month" or "months" or "月" or "个月" => 1,
        "quarter" or "quarters" or "季度" or "个季度" => 3,
        "year" or "years" or "年" => 12,
        _ => (decimal?)null,
    } is { } months ? Numbers.Multiply(months, count) : null) is { } whole && whole >= 1 && whole == decimal.Truncate(whole) ? whole : null;

    /// <summary>As many days as people mean by months, quarters and years: 30, 90 and 365; null for any other word.</summary>
    public static decimal? DaysOf(string word, decimal count)
    {
        if (MonthsOf(word, 1) is not { } each) return null;
        if (MonthsOf(word, count) is not { } months) return Numbers.Multiply(count, each == 12 ? 365 : 30 * each) ?? count;
        var years = decimal.Truncate(months / 12);
        return Numbers.Multiply(years, 365) is { } days ? days + 30 * (months % 12) : count;
    }

    /// <summary><c>1 day</c>, <c>3 days</c>.</summary>
    public static string Days(decimal count) => $"{Numbers.ToText(count)} {Counted("days", count)}";

    /// <summary>A unit in the plural, or in the singular where there is one of it.</summary>
    public static string Counted(string units, decimal count) => count == 1 ? units.TrimEnd('s') : units;

    /// <summary>The singular: <c>day</c>.</summary>
    public static string Of(TimeUnit unit) => unit.ToString().ToLowerInvariant();

    /// <summary>As it stands after <c>this</c> and <c>last</c>: <c>week</c>.</summary>
    public static string Of(CalendarPeriod period) => period.ToString().ToLowerInvariant();

    /// <summary>The periods of the calendar that <c>this</c> and <c>last</c> name.</summary>
    public static readonly FrozenDictionary<string, CalendarPeriod> Periods = Enum.GetValues<CalendarPeriod>()
        .Where(period => period != CalendarPeriod.Today).ToFrozenDictionary(Of);

    public static string Of(AggregateKind kind) => AggregateRegistry.Of(kind).Name;

    /// <summary>A letter or underscore, then letters, digits, underscores, of any script; not the full-width letters, which are read as
    /// others.</summary>
    public static bool IsName(string text) => text.Length > 0 && StartsName(text[0]) && text.All(ContinuesName);

    public static bool StartsName(char letter) => (char.IsLetter(letter) && letter is < '\uff01' or > '\uff5e') || letter == '_';

    public static bool ContinuesName(char letter) => StartsName(letter) || letter is >= '0' and <= '9';
}
