using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Rules.Syntax;
using NodaTime;
using AggregateKind = Lifecycle.Domain.Metrics.AggregateKind;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Projections;

/// <summary>Finds the words for the values in a condition, from what the rule says and what the values were.</summary>
internal sealed class Measures(Voice voice)
{
    /// <summary>Values made from values are told so deep; what lies deeper is quoted as the rule writes it.</summary>
    private const int DepthMax = 3;

    private readonly EventWords _events = new(voice);

    public EventWords Events => _events;

    /// <summary>Within a metric "this stage" is that of the first track, whoever asks for the metric.</summary>
    private Measures InMetrics => field ??= voice.Context is { Track: { } track, Release.Tracks: [{ Name: var first }, ..] } && track != first
        ? new Measures(voice.Of(first)) : this;

    public Measure Of(Explanation node, int depth = 0)
    {
        if (node is { Op: "metric", Parts: [var inner] }) return Metric(node, InMetrics.Of(inner, depth));
        if (depth > DepthMax) return AsWritten(node);
        return Read(node) switch
        {
            AggregateExpression aggregate => Aggregate(node, aggregate),
            CallExpression call => Call(node, call, depth),
            PathExpression path => Path(node, path),
            ArithmeticExpression arithmetic when node.Parts is [var left, var right] && !NeedsBrackets(arithmetic) =>
                Arithmetic(node, arithmetic.Operator, Of(left, depth + 1), Of(right, depth + 1)),
            PercentLiteral percent => Constant(node) with { Noun = Voice.Number(percent.Percent) + "%" },
            NumberLiteral or TextLiteral or TruthLiteral or DurationLiteral => Constant(node),
            NegateExpression when node.Parts is [{ Op: "constant" }] => Constant(node),
            _ => AsWritten(node),
        };
    }

    /// <summary>What a node's text says; null for what is none of the language.</summary>
    public static Expression? Read(Explanation node) => RuleParser.ParseExpression(RuleText.Alone(node.Text), new Complaints());

    /// <summary>A value of a measure's own kind.</summary>
    /// <param name="other">What it must not be mistaken for after rounding.</param>
    public string Show(Measure measure, Value value, Value other = default)
    {
        if (value.Type == ValueType.Duration)
            return voice.Duration(Milliseconds(value), other.Type == ValueType.Duration ? Milliseconds(other) : null);
        if (value.Type != ValueType.Number) return voice.Show(value);
        decimal? beside = other.Type == ValueType.Number ? other.Magnitude : null;
        if (measure.IsMoney) return voice.Money(value.Magnitude, beside);
        var number = Voice.Number(value.Magnitude, beside);
        return measure.Counted is { } counted ? voice.Say(counted.Phrases.Number, ("count", number)) : number;
    }

    private static long Milliseconds(Value duration) => (long)decimal.Floor(duration.Magnitude);

    private static Sort SortOf(Value value) => value.Type switch
    {
        ValueType.Number => Sort.Amount,
        ValueType.Duration => Sort.Duration,
        ValueType.Time => Sort.Time,
        _ => Sort.Other,
    };

    private Measure Metric(Explanation node, Measure inner) =>
        inner.IsPlain ? inner : inner with { Noun = voice.Quote(node.Text.Replace('_', ' ')), IsPlain = true, IsConstant = false };

    private Measure Constant(Explanation node) => new(SortOf(node.Value), voice.Show(node.Value), node.Value) { IsConstant = true, IsPlain = false };

    private Measure AsWritten(Explanation node) =>
        new(SortOf(node.Value), voice.Say(Catalog.Rule, ("rule", node.Text)), node.Value) { IsPlain = false };

    private Measure Aggregate(Explanation node, AggregateExpression aggregate)
    {
        var kind = (AggregateKind)aggregate.Kind;
        if (Catalog.Counts.TryGetValue(kind, out var phrases)) return Count(node, aggregate, phrases);
        if (kind is AggregateKind.First or AggregateKind.Last) return Moment(node, aggregate);
        var property = aggregate.Property.Count > 0 ? _events.Property(aggregate.Property) : "";
        var window = kind == AggregateKind.Sum && aggregate.Window is null ? voice.Say(Catalog.Ever) : _events.Window(aggregate.Window);
        var noun = voice.Say(SumOf(aggregate) ?? Catalog.Nouns[kind], ("property", property), ("window", window),
            ("event", _events.Of(aggregate, many: false)), ("events", _events.Of(aggregate, many: true, together: true)));
        return new Measure(SortOf(node.Value), noun, node.Value)
        {
            IsMoney = IsMoney(node),
            Event = kind == AggregateKind.Sum ? null : _events.Of(aggregate, many: false),
        };
    }

    /// <summary>Sums with a word of their own.</summary>
    private static Phrase? SumOf(AggregateExpression aggregate)
    {
        if (aggregate is not { Kind: Domain.Rules.Syntax.AggregateKind.Sum, Where: null, Property: [var property] }) return null;
        return (string.Join(' ', aggregate.Events.Names.Select(named => named.Name)), property) switch
        {
            ("order_completed", "revenue") => Catalog.Spending,
            ("order_completed order_refunded", "revenue") => Catalog.SpendingNet,
            ("points_earned", "points") => Catalog.PointsEarned,
            _ => null,
        };
    }

    private Measure Count(Explanation node, AggregateExpression aggregate, CountPhrases phrases)
    {
        var events = _events.Of(aggregate, many: true);
        var (one, many) = aggregate.Kind switch
        {
            Domain.Rules.Syntax.AggregateKind.Count => (_events.Of(aggregate, many: false), events),
            Domain.Rules.Syntax.AggregateKind.Distinct => (Different(many: false), Different(many: true)),
            _ => (_events.Dated(aggregate, many: false), _events.Dated(aggregate, many: true)),
        };
        var window = aggregate.Window is null ? voice.Say(Catalog.Ever) : _events.Window(aggregate.Window);
        var counted = new Counted(phrases, one, many, events, window) { IsEver = aggregate.Window is null };
        return new Measure(Sort.Count, counted.Say(voice, phrases.Noun, 2, ""), node.Value) { Counted = counted };

        string Different(bool many) =>
            voice.Say(Catalog.Different, many, ("property", _events.Property(aggregate.Property)), ("events", events));
    }

    /// <summary>The first or the last of some events.</summary>
    private Measure Moment(Explanation node, AggregateExpression aggregate)
    {
        var (name, window) = (_events.Of(aggregate, many: false), _events.Window(aggregate.Window));
        var phrase = aggregate is { Kind: Domain.Rules.Syntax.AggregateKind.Last, Window: null }
            ? Catalog.LastEver
            : Catalog.Nouns[(AggregateKind)aggregate.Kind];
        return new Measure(Sort.Time, voice.Say(phrase, ("event", name), ("events", name), ("window", window)), node.Value)
        {
            Never = voice.Say(aggregate.Window is null ? Catalog.NeverYet : Catalog.NoneWithin,
                ("had", voice.Had), ("event", name), ("window", window)),
            Event = name,
        };
    }

    private Measure Call(Explanation node, CallExpression call, int depth)
    {
        switch (call.Function)
        {
            case "default" when node.Parts is [var wanted, var fallback]:
                return Of(wanted.Value.IsMissing ? fallback : wanted, depth);
            case "since" when node.Parts is [var time]:
                return Since(node, Of(time, depth));
            case "typical_gap" when EventOf(call) is { } choice:
                var (one, many) = (_events.Of(choice, many: false), _events.Of(choice, many: true));
                return new Measure(Sort.Duration, voice.Say(Catalog.Functions[call.Function], ("events", many)), node.Value)
                {
                    Never = voice.Say(Catalog.GapNotKnown, ("had", voice.Had), ("events", many), ("event", one)),
                };
            case "points.expiring" when call.Arguments is [DurationLiteral within]:
                return new Measure(Sort.Amount, voice.Say(Catalog.Functions[call.Function], ("part", _events.Duration(within))), node.Value);
            case "quantile" when node.Parts is [var ranked, ..] && call.Arguments is [_, NumberLiteral tiles]:
                var compared = Of(ranked, depth + 1);
                return Made(voice.Say(Catalog.Functions[call.Function], ("part", compared.Noun), ("count", Voice.Number(tiles.Number)))) with
                {
                    Never = ranked.Value.IsMissing ? compared.Never : voice.Say(Catalog.TopNotYet),
                };
            case "percent_change" or "mod" when node.Parts is [var before, var after]:
                return Made(voice.Say(Catalog.Functions[call.Function],
                    ("before", Of(before, depth + 1).Noun), ("after", Of(after, depth + 1).Noun)));
            case "least" or "greatest":
                var parts = node.Parts.Select(part => Of(part, depth + 1)).ToList();
                return parts.TrueForAll(part => part.IsPlain || part.IsConstant)
                    ? Made(voice.Say(Catalog.Functions[call.Function],
                        ("parts", voice.List([.. parts.Select(part => part.Noun)], Catalog.BetweenWords, Catalog.AndWords))))
                    : AsWritten(node);
            case "floor" or "ceil" or "round" or "abs" when node.Parts is [var part]:
                var inner = Of(part, depth + 1);
                return Made(voice.Say(Catalog.Functions[call.Function], ("part", inner.Noun))) with { IsMoney = inner.IsMoney };
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
        new(Sort.Duration, voice.Say(Catalog.Functions["since"], ("part", time.Noun)), node.Value)
        {
            Passing = time.Value.IsMissing ? null : new Passing(time.Noun, time.Value.Time, IsLast(node) ? time.Event : null),
            Never = time.Never ?? voice.Say(Catalog.NotKnown, ("noun", time.Noun), ("was not", voice.WasNot)),
            Event = time.Event,
        };

    /// <summary>Whether another event would begin the time anew.</summary>
    private static bool IsLast(Explanation node) => node switch
    {
        { Op: "aggregate" } => node.Text.StartsWith("last(", StringComparison.Ordinal),
        { Op: "metric" or "call", Parts: [var inner, ..] } => IsLast(inner),
        _ => false,
    };

    private Measure Path(Explanation node, PathExpression path) => path.Names switch
    {
        ["age"] => Elapsed(node, voice.Say(Catalog.FirstContact)),
        ["time_in_stage"] => Elapsed(node, voice.OfStage(Catalog.MoveTo, Catalog.MoveIn, Catalog.MoveToThis)),
        ["points", "next_expiry"] => new Measure(Sort.Time, voice.Say(Catalog.NextExpiry), node.Value),
        ["points"] => new Measure(Sort.Amount, voice.Say(Catalog.PointsBalance), node.Value),
        ["customer", var name] => new Measure(SortOf(node.Value), voice.Say(Catalog.Attribute, ("name", _events.Property(name))), node.Value),
        _ => AsWritten(node),
    };

    private Measure Elapsed(Explanation node, string since) => new(Sort.Duration, voice.Say(Catalog.Functions["since"], ("part", since)), node.Value)
    {
        Passing = node.Value.IsMissing ? null : new Passing(since, voice.Context.At - Duration.FromMilliseconds((double)node.Value.Magnitude), null),
    };

    /// <summary>Words have no brackets: "n plus 1 times 2" is not twice their sum.</summary>
    private static bool NeedsBrackets(ArithmeticExpression arithmetic) => arithmetic.Operator switch
    {
        ArithmeticOperator.Add => false,
        ArithmeticOperator.Subtract => IsSum(arithmetic.Right),
        ArithmeticOperator.Multiply => IsSum(arithmetic.Left) || IsSum(arithmetic.Right),
        _ => IsSum(arithmetic.Left) || arithmetic.Right is ArithmeticExpression,
    };

    private static bool IsSum(Expression expression) => expression is ArithmeticExpression { Operator: ArithmeticOperator.Add or ArithmeticOperator.Subtract };

    private Measure Arithmetic(Explanation node, ArithmeticOperator @operator, Measure left, Measure right)
    {
        var phrase = @operator switch
        {
            ArithmeticOperator.Add => Catalog.Sum,
            ArithmeticOperator.Subtract => Catalog.Difference,
            ArithmeticOperator.Multiply => Catalog.Product,
            _ => Catalog.Quotient,
        };
        return new Measure(SortOf(node.Value), voice.Say(phrase, ("left", left.Noun), ("right", right.Noun)), node.Value)
        {
            IsPlain = false,
            // What is left of an amount divided by a number of the rule is a count of something.
            IsMoney = @operator == ArithmeticOperator.Divide ? left.IsMoney && !right.IsMoney && !right.IsConstant : left.IsMoney || right.IsMoney,
        };
    }

    private bool IsMoney(Explanation node) => voice.Context.Release.Aggregates.Any(aggregate => aggregate.IsMoney && aggregate.Text == node.Text);
}
