using System.Collections.Frozen;

namespace Lifecycle.Domain.Rules.Syntax;

/// <summary>The words of the language.</summary>
public static class Words
{
    /// <summary>Words that no name in an expression may be; as an event's name they are quoted.</summary>
    public static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(["or", "and", "not", "in", "where", "true", "false"]);

    /// <summary>Further words that an event's name is quoted to be.</summary>
    public static readonly FrozenSet<string> ReservedForEvents = FrozenSet.ToFrozenSet([.. Reserved, "any"]);

    public static readonly FrozenDictionary<string, AggregateKind> Aggregates = Enum.GetValues<AggregateKind>()
        .ToFrozenDictionary(kind => kind.ToString().ToLowerInvariant());

    public static readonly FrozenDictionary<string, TimeUnit> Units = Enum.GetValues<TimeUnit>()
        .SelectMany(unit => new[] { (Word: Of(unit), unit), (Word: Of(unit) + "s", unit) })
        .ToFrozenDictionary(pair => pair.Word, pair => pair.unit);

    /// <summary>What people write for a unit, and the unit they mean.</summary>
    public static readonly FrozenDictionary<string, string> UnitsMeant = new Dictionary<string, string>
    {
        ["d"] = "days", ["h"] = "hours", ["hr"] = "hours", ["hrs"] = "hours", ["m"] = "minutes", ["min"] = "minutes", ["mins"] = "minutes",
        ["s"] = "seconds", ["sec"] = "seconds", ["secs"] = "seconds", ["w"] = "weeks", ["wk"] = "weeks",
        ["天"] = "days", ["日"] = "days", ["小时"] = "hours", ["时"] = "hours", ["分钟"] = "minutes", ["分"] = "minutes",
        ["秒"] = "seconds", ["周"] = "weeks", ["星期"] = "weeks",
    }.ToFrozenDictionary();

    /// <summary>Words that people write between two values, and what to write instead.</summary>
    public static readonly FrozenDictionary<string, string> OperatorsMeant = new Dictionary<string, string>
    {
        ["is"] = "write `==`, or `!=` for is not", ["equals"] = "write `==`", ["eq"] = "write `==`", ["between"] = "write `a >= 2 and a <= 5`",
        ["contains"] = "texts are compared whole, with `==` or `in ['CN', 'TW']`",
            ["like"] = "texts are compared whole, with `==` or `in ['CN', 'TW']`",
        ["ago"] = "a duration stands without `ago`; only a window ends in it, as in `from 60 days to 30 days ago`",
        ["more"] = "write `>`", ["less"] = "write `<`", ["over"] = "write `>`", ["under"] = "write `<`", ["percent"] = "write it with its sign: 40%",
        ["mod"] = "there is no remainder; `floor`, `ceil` and `round` there are", ["for"] = "how long something must hold is said under `confirm`",
    }.ToFrozenDictionary();

    /// <summary>The singular: <c>day</c>.</summary>
    public static string Of(TimeUnit unit) => unit.ToString().ToLowerInvariant();

    public static string Of(AggregateKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>A letter or underscore, then letters, digits, underscores, of any script; not the full-width letters, which are read as others.</summary>
    public static bool IsName(string text) => text.Length > 0 && StartsName(text[0]) && text.All(ContinuesName);

    public static bool StartsName(char letter) => (char.IsLetter(letter) && letter is < '\uff01' or > '\uff5e') || letter == '_';

    public static bool ContinuesName(char letter) => StartsName(letter) || letter is >= '0' and <= '9';
}
