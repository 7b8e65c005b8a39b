using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Sees which property an aggregate reads, and whether its type is one that the aggregate takes.</summary>
internal sealed class AggregatedProperty(TermBinder binder)
{
    /// <summary>What the property is read as; null after a complaint.</summary>
    public DeclaredType? TypeOf(AggregateExpression aggregate, WhereScope properties, RuleType? wanted)
    {
        var (name, path) = (Keywords.Of(aggregate.Kind), aggregate.Property);
        if (!ReadsProperty(aggregate.Kind))
            return path.Count == 0
                ? new DeclaredType(RuleType.Number, false)
                : Complain(aggregate, ErrorCodes.Syntax, $"`{name}` is about events, not about a property of theirs",
                    $"write `{name}(event)`, or `{(aggregate.Kind == AggregateFunction.Count ? "distinct" : "latest")}(event.property)`");
        if (path.Count == 0)
            return Complain(aggregate, ErrorCodes.Syntax, $"`{name}` needs a property of the event",
                $"write it after a point: `{name}(order_completed.revenue)`");
        if (properties.Disagrees(path))
            return Complain(aggregate, ErrorCodes.Type, $"`{path[0]}` is declared with different types by these events",
                "name the events in aggregates of their own");
        var declared = properties.TypeOf(path);
        if (declared is null && properties.IsComplete && (path.Count == 1 || properties.TypeOf([path[0]]) is null))
            return Complain(aggregate, ErrorCodes.UnknownName, $"`{path[0]}` is no declared property of the event",
                SpellingHint.Hint(path[0], properties.Declared) ?? properties.WhatThereIs);
        return declared is null ? new DeclaredType(Undeclared(aggregate.Kind, wanted), false) : Declared(aggregate, declared.Value);
    }

    public static bool ReadsProperty(AggregateFunction kind) =>
        kind is AggregateFunction.Sum or AggregateFunction.Avg or AggregateFunction.Min or AggregateFunction.Max
        or AggregateFunction.Distinct or AggregateFunction.Latest or AggregateFunction.All or AggregateFunction.Median;

    /// <summary>What of the kind's value is of the property's own type, so that the surroundings may tell what an undeclared one is.</summary>
    public static bool GivesProperty(AggregateFunction kind) => kind is AggregateFunction.Latest or AggregateFunction.Min or AggregateFunction.Max;

    private static RuleType Undeclared(AggregateFunction kind, RuleType? wanted) => kind switch
    {
        AggregateFunction.Sum or AggregateFunction.Avg or AggregateFunction.Median => RuleType.Number,
        AggregateFunction.Min or AggregateFunction.Max => wanted is { } ordered && Vocabulary.HasOrder(ordered) ? ordered : RuleType.Number,
        AggregateFunction.Latest => wanted is null or RuleType.List ? RuleType.Text : wanted.Value,
        _ => RuleType.Text,
    };

    private DeclaredType? Declared(AggregateExpression aggregate, DeclaredType declared)
    {
        var (name, property) = (Keywords.Of(aggregate.Kind), aggregate.Property[0]);
        return aggregate.Kind switch
        {
            AggregateFunction.Sum or AggregateFunction.Avg or AggregateFunction.Median
                when declared.Type != RuleType.Number => Complain(aggregate, ErrorCodes.Type,
                $"`{name}` reckons with numbers, and `{property}` is declared as {Vocabulary.Name(declared.Type)}",
                declared.Type == RuleType.Text ? "declare it as number or money" : "use `min`, `max` or `latest`"),
            AggregateFunction.Min or AggregateFunction.Max when !Vocabulary.HasOrder(declared.Type) => Complain(aggregate, ErrorCodes.Type,
                $"`{name}` looks for the {(aggregate.Kind == AggregateFunction.Min ? "least" : "greatest")} value, and `{property}` is declared as "
                + $"{Vocabulary.Name(declared.Type)}, which has no order",
                "use `latest`, `distinct` or `all`"),
            _ => declared,
        };
    }

    private DeclaredType? Complain(AggregateExpression aggregate, string code, string message, string? hint)
    {
        binder.Complain(aggregate.Span, code, message, hint);
        return null;
    }
}
