using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Finds what a name means: within a filter a property, elsewhere a metric, then what is built in.</summary>
internal sealed class NameBinder(TermBinder binder)
{
    private readonly ReleaseNames _names = binder.Names;

    public static bool IsOccurredAt(PathExpression path) => path.Names is { Count: 2 } && path.Names[0] == "event" && path.Names[1] == "occurred_at";

    public Term? Bind(PathExpression path, RuleType? wanted, string written)
    {
        if (binder.Where is { } where) return Property(path, where, wanted, written);
        var first = path.Names[0];
        return (first, path.Names.Count) switch
        {
            (_, 1) when _names.Metrics.Has(first) => Metric(path, first),
            ("age", 1) => new AgeTerm(),
            ("points", 1) => Points(path),
            ("points", 2) when path.Names[1] == "next_expiry" => HasPoints(path.Span) ? new PointsNextExpiryTerm() : null,
            ("points", 2) => binder.Complain(path.Span, ErrorCodes.UnknownName, $"`{TermBinder.Shorten(written)}` is not known",
                path.Names[1] == "expiring" ? "write `points.expiring(30 days)`"
                    : "known are `points`, `points.next_expiry` and `points.expiring(30 days)`"),
            ("time_in_stage", 1) => TimeInStage(path),
            ("customer", 2) => Attribute(path, path.Names[1]),
            ("stage", 1 or 2) => binder.Complain(path.Span, ErrorCodes.Type, $"`{written}` is only compared with stages",
                $"write `{written} == NAME` or `{written} in [NAME, NAME]`"),
            ("event", _) => binder.Complain(path.Span, ErrorCodes.UnknownName, "`event` stands only within `where`, as `event.occurred_at`"),
            ("trigger", _) => Trigger(path, wanted, written),
            ("arrived", _) => binder.Complain(path.Span, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(first + ".…")),
            (_, 1) when Vocabulary.ValuesNotYet.Contains(first) => binder.Complain(path.Span, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(first)),
            _ => Unknown(path, first, written),
        };
    }

    private MetricTerm? Metric(PathExpression path, string name)
    {
        if (_names.Metrics.Bind(name) is not { } bound) return null;
        binder.Scope.Parts += bound.Parts;
        foreach (var track in bound.StagesRead)
        {
            if (!new StageBinder(binder).MayRead(track, path.Span)) return null;
        }
        return new MetricTerm(bound.Metric);
    }

    private Term? TimeInStage(PathExpression path)
    {
        if (binder.Scope.Track is not { } track)
            return binder.Complain(path.Span, ErrorCodes.Rule, "there is no track whose stage could be meant", "declare one under `tracks`");
        binder.Scope.StagesRead.Add(track);
        return new TimeInStageTerm(track);
    }

    private Term? Attribute(PathExpression path, string name)
    {
        if (_names.Attributes.TryGetValue(name, out var type)) return new AttributeTerm(name, type);
        return binder.Complain(path.Span, ErrorCodes.UnknownName, $"`customer.{name}` is not declared under `customer`",
            SpellingHint.To(name, _names.Attributes.Keys) is { } near ? $"did you mean `customer.{near}`?"
                : $"declare it: `customer: {{ {name}: text }}`");
    }

    private PointsTerm? Points(PathExpression path) => HasPoints(path.Span) ? new PointsTerm() : null;

    /// <summary>False after a complaint.</summary>
    public bool HasPoints(Span span) => _names.HasPoints
        || binder.Complain(span, ErrorCodes.Rule, "nobody has points: the definition has no section `points` that says how they are earned",
            "write `points:` with `earn:` below it, at the end of the definition") is not null;

    /// <summary><c>trigger.revenue</c>: a property of the event for which points are earned.</summary>
    private Term? Trigger(PathExpression path, RuleType? wanted, string written)
    {
        if (binder.Scope.Trigger is not { } trigger)
            return binder.Scope.IsOfJourney
                ? binder.Complain(path.Span, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet("trigger.…"))
                : binder.Complain(path.Span, ErrorCodes.Rule, "`trigger` is the event for which points are earned, and stands only under `points`",
                    "in an aggregate's `where`, properties stand by their bare names");
        if (path.Names.Count == 1)
            return binder.Complain(path.Span, ErrorCodes.Syntax, "`trigger` needs a property of the event",
                "write it after a point: `trigger.revenue`");
        EquatableList<string> property = [.. path.Names.Skip(1)];
        return TypeOf(property, path, trigger, wanted, "trigger.") is { } read ? new TriggerTerm([.. property], read.Type, written, read.IsMoney)
            : null;
    }

    private Term? Property(PathExpression path, WhereScope where, RuleType? wanted, string written)
    {
        if (IsOccurredAt(path)) return new OccurredAtTerm();
        return TypeOf(path.Names, path, where, wanted, "") is { } read ? new PropertyTerm([.. path.Names], read.Type, written, read.IsMoney) : null;
    }

    /// <summary>What a property of the events is read as; null after a complaint.</summary>
    private DeclaredType? TypeOf(EquatableList<string> property, PathExpression path, WhereScope events, RuleType? wanted, string before)
    {
        var declared = events.TypeOf(property);
        if (declared is null && events.IsComplete && (property.Count == 1 || events.TypeOf([property[0]]) is null))
            binder.Complain(path.Span, ErrorCodes.UnknownName, $"`{RulePrinter.Print(path)}` is no declared property of the event",
                SpellingHint.To(property[0], events.Declared) is { } near ? $"did you mean `{before}{near}`?"
                    : before.Length > 0 ? events.WhatThereIs : HintForOutsider(events, path, RulePrinter.Print(path)));
        else if (events.Disagrees(property))
            binder.Complain(path.Span, ErrorCodes.Type, $"`{property[0]}` is declared with different types by these events",
                "name the events in aggregates of their own");
        else return declared ?? new DeclaredType(wanted is null or RuleType.List ? RuleType.Text : wanted.Value, false);
        return null;
    }

    /// <summary>Somebody reaches for the customer from within a filter, which sees the event alone.</summary>
    private string HintForOutsider(WhereScope events, PathExpression path, string written) => path.Names[0] == "trigger"
        ? "within `where` properties stand by their bare names" + (path.Names.Count > 1 ? $": write `{path.Names[1]}`" : "")
        : path.Names[0] == "customer" || _names.Metrics.Has(path.Names[0]) || Vocabulary.Values.Contains(path.Names[0])
            ? $"a filter sees only the event's properties; put `{written}` outside of the aggregate"
            : $"{events.WhatThereIs}, or quote it if it is a text: '{written}'";

    private Term? Unknown(PathExpression path, string first, string written)
    {
        var span = path.Span;
        if (path.Names.Count > 1)
            return binder.Complain(span, ErrorCodes.UnknownName, $"`{TermBinder.Shorten(written)}` is not known", first switch
            {
                _ when first == "customer" => "only `customer.NAME` is known",
                _ when IsEvent(first) => $"an event's property is read in an aggregate, as `sum({written})` or `latest({written})`",
                _ => SpellingHint.Hint(first, Vocabulary.Roots),
            });
        var hint = first switch
        {
            _ when Vocabulary.MissingMeant.Contains(first) => "whether there is a value is told by `known(…)` and `not known(…)`",
            _ when _names.IsStage(first) => $"a stage is compared: `stage == {first}`",
            _ when IsEvent(first) => $"events are counted: `count({first})`",
            _ when Keywords.Aggregates.ContainsKey(first) => $"write `{first}(event …)`",
            _ when Vocabulary.Functions.Contains(first) => $"write `{first}(…)`",
            _ when _names.Attributes.ContainsKey(first) => $"write `customer.{first}`",
            _ => SpellingHint.Hint(first, _names.Alone) ?? $"a text is put in quotes: '{first}'; a metric is declared under `metrics`",
        };
        return binder.Complain(span, ErrorCodes.UnknownName, $"`{TermBinder.Shorten(written)}` is neither a metric nor built in", hint);
    }

    private bool IsEvent(string name) => new EventNames(_names).IsKnown(name);
}
