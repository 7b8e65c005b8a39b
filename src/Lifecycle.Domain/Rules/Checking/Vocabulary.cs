using System.Collections.Frozen;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>The names that the language brings along: types, functions, built-in values and events. Said here and nowhere else.</summary>
public static class Vocabulary
{
    /// <summary>Types as a definition writes them. Money is a number, in the definition's currency.</summary>
    public static readonly FrozenDictionary<string, ValueType> Types = new Dictionary<string, ValueType>
    {
        ["number"] = ValueType.Number, ["money"] = ValueType.Number, ["text"] = ValueType.Text, ["truth"] = ValueType.Truth,
        ["time"] = ValueType.Time, ["date"] = ValueType.Date, ["duration"] = ValueType.Duration,
    }.ToFrozenDictionary();

    /// <summary>What other languages call the types.</summary>
    public static readonly FrozenDictionary<string, string> TypesMeant = new Dictionary<string, string>
    {
        ["string"] = "text", ["str"] = "text", ["int"] = "number", ["integer"] = "number", ["float"] = "number", ["decimal"] = "number",
        ["double"] = "number", ["bool"] = "truth", ["boolean"] = "truth", ["datetime"] = "time", ["timestamp"] = "time", ["instant"] = "time",
        ["currency"] = "money", ["price"] = "money",
    }.ToFrozenDictionary();

    public static readonly FrozenSet<string> Functions = FrozenSet.ToFrozenSet(
        ["since", "default", "known", "floor", "ceil", "round", "abs", "least", "greatest", "percent_change"]);

    /// <summary>Functions and values that the language has and this version does not.</summary>
    public static readonly FrozenSet<string> FunctionsNotYet = FrozenSet.ToFrozenSet(["typical_gap", "top", "p_alive", "expected_purchases", "clv"]);
    public static readonly FrozenSet<string> ValuesNotYet = FrozenSet.ToFrozenSet(["points", "p_alive"]);

    /// <summary>First names of longer paths: <c>customer.country</c>, <c>stage.vip</c>.</summary>
    public static readonly FrozenSet<string> Roots = FrozenSet.ToFrozenSet(["customer", "stage", "event", "trigger", "arrived"]);

    public static readonly FrozenSet<string> Values = FrozenSet.ToFrozenSet(["age", "time_in_stage", "stage"]);

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

    /// <summary>Facts that rules will read as events.</summary>
    public static readonly FrozenSet<string> FactsNotYet = FrozenSet.ToFrozenSet(
    [
        "stage_changed", "stage_conflict", "journey_started", "journey_moved", "journey_ended", "action_requested", "action_withheld",
        "points_earned", "points_spent", "points_expired", "points_refused", "benefit_granted", "benefit_revoked", "task_done",
    ]);

    public static readonly FrozenSet<string> JourneyKinds = FrozenSet.ToFrozenSet(["retention", "win-back", "vip", "onboarding", "care", "custom"]);

    /// <summary>With its article, for messages: <c>a number</c>.</summary>
    public static string Name(ValueType type) => type switch
    {
        ValueType.Number => "a number",
        ValueType.Text => "a text",
        ValueType.Truth => "true or false",
        ValueType.Time => "a time",
        ValueType.Date => "a date",
        ValueType.Duration => "a duration",
        _ => "missing",
    };

    /// <summary>"`x` is not known to this version".</summary>
    public static string NotKnownYet(string name) => $"`{name}` is not known to this version";
}
