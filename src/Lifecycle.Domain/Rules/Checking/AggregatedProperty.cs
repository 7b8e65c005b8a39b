using Lifecycle.Domain.Rules.Syntax;
using Lifecycle.Domain.Rules.Terms;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Sees which property an aggregate reads, and whether its type is one that the aggregate takes.</summary>
internal sealed class AggregatedProperty(TermBinder binder)
{
    /// <summary>What the property is read as; null after a complaint.</summary>
    public PropertyType? TypeOf(AggregateExpression aggregate, WhereScope properties, ValueType? wanted)
    {
        var (name, path) = (Words.Of(aggregate.Kind), aggregate.Property);
        if (!ReadsProperty(aggregate.Kind))
            return path.Count == 0
                ? new PropertyType(ValueType.Number, false)
                : Complain(aggregate, ErrorCodes.Syntax, $"`{name}` is about events, not about a property of theirs",
                    $"write `{name}(event)`, or `{(aggregate.Kind == AggregateKind.Count ? "distinct" : "latest")}(event.property)`");
        if (path.Count == 0)
            return Complain(aggregate, ErrorCodes.Syntax, $"`{name}` needs a property of the event",
                $"write it after a point: `{name}(order_completed.revenue)`");
        if (properties.Disagrees(path))
            return Complain(aggregate, ErrorCodes.Type, $"`{path[0]}` is declared with different types by these events",
                "name the events in aggregates of their own");
        var declared = properties.TypeOf(path);
        if (declared is null && properties.IsComplete && (path.Count == 1 || properties.TypeOf([path[0]]) is null))
            return Complain(aggregate, ErrorCodes.UnknownName, $"`{path[0]}` is no declared property of the event",
                Nearest.Hint(path[0], properties.Declared) ?? properties.WhatThereIs);
        return declared is null ? new PropertyType(Undeclared(aggregate.Kind, wanted), false) : Declared(aggregate, declared.Value);
    }

    public static bool ReadsProperty(AggregateKind kind) => kind is AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Min or AggregateKind.Max
        or AggregateKind.Distinct or AggregateKind.Latest or AggregateKind.All or AggregateKind.Median;

    /// <summary>What of the kind's value is of the property's own type, so that the surroundings may tell what an undeclared one is.</summary>
    public static bool GivesProperty(AggregateKind kind) => kind is AggregateKind.Latest or AggregateKind.Min or AggregateKind.Max;

    private static ValueType Undeclared(AggregateKind kind, ValueType? wanted) => kind switch
    {
        AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Median => ValueType.Number,
        AggregateKind.Min or AggregateKind.Max => wanted is { } ordered && Vocabulary.HasOrder(ordered) ? ordered : ValueType.Number,
        AggregateKind.Latest => wanted is null or ValueType.List ? ValueType.Text : wanted.Value,
        _ => ValueType.Text,
    };

    private PropertyType? Declared(AggregateExpression aggregate, PropertyType declared)
    {
        var (name, property) = (Words.Of(aggregate.Kind), aggregate.Property[0]);
        return aggregate.Kind switch
        {
            AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Median when declared.Type != ValueType.Number => Complain(aggregate, ErrorCodes.Type,
                $"`{name}` reckons with numbers, and `{property}` is declared as {Vocabulary.Name(declared.Type)}",
                declared.Type == ValueType.Text ? "declare it as number or money" : "use `min`, `max` or `latest`"),
            AggregateKind.Min or AggregateKind.Max when !Vocabulary.HasOrder(declared.Type) => Complain(aggregate, ErrorCodes.Type,
                $"`{name}` looks for the {(aggregate.Kind == AggregateKind.Min ? "least" : "greatest")} value, and `{property}` is declared as "
                + $"{Vocabulary.Name(declared.Type)}, which has no order",
                "use `latest`, `distinct` or `all`"),
            _ => declared,
        };
    }

    private PropertyType? Complain(AggregateExpression aggregate, string code, string message, string? hint)
    {
        binder.Complain(aggregate.Span, code, message, hint);
        return null;
    }
}
