using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Puts what metrics stand for in the place of their names, so that what is left means the same in every release.</summary>
/// <remarks>A metric has at most <see cref="Limits.Parts"/> parts, all others included, so what comes out is bounded.</remarks>
internal sealed class MetricExpansion(ReleaseNames names)
{
    public Expression Expand(Expression expression) => expression switch
    {
        PathExpression { Names: { Count: 1 } path } when names.Metrics.Has(path[0])
            && names.Metrics.Bind(path[0]) is { } metric => Expand(metric.Written),
        AggregateExpression aggregate => aggregate with { Window = WindowBinder.Canonical(aggregate.Window) },
        CallExpression { Function: "typical_gap" } => expression,
        CallExpression call => call with { Arguments = All(call.Arguments) },
        NegateExpression negate => negate with { Operand = Expand(negate.Operand) },
        ArithmeticExpression arithmetic => arithmetic with { Left = Expand(arithmetic.Left), Right = Expand(arithmetic.Right) },
        CompareExpression compare => compare with { Left = Expand(compare.Left), Right = Expand(compare.Right) },
        NotExpression not => not with { Operand = Expand(not.Operand) },
        AndExpression and => and with { Parts = All(and.Parts) },
        OrExpression or => or with { Parts = All(or.Parts) },
        MembershipExpression membership => membership with { Operand = Expand(membership.Operand) },
        _ => expression,
    };

    private EquatableList<Expression> All(EquatableList<Expression> parts) => [.. parts.Select(Expand)];
}
