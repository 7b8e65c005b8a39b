using System.Collections.Frozen;
using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>The names that the language brings along: types, functions, built-in values and events. Said here and nowhere else.</summary>
public static class Vocabulary
{
    /// <summary>Types as a definition writes them, each with what its values are. Money is a number, in the definition's currency.</summary>
    public static readonly ImmutableArray<TypeWord> TypeWords =
    [
        new("number", RuleType.Number, "A decimal number."),
        new("money", RuleType.Number, "An amount in the definition's currency; in another currency it is missing."),
        new("text", RuleType.Text, "A text, compared with == != and in."),
        new("truth", RuleType.Truth, "true or false."),
        new("time", RuleType.Time, "An instant, as ISO 8601: 2026-12-03T10:00:00+08:00."),
        new("date", RuleType.Date, "A day of the calendar, as 2026-12-03."),
        new("duration", RuleType.Duration, "A length of time, as P14D or PT36H."),
    ];

    public static readonly FrozenDictionary<string, RuleType> Types = TypeWords.ToFrozenDictionary(word => word.Name, word => word.Type);

    /// <summary>Before a type: the value is sealed under the customer's own key.</summary>
    public const string Personal = "personal";

    /// <summary>What becomes of attributes and properties that are declared nowhere.</summary>
    public static readonly ImmutableArray<(string Word, string Meaning)> UndeclaredWords =
    [
        ("open", "They lie open in the log, but for those whose name or form is known to be personal. This is the default."),
        ("sealed", "They are sealed under the customer's own key, whatever their names."),
    ];

    /// <summary>What other languages call the types.</summary>
    public static readonly FrozenDictionary<string, string> TypesMeant = new Dictionary<string, string>
    {
        ["string"] = "text", ["str"] = "text", ["int"] = "number", ["integer"] = "number", ["float"] = "number", ["decimal"] = "number",
        ["double"] = "number", ["bool"] = "truth", ["boolean"] = "truth", ["datetime"] = "time", ["timestamp"] = "time", ["instant"] = "time",
        ["currency"] = "money", ["price"] = "money",
    }.ToFrozenDictionary();

    public static readonly FrozenSet<string> Functions = FunctionRegistry.All.Select(entry => entry.Name).ToFrozenSet();

    /// <summary>Functions of other languages, and what to write here.</summary>
    public static readonly FrozenDictionary<string, string> CallsMeant = new Dictionary<string, string>
    {
        ["average"] = "write `avg(event.property)`", ["mean"] = "write `avg(event.property)`", ["remainder"] = "write `mod(x, n)`", ["modulo"] =
            "write `mod(x, n)`",
        ["total"] = "write `sum(event.property)`", ["unique"] = "write `distinct(event.property)`",
        ["count_distinct"] = "write `distinct(event.property)`", ["uniq"] = "write `distinct(event.property)`",
        ["countif"] = "write `count(event where …)`", ["count_if"] = "write `count(event where …)`",
        ["sumif"] = "write `sum(event.property where …)`", ["sum_if"] = "write `sum(event.property where …)`",
        ["now"] = "how long ago a time was is `since(time)`", ["date"] = "a property is a date when it is declared so",
        ["if"] = "join conditions with `and` and `or`", ["coalesce"] = "write `default(x, y)`", ["ifnull"] = "write `default(x, y)`",
        ["nvl"] = "write `default(x, y)`", ["isnull"] = "write `not known(x)`", ["exists"] = "write `known(x)`, or `count(event) >= 1`",
        ["ceiling"] = "write `ceil(x)`", ["int"] = "write `floor(x)`", ["len"] = "write `distinct(event.property)`",
        ["minimum"] = "write `least(x, y)`, or `min(event.property)`", ["maximum"] = "write `greatest(x, y)`, or `max(event.property)`",
        ["datediff"] = "the time between two times is their difference: `a - b`", ["age"] = "`age` stands without brackets",
        ["points"] = "`points` stands without brackets", ["time_in_stage"] = "`time_in_stage` stands without brackets",
    }.ToFrozenDictionary();

    public static bool IsFunction(string name) => Functions.Contains(name) || FunctionsNotYet.Contains(name);

    public static string NoFunction(string name) => $"there is no function `{name}`";

    /// <summary>What to write in the place of a function that there is not.</summary>
    public static string FunctionHint(string name) => CallsMeant.GetValueOrDefault(name.ToLowerInvariant())
        ?? SpellingHint.Hint(name, [.. Functions, .. Keywords.Aggregates.Keys])
        ?? (SpellingHint.To(name, CallsMeant.Keys) is { } meant ? CallsMeant[meant] : null)
            ?? $"known are {string.Join(", ", Functions.Order(StringComparer.Ordinal))}";

    /// <summary>Words of other languages for what is not there.</summary>
    public static readonly FrozenSet<string> MissingMeant = FrozenSet.ToFrozenSet(["null", "nil", "None", "undefined", "missing", "empty", "NULL",
        "nothing"]);

    /// <summary>Functions and values that the language has and this version does not.</summary>
    public static readonly FrozenSet<string> FunctionsNotYet = FrozenSet.ToFrozenSet(["p_alive", "expected_purchases", "clv"]);
    public static readonly FrozenSet<string> ValuesNotYet = FrozenSet.ToFrozenSet(["p_alive"]);

    /// <summary>First names of longer paths: <c>customer.country</c>, <c>stage.vip</c>.</summary>
    public static readonly FrozenSet<string> Roots = FrozenSet.ToFrozenSet(["customer", "stage", "event", "trigger", "arrived"]);

    public static readonly FrozenSet<string> Values = FrozenSet.ToFrozenSet(["age", "time_in_stage", "stage", "points"]);

    /// <summary>Events with a meaning that every definition shares; they need no declaration.</summary>
    public static readonly FrozenSet<string> CanonicalEvents = FrozenSet.ToFrozenSet(
    [
        "signed_up", "logged_in", "session_start", "session_end", "trial_started", "trial_ended", "subscription_started", "subscription_renewed",
        "payment_failed", "payment_recovered", "cancel_scheduled", "cancel_reverted", "subscription_ended", "subscription_paused",
        "subscription_resumed", "plan_changed", "order_completed", "order_refunded", "chargeback", "checkout_started", "currency_earned",
        "currency_spent", "level_up", "progress_completed", "progress_failed", "coupon_redeemed", "email_sent", "email_delivered",
        "email_opened", "email_clicked", "email_bounced", "unsubscribed", "complaint_filed", "complaint_resolved", "survey_answered",
        "consent_updated", "account_deleted", "page_viewed", "screen_viewed",
    ]);

    /// <summary>Facts that the language has and this version does not make.</summary>
    public static readonly FrozenSet<string> FactsNotYet = FrozenSet.ToFrozenSet(["points_spent", "points_refused", "task_done"]);

    /// <summary>Whether an event needs no declaration: every definition shares its meaning, or it is a fact.</summary>
    public static bool IsKnownEvent(string name) => CanonicalEvents.Contains(name) || FactEvents.Properties.ContainsKey(name);

    public static readonly FrozenSet<string> JourneyKinds = FrozenSet.ToFrozenSet(["retention", "win-back", "vip", "onboarding", "care", "custom"]);

    /// <summary>With its article, for messages: <c>a number</c>.</summary>
    public static string Name(RuleType type) => type switch
    {
        RuleType.Number => "a number",
        RuleType.Text => "a text",
        RuleType.Truth => "true or false",
        RuleType.Time => "a time",
        RuleType.Date => "a date",
        RuleType.Duration => "a duration",
        RuleType.List => "a list",
        RuleType.Missing or RuleType.Sealed => "missing",
    };

    /// <summary>Values that come one before another.</summary>
    public static bool HasOrder(RuleType type) => type is RuleType.Number or RuleType.Time or RuleType.Date or RuleType.Duration;

    /// <summary>"`x` is not known to this version".</summary>
    public static string NotKnownYet(string name) => $"`{name}` is not known to this version";
}

/// <summary>A type by its name in definitions.</summary>
/// <param name="Meaning">A sentence for whoever writes it.</param>
public sealed record TypeWord(string Name, RuleType Type, string Meaning);
