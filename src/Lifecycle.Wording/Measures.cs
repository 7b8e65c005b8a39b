using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;
using NodaTime;

namespace Lifecycle.Wording;

/// <summary>Finds the words for the values in a condition, from what the rule says and what the values were.</summary>
internal sealed class Measures(Renderer renderer)
{
    /// <summary>Values made from values are told so deep; what lies deeper is quoted as the rule writes it.</summary>
    private const int DepthMax = 3;

    private readonly EventWords _events = new(renderer);

    public EventWords Events => _events;

    /// <summary>Within a metric "this stage" is that of the first track, whoever asks for the metric.</summary>
    private Measures InMetrics => field ??= renderer.Context is { Track: { } track, Release.Tracks: [{ Name: var first }, ..] } && track != first
        ? new Measures(renderer.Of(first)) : this;

    public Measure Of(Explanation node, int depth = 0)
    {
        if (node is { Kind: ExplanationKind.Metric, Parts: [var inner] }) return Metric(node, InMetrics.Of(inner, depth));
        if (depth > DepthMax) return AsWritten(node);
        return Read(node) switch
        {
            AggregateExpression aggregate => Aggregate(node, aggregate),
            CallExpression call => Call(node, call, depth),
            PathExpression path => Path(node, path),
            ArithmeticExpression arithmetic when node.Parts is [var left, var right] && !NeedsBrackets(arithmetic) =>
                Arithmetic(node, arithmetic.Operator, Of(left, depth + 1), Of(right, depth + 1)),
            PercentLiteral percent => Constant(node) with { Noun = Renderer.Number(percent.Percent) + "%" },
            NumberLiteral or TextLiteral or TruthLiteral or DurationLiteral => Constant(node),
            NegateExpression when node.Parts is [{ Kind: ExplanationKind.Constant }] => Constant(node),
            _ => AsWritten(node),
        };
    }

    /// <summary>What a node's text says; null for what is none of the language.</summary>
    public static Expression? Read(Explanation node) => RuleParser.ParseExpression(RuleText.Alone(node.Text), new Diagnostics());

    /// <summary>A value of a measure's own kind.</summary>
    /// <param name="other">What it must not be mistaken for after rounding.</param>
    public string Show(Measure measure, Value value, Value other = default)
    {
        if (value.Type == RuleType.Duration)
            return renderer.Duration(Milliseconds(value), other.Type == RuleType.Duration ? Milliseconds(other) : null);
        if (value.Type != RuleType.Number) return renderer.Show(value);
        decimal? beside = other.Type == RuleType.Number ? other.Magnitude : null;
        if (measure.IsMoney) return renderer.Money(value.Magnitude, beside);
        var number = Renderer.Number(value.Magnitude, beside);
        return measure.Counted is { } counted ? renderer.Say(counted.Phrases.Number, ("count", number)) : number;
    }

    private static long Milliseconds(Value duration) => (long)decimal.Floor(duration.Magnitude);

    private static ValueKind SortOf(Value value) => value.Type switch
    {
        RuleType.Number => ValueKind.Amount,
        RuleType.Duration => ValueKind.Duration,
        RuleType.Time => ValueKind.Time,
        RuleType.Missing or RuleType.Text or RuleType.Truth or RuleType.Date or RuleType.List or RuleType.Sealed => ValueKind.Other,
    };

    private Measure Metric(Explanation node, Measure inner) =>
        inner.IsPlain ? inner : inner with { Noun = renderer.Quote(node.Text.Replace('_', ' ')), IsPlain = true, IsConstant = false };

    private Measure Constant(Explanation node) =>
        new(SortOf(node.Value), renderer.Show(node.Value), node.Value) { IsConstant = true, IsPlain = false };

    private Measure AsWritten(Explanation node) =>
        new(SortOf(node.Value), renderer.Say(PhraseCatalog.Rule, ("rule", node.Text)), node.Value) { IsPlain = false };

    private Measure Aggregate(Explanation node, AggregateExpression aggregate)
    {
        var kind = aggregate.Kind;
        if (PhraseCatalog.Counts.TryGetValue(kind, out var phrases)) return Count(node, aggregate, phrases);
        if (kind is AggregateKind.First or AggregateKind.Last) return Moment(node, aggregate);
        var property = aggregate.Property.Count > 0 ? _events.Property(aggregate.Property) : "";
        var window = kind == AggregateKind.Sum && aggregate.Window is null ? renderer.Say(PhraseCatalog.Ever) : _events.Window(aggregate.Window);
        var noun = renderer.Say(SumOf(aggregate) ?? PhraseCatalog.Nouns[kind], ("property", property), ("window", window),
            ("event", _events.Of(aggregate, many: false)), ("events", _events.Of(aggregate, many: true, together: true)));
        return new Measure(SortOf(node.Value), noun, node.Value)
        {
            IsMoney = IsMoney(node),
            Event = kind == AggregateKind.Sum ? null : _events.Of(aggregate, many: false),
        };
    }

    /// <summary>Sums with a word of their own.</summary>
    private static PhraseText? SumOf(AggregateExpression aggregate)
    {
        if (aggregate is not { Kind: AggregateKind.Sum, Where: null, Property: [var property] }) return null;
        return (string.Join(' ', aggregate.Events.Names.Select(named => named.Name)), property) switch
        {
            ("order_completed", "revenue") => PhraseCatalog.Spending,
            ("order_completed order_refunded", "revenue") => PhraseCatalog.SpendingNet,
            ("points_earned", "points") => PhraseCatalog.PointsEarned,
            _ => null,
        };
    }

    private Measure Count(Explanation node, AggregateExpression aggregate, CountPhrases phrases)
    {
        var events = _events.Of(aggregate, many: true);
        var (one, many) = aggregate.Kind switch
        {
            AggregateKind.Count => (_events.Of(aggregate, many: false), events),
            AggregateKind.Distinct => (Different(many: false), Different(many: true)),
            AggregateKind.Sum or AggregateKind.Avg or AggregateKind.Min or AggregateKind.Max or AggregateKind.Days
                or AggregateKind.Weeks or AggregateKind.First or AggregateKind.Last or AggregateKind.Latest or AggregateKind.All
                or AggregateKind.Median or AggregateKind.TypicalGap => (_events.Dated(aggregate, many: false), _events.Dated(aggregate, many: true)),
        };
        var window = aggregate.Window is null ? renderer.Say(PhraseCatalog.Ever) : _events.Window(aggregate.Window);
        var counted = new CountedThings(phrases, one, many, events, window) { IsEver = aggregate.Window is null };
        return new Measure(ValueKind.Count, counted.Say(renderer, phrases.Noun, 2, ""), node.Value) { Counted = counted };

        string Different(bool many) =>
            renderer.Say(PhraseCatalog.Different, many, ("property", _events.Property(aggregate.Property)), ("events", events));
    }

    /// <summary>The first or the last of some events.</summary>
    private Measure Moment(Explanation node, AggregateExpression aggregate)
    {
        var (name, window) = (_events.Of(aggregate, many: false), _events.Window(aggregate.Window));
        var phrase = aggregate is { Kind: AggregateKind.Last, Window: null }
            ? PhraseCatalog.LastEver
            : PhraseCatalog.Nouns[aggregate.Kind];
        return new Measure(ValueKind.Time, renderer.Say(phrase, ("event", name), ("events", name), ("window", window)), node.Value)
        {
            Never = renderer.Say(aggregate.Window is null ? PhraseCatalog.NeverYet : PhraseCatalog.NoneWithin,
                ("had", renderer.Had), ("event", name), ("window", window)),
            Event = name,
        };
    }

    private Measure Call(Explanation node, CallExpression call, int depth)
    {
        var function = FunctionRegistry.Find(call.Function)?.Kind;
        switch (function)
        {
            case FunctionKind.Default when node.Parts is [var wanted, var fallback]:
                return Of(wanted.Value.IsMissing ? fallback : wanted, depth);
            case FunctionKind.Since when node.Parts is [var time]:
                return Since(node, Of(time, depth));
            case FunctionKind.TypicalGap when EventOf(call) is { } choice:
                var (one, many) = (_events.Of(choice, many: false), _events.Of(choice, many: true));
                return new Measure(ValueKind.Duration, renderer.Say(PhraseCatalog.Functions[function.Value], ("events", many)), node.Value)
                {
                    Never = renderer.Say(PhraseCatalog.GapNotKnown, ("had", renderer.Had), ("events", many), ("event", one)),
                };
            case FunctionKind.PointsExpiring when call.Arguments is [DurationLiteral within]:
                return new Measure(ValueKind.Amount, renderer.Say(PhraseCatalog.Functions[function.Value], ("part", _events.Duration(within))),
                    node.Value);
            case FunctionKind.Quantile when node.Parts is [var ranked, ..] && call.Arguments is [_, NumberLiteral tiles]:
                var compared = Of(ranked, depth + 1);
                return Made(
                    renderer.Say(PhraseCatalog.Functions[function.Value], ("part", compared.Noun), ("count", Renderer.Number(tiles.Number)))) with
                {
                    Never = ranked.Value.IsMissing ? compared.Never : renderer.Say(PhraseCatalog.TopNotYet),
                };
            case FunctionKind.PercentChange or FunctionKind.Mod when node.Parts is [var before, var after]:
                return Made(renderer.Say(PhraseCatalog.Functions[function.Value],
                    ("before", Of(before, depth + 1).Noun), ("after", Of(after, depth + 1).Noun)));
            case FunctionKind.Least or FunctionKind.Greatest:
                var parts = node.Parts.Select(part => Of(part, depth + 1)).ToList();
                return parts.TrueForAll(part => part.IsPlain || part.IsConstant)
                    ? Made(renderer.Say(PhraseCatalog.Functions[function.Value],
                        ("parts", renderer.List([.. parts.Select(part => part.Noun)], PhraseCatalog.BetweenWords, PhraseCatalog.AndWords))))
                    : AsWritten(node);
            case FunctionKind.Floor or FunctionKind.Ceil or FunctionKind.Round or FunctionKind.Abs when node.Parts is [var part]:
                var inner = Of(part, depth + 1);
                return Made(renderer.Say(PhraseCatalog.Functions[function.Value], ("part", inner.Noun))) with { IsMoney = inner.IsMoney };
            default:
                return AsWritten(node);
        }

        Measure Made(string noun) => new(SortOf(node.Value), noun, node.Value) { IsPlain = false };
    }

    private static EventChoice? EventOf(CallExpression call) => call.Arguments switch
    {
        [PathExpression { Names: [var name] }] => new EventChoice([new NamedEvent(name)]),
        [TextLiteral text] => new EventChoice([new NamedEvent(text.Text)]),
        _ => null,
    };

    private Measure Since(Explanation node, Measure time) =>
        new(ValueKind.Duration, renderer.Say(PhraseCatalog.Functions[FunctionKind.Since], ("part", time.Noun)), node.Value)
        {
            Passing = time.Value.IsMissing ? null : new ElapsedTime(time.Noun, time.Value.Time, IsLast(node) ? time.Event : null),
            Never = time.Never ?? renderer.Say(PhraseCatalog.NotKnown, ("noun", time.Noun), ("was not", renderer.WasNot)),
            Event = time.Event,
        };

    /// <summary>Whether another event would begin the time anew.</summary>
    private static bool IsLast(Explanation node) => node switch
    {
        { Kind: ExplanationKind.Aggregate } => node.Text.StartsWith("last(", StringComparison.Ordinal),
        { Kind: ExplanationKind.Metric or ExplanationKind.Call, Parts: [var inner, ..] } => IsLast(inner),
        _ => false,
    };

    private Measure Path(Explanation node, PathExpression path) => path.Names switch
    {
        ["age"] => Elapsed(node, renderer.Say(PhraseCatalog.FirstContact)),
        ["time_in_stage"] => Elapsed(node, renderer.OfStage(PhraseCatalog.MoveTo, PhraseCatalog.MoveIn, PhraseCatalog.MoveToThis)),
        ["points", "next_expiry"] => new Measure(ValueKind.Time, renderer.Say(PhraseCatalog.NextExpiry), node.Value),
        ["points"] => new Measure(ValueKind.Amount, renderer.Say(PhraseCatalog.PointsBalance), node.Value),
        ["customer", var name] =>
            new Measure(SortOf(node.Value), renderer.Say(PhraseCatalog.Attribute, ("name", _events.Property(name))), node.Value),
        _ => AsWritten(node),
    };

    private Measure Elapsed(Explanation node, string since) =>
        new(ValueKind.Duration, renderer.Say(PhraseCatalog.Functions[FunctionKind.Since], ("part", since)), node.Value)
    {
        Passing = node.Value.IsMissing ? null
            : new ElapsedTime(since, renderer.Context.At - Duration.FromMilliseconds((double)node.Value.Magnitude), null),
    };

    /// <summary>Words have no brackets: "n plus 1 times 2" is not twice their sum.</summary>
    private static bool NeedsBrackets(ArithmeticExpression arithmetic) => arithmetic.Operator switch
    {
        ArithmeticOperation.Add => false,
        ArithmeticOperation.Subtract => IsSum(arithmetic.Right),
        ArithmeticOperation.Multiply => IsSum(arithmetic.Left) || IsSum(arithmetic.Right),
        ArithmeticOperation.Divide => IsSum(arithmetic.Left) || arithmetic.Right is ArithmeticExpression,
    };

    private static bool IsSum(Expression expression) =>
        expression is ArithmeticExpression { Operator: ArithmeticOperation.Add or ArithmeticOperation.Subtract };

    private Measure Arithmetic(Explanation node, ArithmeticOperation @operator, Measure left, Measure right)
    {
        var phrase = @operator switch
        {
            ArithmeticOperation.Add => PhraseCatalog.Sum,
            ArithmeticOperation.Subtract => PhraseCatalog.Difference,
            ArithmeticOperation.Multiply => PhraseCatalog.Product,
            ArithmeticOperation.Divide => PhraseCatalog.Quotient,
        };
        return new Measure(SortOf(node.Value), renderer.Say(phrase, ("left", left.Noun), ("right", right.Noun)), node.Value)
        {
            IsPlain = false,
            // What is left of an amount divided by a number of the rule is a count of something.
            IsMoney = @operator == ArithmeticOperation.Divide ? left.IsMoney && !right.IsMoney && !right.IsConstant : left.IsMoney || right.IsMoney,
        };
    }

    private bool IsMoney(Explanation node) => renderer.Context.Release.Aggregates.Any(aggregate => aggregate.IsMoney && aggregate.Text == node.Text);
}
