using System.Collections.Immutable;
using Lifecycle.Domain.Rules.Syntax;
using Lifecycle.Domain.Rules.Terms;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Finds what a name means: within a filter a property, elsewhere a metric, then what is built in.</summary>
internal sealed class NameBinder(TermBinder binder)
{
    private readonly ReleaseNames _names = binder.Names;

    public static bool IsOccurredAt(PathExpression path) => path.Names is { Count: 2 } && path.Names[0] == "event" && path.Names[1] == "occurred_at";

    public Term? Bind(PathExpression path, ValueType? wanted, string written)
    {
        if (binder.Where is { } where) return Property(path, where, wanted, written);
        var first = path.Names[0];
        return (first, path.Names.Count) switch
        {
            (_, 1) when _names.Metrics.Has(first) => Metric(path, first),
            ("age", 1) => new AgeTerm(),
            ("time_in_stage", 1) => TimeInStage(path),
            ("customer", 2) => Attribute(path, path.Names[1]),
            ("stage", 1 or 2) => binder.Complain(path.Span, ErrorCodes.Type, $"`{written}` is only compared with stages",
                $"write `{written} == NAME` or `{written} in [NAME, NAME]`"),
            ("event", _) => binder.Complain(path.Span, ErrorCodes.UnknownName, "`event` stands only within `where`, as `event.occurred_at`"),
            ("trigger" or "arrived", _) => binder.Complain(path.Span, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(first + ".…")),
            (_, 1) when Vocabulary.ValuesNotYet.Contains(first) => binder.Complain(path.Span, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet(first)),
            _ => Unknown(path, first, written),
        };
    }

    private MetricTerm? Metric(PathExpression path, string name)
    {
        if (_names.Metrics.Bind(name) is not { } bound) return null;
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
            Nearest.To(name, _names.Attributes.Keys) is { } near ? $"did you mean `customer.{near}`?" : $"declare it: `customer: {{ {name}: text }}`");
    }

    private Term? Property(PathExpression path, WhereScope where, ValueType? wanted, string written)
    {
        if (IsOccurredAt(path)) return new OccurredAtTerm();
        var declared = where.TypeOf(path.Names);
        if (declared is null && where.IsComplete && (path.Names.Count == 1 || where.TypeOf([path.Names[0]]) is null))
            return binder.Complain(path.Span, ErrorCodes.UnknownName, $"`{written}` is no declared property of the event",
                Nearest.Hint(path.Names[0], where.Declared) ?? HintForOutsider(path, written));
        if (where.Disagrees(path.Names))
            return binder.Complain(path.Span, ErrorCodes.Type, $"`{written}` is declared with different types by these events",
                "name the events in aggregates of their own");
        var type = declared?.Type ?? wanted ?? ValueType.Text;
        if (type is ValueType.Time or ValueType.Date or ValueType.Duration)
            return binder.Complain(path.Span, ErrorCodes.NotKnownYet,
                $"`{written}`: comparing a property that is {Vocabulary.Name(type)} is not known to this version");
        return new PropertyTerm([.. path.Names], type, written);
    }

    /// <summary>Somebody reaches for the customer from within a filter, which sees the event alone.</summary>
    private string? HintForOutsider(PathExpression path, string written) =>
        path.Names[0] == "customer" || _names.Metrics.Has(path.Names[0]) || Vocabulary.Values.Contains(path.Names[0])
            ? $"a filter sees only the event's properties; put `{written}` outside of the aggregate"
            : $"declare it under `events`, or quote it if it is a text: '{written}'";

    private Term? Unknown(PathExpression path, string first, string written)
    {
        var span = path.Span;
        if (path.Names.Count > 1)
            return binder.Complain(span, ErrorCodes.UnknownName, $"`{TermBinder.Shorten(written)}` is not known", first switch
            {
                _ when first == "customer" => "only `customer.NAME` is known",
                _ when IsEvent(first) => $"an event's property is read in an aggregate, as `sum({written})` or `latest({written})`",
                _ => Nearest.Hint(first, Vocabulary.Roots),
            });
        var hint = first switch
        {
            _ when _names.IsStage(first) => $"a stage is compared: `stage == {first}`",
            _ when IsEvent(first) => $"events are counted: `count({first})`",
            _ when Words.Aggregates.ContainsKey(first) => $"write `{first}(event …)`",
            _ when Vocabulary.Functions.Contains(first) => $"write `{first}(…)`",
            _ when _names.Attributes.ContainsKey(first) => $"write `customer.{first}`",
            _ => Nearest.Hint(first, _names.Alone) ?? $"a text is put in quotes: '{first}'; a metric is declared under `metrics`",
        };
        return binder.Complain(span, ErrorCodes.UnknownName, $"`{TermBinder.Shorten(written)}` is neither a metric nor built in", hint);
    }

    private bool IsEvent(string name) => _names.Contracts.ContainsKey(name) || Vocabulary.CanonicalEvents.Contains(name);
}
