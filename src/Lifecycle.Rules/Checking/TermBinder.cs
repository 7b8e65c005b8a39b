using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Turns expressions into terms: finds what each name means and sees that the types fit.</summary>
/// <remarks>Null is the answer to what is wrong, after the complaint. Whatever contains it stays silent, so that one mistake is told once.</remarks>
/// <param name="where">Within a filter: the events it looks at, whose properties its names are.</param>
internal sealed class TermBinder(ReleaseNames names, RuleText text, Scope scope, WhereScope? where = null)
{
    public ReleaseNames Names => names;
    public Scope Scope => scope;
    public WhereScope? Where => where;

    /// <summary>The same rule's binder for a filter on some events.</summary>
    public TermBinder InFilter(WhereScope events) => new(names, text, scope, events);

    /// <param name="wanted">The type that the surroundings ask for; it decides what a property that nobody declared is read as.</param>
    public Term? Bind(Expression expression, RuleType? wanted = null)
    {
        if (names.Depth >= Limits.Depth)
            return Complain(expression.Span, ErrorCodes.Limit, $"parts lie within parts more than {Limits.Depth} deep, metrics included",
                "make the rule or its metrics simpler");
        names.Depth++;
        scope.Parts++;
        var term = BindPart(expression, wanted);
        names.Depth--;
        return term;
    }

    private Term? BindPart(Expression expression, RuleType? wanted)
    {
        var written = RulePrinter.Print(expression);
        return expression switch
        {
            NumberLiteral number => new ConstantTerm(Value.Of(number.Number), written),
            PercentLiteral percent => new ConstantTerm(Value.Of(percent.Percent / 100), written),
            TextLiteral literal => new ConstantTerm(Value.Of(literal.Text), written),
            TruthLiteral truth => new ConstantTerm(Value.Of(truth.Truth), written),
            DurationLiteral duration => Milliseconds(duration) is { } length ? new ConstantTerm(Value.OfDuration(length), written) : null,
            PathExpression path => new NameBinder(this).Bind(path, wanted, written),
            CallExpression call => new FunctionBinder(this).Bind(call, wanted, written),
            AggregateExpression aggregate => BindAggregate(aggregate, wanted),
            NegateExpression negate => BindNegate(negate, wanted, written),
            ArithmeticExpression arithmetic => new ArithmeticBinder(this).Bind(arithmetic, written),
            CompareExpression compare => BindCompare(compare, written),
            MembershipExpression membership => BindMembership(membership, written),
            NotExpression not => BindTruth(not.Operand, "`not`") is { } part ? new NotTerm(part, written) : null,
            AndExpression and => BindJunction(true, and.Parts, written),
            OrExpression or => BindJunction(false, or.Parts, written),
            _ => throw new ArgumentOutOfRangeException(nameof(expression)),
        };
    }

    /// <summary>Binds what must be true or false.</summary>
    /// <param name="place">What asks for it.</param>
    public Term? BindTruth(Expression expression, string place)
    {
        if (Bind(expression, RuleType.Truth) is not { } term) return null;
        if (term.Type == RuleType.Truth) return term;
        return Complain(expression.Span, ErrorCodes.Type, $"{place} wants a condition, and `{Shorten(term.Text)}` is {Vocabulary.Name(term.Type)}",
            "compare it, as in `purchases >= 2`");
    }

    /// <summary>The length in milliseconds; null after a complaint.</summary>
    public long? Milliseconds(DurationLiteral duration)
    {
        if (duration.Milliseconds is { } length) return length;
        Complain(duration.Span, ErrorCodes.Limit,
            $"`{RulePrinter.Print(duration)}` is not a whole number of milliseconds, or longer than 1000 years");
        return null;
    }

    /// <summary>Complains; null, to be returned.</summary>
    public Term? Complain(Span span, string code, string message, string? hint = null)
    {
        names.Complaints.Add(text, span, code, message, hint);
        return null;
    }

    public static string Shorten(string written) => written.Length <= 60 ? written : written[..60] + "…";

    private Term? BindAggregate(AggregateExpression aggregate, RuleType? wanted)
    {
        if (where is not null)
            return Complain(aggregate.Span, ErrorCodes.Rule, "a filter looks at one event alone, so it has no aggregates in it",
                "compare two aggregates with each other outside of `where`");
        return new AggregateBinder(this).Bind(aggregate, wanted);
    }

    private Term? BindNegate(NegateExpression negate, RuleType? wanted, string written)
    {
        if (Bind(negate.Operand, wanted ?? RuleType.Number) is not { } part) return null;
        return part.Type is RuleType.Number or RuleType.Duration
            ? new NegateTerm(part, written)
            : Complain(negate.Span, ErrorCodes.Type,
                $"a minus stands before a number or a duration, and `{Shorten(part.Text)}` is {Vocabulary.Name(part.Type)}");
    }

    private JunctionTerm? BindJunction(bool all, EquatableList<Expression> parts, string written)
    {
        var bound = parts.Select(part => BindTruth(part, all ? "`and`" : "`or`")).ToList();
        return bound.Contains(null) ? null : new JunctionTerm(all, [.. bound.OfType<Term>()], written);
    }

    private Term? BindCompare(CompareExpression compare, string written)
    {
        var stages = new StageBinder(this);
        if (stages.TrackOf(compare.Left) is { } left) return stages.BindCompare(left, compare, compare.Right, written);
        if (stages.TrackOf(compare.Right) is { } right) return stages.BindCompare(right, compare, compare.Left, written);
        if (BindPair(compare.Left, compare.Right) is not var (a, b)) return null;
        var orders = compare.Comparison is not (Comparison.Equal or Comparison.NotEqual);
        if (a.Type == RuleType.List || b.Type == RuleType.List)
            return Complain(compare.Span, ErrorCodes.Type,
                $"`{Shorten((a.Type == RuleType.List ? a : b).Text)}` is a list, and lists are not compared",
                HintForList(a.Type == RuleType.List ? compare.Left : compare.Right));
        if (a.Type != b.Type)
            return Complain(compare.Span, ErrorCodes.Type,
                $"`{Shorten(a.Text)}` is {Vocabulary.Name(a.Type)} and `{Shorten(b.Text)}` {Vocabulary.Name(b.Type)}; they cannot be compared",
                TypeHints.ForPair((compare.Left, a.Type), (compare.Right, b.Type)));
        if (orders && !Vocabulary.HasOrder(a.Type))
            return Complain(compare.Span, ErrorCodes.Type,
                $"`{RulePrinter.Sign(compare.Comparison)}` compares numbers, times and durations, and `{Shorten(a.Text)}` "
                + $"is {Vocabulary.Name(a.Type)}",
                "write `==` or `!=`, or declare the property as a number");
        return new CompareTerm(a, compare.Comparison, b, written);
    }

    /// <summary>Binds two sides of which each may tell what type the other is read as.</summary>
    /// <param name="wanted">What both are read as where neither tells.</param>
    public (Term Left, Term Right)? BindPair(Expression left, Expression right, RuleType? wanted = null)
    {
        Term? a, b;
        if (IsOpen(left) && !IsOpen(right))
        {
            b = Bind(right, wanted);
            a = Bind(left, b?.Type);
        }
        else
        {
            a = Bind(left, wanted);
            b = Bind(right, a?.Type);
        }
        return a is null || b is null ? null : (a, b);
    }

    private Term? BindMembership(MembershipExpression membership, string written)
    {
        var stages = new StageBinder(this);
        if (stages.TrackOf(membership.Operand) is { } track) return stages.BindMembership(track, membership, written);
        var constants = membership.Items.Select(Constant).ToList();
        if (Bind(membership.Operand, constants.OfType<Value>().Select(constant =>
            (RuleType?)constant.Type).FirstOrDefault()) is not { } operand) return null;
        if (operand.Type == RuleType.List)
            return Complain(membership.Span, ErrorCodes.Type, $"`{Shorten(operand.Text)}` is a list, and lists are not compared",
                HintForList(membership.Operand));
        for (var i = 0; i < constants.Count; i++)
        {
            if (constants[i] is { } constant && constant.Type != operand.Type)
                return Complain(membership.Items[i].Span, ErrorCodes.Type,
                    $"`{Shorten(operand.Text)}` is {Vocabulary.Name(operand.Type)}, and this is {Vocabulary.Name(constant.Type)}",
                    TypeHints.ForPair((membership.Operand, operand.Type), (membership.Items[i], constant.Type)));
        }
        return constants.Contains(null) ? null : new InListTerm(operand, [.. constants.Select(constant => constant!.Value)], written);
    }

    private static string HintForList(Expression list) => list is AggregateExpression all
        ? $"`known({Shorten(RulePrinter.Print(all))})` tells whether there is anything in it, "
            + $"and `{Shorten(RulePrinter.Print(all with { Kind = AggregateKind.Distinct }))}` how much"
        : "`known(…)` tells whether there is anything in it, and `distinct(…)` how much";

    private Value? Constant(Expression item)
    {
        switch (item)
        {
            case NumberLiteral number:
                return Value.Of(number.Number);
            case PercentLiteral percent:
                return Value.Of(percent.Percent / 100);
            case TextLiteral literal:
                return Value.Of(literal.Text);
            case DurationLiteral duration:
                return Milliseconds(duration) is { } length ? Value.OfDuration(length) : null;
            default:
                var name = ((PathExpression)item).Names[0];
                Complain(item.Span, ErrorCodes.Type, $"a bare name in a list is a stage, and `{name}` is compared with something else",
                    $"a text is quoted: '{name}'");
                return null;
        }
    }

    /// <summary>Whether only the surroundings tell what type this is: a property that no contract declares.</summary>
    public bool IsOpen(Expression expression) => expression switch
    {
        PathExpression path when where is not null => where.TypeOf(path.Names) is null && !NameBinder.IsOccurredAt(path),
        PathExpression { Names: { Count: > 1 } path } when scope.Trigger is { } trigger
            && path[0] == "trigger" => trigger.TypeOf([.. path.Skip(1)]) is null,
        AggregateExpression aggregate => AggregateRegistry.Of(aggregate.Kind).GivesProperty
            && WhereScope.Of(names, aggregate.Events).TypeOf(aggregate.Property) is null,
        NegateExpression negate => IsOpen(negate.Operand),
        CallExpression { Function: "default" or "least" or "greatest" } call => call.Arguments.All(IsOpen),
        _ => false,
    };
}
