using System.Collections.Immutable;
using Lifecycle.Rules.Checking;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions.Catalog;

/// <summary>The members of all files. The readers know what may stand where from here, and so does the schema for editors.</summary>
internal static class DefinitionCatalog
{
    private static readonly string Expressions =
        $"Aggregates: {string.Join(", ", Keywords.Aggregates.Keys.Order(StringComparer.Ordinal))}. "
        + $"Functions: {string.Join(", ", Vocabulary.Functions.Order(StringComparer.Ordinal))}. "
        + $"Built in: {string.Join(", ", Vocabulary.Values.Order(StringComparer.Ordinal))}, points.next_expiry, customer.NAME, stage.TRACK.";

    public static readonly CatalogSection Stage = new("stage", "a stage", "A stage of a track, listed from the weakest claim to the strongest.",
    [
        new("stage", MemberForms.Name, "Its name, by which rules compare it: `stage == decline`.", IsRequired: true),
        new("title", MemberForms.Titles, "What people see, in one language or several: `{ en: Decline, zh: 退化期 }`."),
        new("was", MemberForms.Name,
            "The name that the stage had in an earlier release: whoever is in that stage is in this one when the release comes into force."),
        new("group", MemberForms.Name, "A name for several stages together, which rules compare like a stage and charts fold into one."),
        new("from", MemberForms.Names, "The stages or groups that customers may come from. Without it: from any other stage."),
        new("when", MemberForms.Text, "The condition that brings customers in. A stage without it is never entered again. " + Expressions),
        new("keep", MemberForms.Text, "While this holds, only stages listed below may claim the customer. Without it: while `when` holds. "
            + Expressions),
        new("confirm", MemberForms.Duration, "For how long `when` must have held without a break: `3 days`."),
        new("minimum stay", MemberForms.Duration, "For how long customers stay at least: `7 days`."),
        new("benefits", MemberForms.Labels, "What customers have while they are in this stage: `[skip_queue, gold_mount]`."),
        new("grace", MemberForms.Duration, "For how long the benefits last after the stage was left: `30 days`."),
    ],
    []);

    public static readonly CatalogSection Earn = new("earn", "a rule of earning points", "What points are given for.",
    [
        new("event", MemberForms.Text, "The event that earns, such as `order_completed`; a refund takes back what its order earned.",
        IsRequired: true),
        new("where", MemberForms.Text, "Which of these events earn; their properties stand by their bare names: `revenue >= 10`."),
        new("points", MemberForms.Text, "How many points; the event's properties are `trigger.NAME`: `floor(trigger.revenue * 10)`. "
            + Expressions, IsRequired: true),
    ],
    []);

    public static readonly CatalogSection Points = new("points", "the section `points`", "How customers earn points, and when they expire.",
    [
        new("earn", new ListForm(Earn, Least: 1, Most: Limits.EarnRules), "The rules by which points are earned; each that fits an event earns.",
            IsRequired: true),
        new("expire", MemberForms.Duration, "How long after they were earned points are gone: `365 days`. Without it they last for ever."),
    ],
    []);

    public static readonly CatalogSection Definition =
        new("definition", "a definition", "What is known of customers, and the stages that they go through.",
    [
        new("definition", MemberForms.Label, "The definition's name.", IsRequired: true),
        new("title", MemberForms.Titles, "What people see, in one language or several."),
        new("zone", MemberForms.Text, "A name of the time-zone database, such as `Asia/Shanghai`, for calendar days. Without it: UTC."),
        new("currency", new TextForm("^[A-Z]{3}$"),
            "ISO 4217, such as `CNY`. Amounts in another currency are left out. Needed where anything is money."),
        new("exchange", new NamesForm("^[A-Z]{3}$", new TextForm("^[0-9]+([.][0-9]+)?$", MayBeNumber: true), Limits.Currencies),
            "What one of another currency is in the definition's own: `{ USD: 7.20 }`. Amounts in these currencies are converted."),
        new("customer", new NamesForm(MemberForms.NamePattern, MemberForms.Type),
            "What is known of a customer, by name and type; rules read `customer.NAME`."),
        new("events", new NamesForm("", new EitherForm(new NamesForm("", MemberForms.Type), new EmptyForm())),
            "Events with their properties and types, named in snake_case. Some, such as `order_completed`, need no declaration."),
        new("metrics", new NamesForm(MemberForms.NamePattern, MemberForms.Text, Limits.Metrics),
            "Names and the expressions that they stand for: `purchases_90d: count(order_completed in 90 days)`. " + Expressions),
        new("tracks", new NamesForm(MemberForms.NamePattern, new ListForm(Stage, Least: 1, Most: Limits.Stages)),
            "Tracks of stages. A customer is in one stage of each track; the first track is what `stage` alone means."),
        new("points", Points, Points.Meaning),
        new("refunds", new NamesForm(@"^[^\sA-Z]+$", MemberForms.Text, Limits.Refunds),
            "Events that take back the points of others: `{ coffee_refunded: coffee_bought }`. `order_refunded` and `chargeback` do so for "
            + "`order_completed`."),
    ],
    []);

    public static readonly CatalogSection Send = new("send", "`send`", "Asks Delivery to send a template over a channel.",
    [
        new("channel", MemberForms.Label, "The channel, such as `webhook`.", IsRequired: true),
        new("template", MemberForms.Label, "The template's name.", IsRequired: true),
    ],
    []);

    public static readonly ImmutableArray<string> StepsNotYet = ["grant", "take", "points", "task", "webhook", "set", "tell", "when", "split",
        "repeat"];

    public static readonly CatalogSection Step = new("step", "a step", "What a journey does next.",
    [
        new("send", Send, Send.Meaning),
        new("wait", MemberForms.Duration, "Rests for a while: `3 days`."),
        new("end", MemberForms.Label, "Ends the enrolment, with a word that says why."),
    ],
    [.. StepsNotYet, "arrived", "timeout"], IsChoice: true);

    public static readonly CatalogSection Journey =
        new("journey", "a journey", "What is done for customers, step by step, once something sets it off.",
    [
        new("journey", MemberForms.Label, "The journey's name.", IsRequired: true),
        new("kind", new WordForm([.. Vocabulary.JourneyKinds.Order(StringComparer.Ordinal).Select(kind => (kind, ""))]),
            "What it is for. Without it: custom."),
        new("trigger", MemberForms.Text, "What sets it off: `enter STAGE` or `leave STAGE`; a stage, a group, or TRACK.STAGE.", IsRequired: true),
        new("audience", MemberForms.Text, "Whom it is for, judged once when it is set off. " + Expressions),
        new("exit", MemberForms.Text, "Ends the enrolment at the instant it holds, in the middle of any wait. " + Expressions),
        new("again", MemberForms.Text, "Whether a customer may start it again: `never`, `always`, `after 90 days`, `one at a time` (the default)."),
        new("priority", new TextForm("^-?[0-9]+$", MayBeNumber: true),
            $"Of journeys due at one instant the higher goes first; from -{Limits.Priority} to {Limits.Priority}, 0 by default."),
        new("steps", new ListForm(new EitherForm(Step, new WordForm([("end", "Ends the enrolment.")])), Least: 1, Most: Limits.Steps),
            "What is done, in order.", IsRequired: true),
    ],
    ["holdout", "goal"]);

    public static readonly CatalogSection Settings = new("settings", "settings", "A tenant's settings.",
    [
        new("settings", MemberForms.Label, "The settings' name.", IsRequired: true),
        new("undeclared", new WordForm(Vocabulary.UndeclaredWords),
            "What becomes of attributes and properties that the definition does not declare."),
        new("caps", new NamesForm(MemberForms.LabelPattern, new EitherForm(MemberForms.Cap, new ListForm(MemberForms.Cap))),
            "How many requests a channel takes at most for one customer: `webhook: 1 in 24 hours`, or a list of several."),
        new("names", MemberForms.NameTables,
            "Providers whose names of events are understood: `[apple, google]`. Without it events are renamed only by their casing."),
    ],
    ["channels", "endpoints", "quiet hours", "capacity", "suppression", "control group", "points"]);

    /// <summary>What a file may be; the member that has its name tells which.</summary>
    public static readonly ImmutableArray<CatalogSection> Files = [Definition, Journey, Settings];
}
