using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Sees which property an aggregate reads, and whether its type is one that the aggregate takes.</summary>
internal sealed class AggregatedProperty(TermBinder binder)
{
    /// <summary>What the property is read as; null after a complaint.</summary>
    public DeclaredType? TypeOf(AggregateExpression aggregate, WhereScope properties, RuleType? wanted)
    {
        var (entry, path) = (AggregateRegistry.Of(aggregate.Kind), aggregate.Property);
        var name = entry.Name;
        if (!entry.ReadsProperty)
            return path.Count == 0
                ? new DeclaredType(RuleType.Number, false)
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
                SpellingHint.Hint(path[0], properties.Declared) ?? properties.WhatThereIs);
        return declared is null ? new DeclaredType(Undeclared(entry, wanted), false) : Declared(aggregate, declared.Value);
    }

    private static RuleType Undeclared(AggregateEntry entry, RuleType? wanted) => entry.Property switch
    {
        PropertyUse.Numbers => RuleType.Number,
        PropertyUse.Ordered => wanted is { } ordered && Vocabulary.HasOrder(ordered) ? ordered : RuleType.Number,
        PropertyUse.Any when entry.GivesProperty => wanted is null or RuleType.List ? RuleType.Text : wanted.Value,
        PropertyUse.Any or PropertyUse.None => RuleType.Text,
    };

    private DeclaredType? Declared(AggregateExpression aggregate, DeclaredType declared)
    {
        var (name, property) = (Keywords.Of(aggregate.Kind), aggregate.Property[0]);
        return AggregateRegistry.Of(aggregate.Kind).Property switch
        {
            PropertyUse.Numbers when declared.Type != RuleType.Number => Complain(aggregate, ErrorCodes.Type,
                $"`{name}` reckons with numbers, and `{property}` is declared as {Vocabulary.Name(declared.Type)}",
                declared.Type == RuleType.Text ? "declare it as number or money" : "use `min`, `max` or `latest`"),
            PropertyUse.Ordered when !Vocabulary.HasOrder(declared.Type) => Complain(aggregate, ErrorCodes.Type,
                $"`{name}` looks for the {(aggregate.Kind == AggregateKind.Min ? "least" : "greatest")} value, and `{property}` is declared as "
                + $"{Vocabulary.Name(declared.Type)}, which has no order",
                "use `latest`, `distinct` or `all`"),
            PropertyUse.None or PropertyUse.Any or PropertyUse.Numbers or PropertyUse.Ordered => declared,
        };
    }

    private DeclaredType? Complain(AggregateExpression aggregate, string code, string message, string? hint)
    {
        binder.Complain(aggregate.Span, code, message, hint);
        return null;
    }
}
