using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Wording;

/// <summary>What a condition's being told is for: it brought the customer in, keeps them, or simply was so.</summary>
internal enum Purpose { Needed, ToStay, Told }

/// <summary>One thing that was so.</summary>
/// <param name="Bound">What the rule asks for; null where the fact says it.</param>
internal sealed record Clause(string Fact, string? Bound = null);

/// <summary>Tells the parts of a condition that decided, each as something that was so: a comparison that did not hold is told the other way round.
/// </summary>
internal sealed class Clauses(Renderer renderer)
{
    /// <summary>As many as one sentence names.</summary>
    private const int Max = 4;

    private readonly Measures _measures = new(renderer);

    /// <summary>The clauses as one text.</summary>
    public string Tell(Explanation node, Purpose purpose)
    {
        var told = Of(node, purpose)
            .GroupBy(clause => clause.Fact)
            .Select(same => Whole(same.Key, [.. same.Select(clause => clause.Bound).OfType<string>().Distinct()]))
            .ToList();
        var (between, last) = renderer.Tense == Tense.Present ? (PhraseCatalog.Listed, PhraseCatalog.Listed)
            : (PhraseCatalog.Between, PhraseCatalog.And);
        var text = renderer.List([.. told.Take(Max)], between, told.Count > Max ? between : last);
        return (told.Count - Max) switch
        {
            <= 0 => text,
            1 => renderer.Say(PhraseCatalog.FurtherOne, ("clauses", text)),
            var more => renderer.Say(PhraseCatalog.Further, ("clauses", text), ("count", Renderer.Number(more))),
        };
    }

    /// <summary>What a comparison is told of, its sides so turned that a constant stands on the right; null for what does not compare two values.
    /// </summary>
    public static (Explanation Left, Comparison Comparison, Explanation Right)? Sides(Explanation node)
    {
        if (node is not { Kind: ExplanationKind.Compare, Parts: [var left, var right] } || Measures.Read(node) is not CompareExpression compare)
            return null;
        return left.Kind == ExplanationKind.Constant && right.Kind != ExplanationKind.Constant ? (right, Mirror(compare.Comparison), left)
            : (left, compare.Comparison, right);
    }

    public static Comparison Negate(Comparison comparison) => comparison switch
    {
        Comparison.Equal => Comparison.NotEqual,
        Comparison.NotEqual => Comparison.Equal,
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Greater => Comparison.LessOrEqual,
        Comparison.GreaterOrEqual => Comparison.Less,
    };

    /// <summary>What the rule asks for: "at least 6", "less than 160 CNY, 40% of spending from 60 to 30 days ago".</summary>
    public string Bound(Measure measure, Comparison comparison, Explanation threshold, Purpose purpose = Purpose.Told)
    {
        var phrases = PhraseCatalog.Comparisons[comparison];
        var phrase = measure.Kind switch
        {
            ValueKind.Count => phrases.Count,
            ValueKind.Duration => phrases.Duration,
            ValueKind.Time => phrases.Time,
            ValueKind.Amount or ValueKind.Other => phrases.Amount,
        };
        var value = Show(measure, threshold.Value, measure.Value);
        if (threshold.Value.Type == RuleType.Text && comparison == Comparison.Equal) return value;
        var bound = renderer.Say(phrase, ("value", value));
        if (measure.Kind != ValueKind.Time) bound = For(purpose, comparison, bound);
        return Made(threshold) is { } noun ? renderer.Say(PhraseCatalog.That, ("bound", bound), ("noun", noun)) : bound;
    }

    public IEnumerable<string> StagesOf(Explanation node)
    {
        var items = Measures.Read(node) switch
        {
            CompareExpression compare => [compare.Left, compare.Right],
            MembershipExpression membership => membership.Items,
            _ => (IReadOnlyList<Expression>)[],
        };
        return items.Select(item => item switch
        {
            PathExpression { Names: [var name] } when name != "stage" => name,
            TextLiteral text => text.Text,
            _ => null,
        }).OfType<string>().Select(name => renderer.Title(TrackOf(node), name));
    }

    /// <summary>The track whose stage a node asks for; null for any other node.</summary>
    public static string? TrackOf(Explanation node) =>
        node is { Kind: ExplanationKind.Compare, Parts: [{ Kind: ExplanationKind.Path, Text: var path }] }
        && path.StartsWith("stage.", StringComparison.Ordinal)
            ? path["stage.".Length..]
            : null;

    public Measure Measured(Explanation node) => _measures.Of(node);

    public string WithArticle(string noun) => _measures.Events.WithArticle(noun);

    public string Show(Measure measure, Value value, Value other = default) => _measures.Show(measure, value, other);

    public string ListOf(Explanation node) => Measures.Read(node) is MembershipExpression membership
        ? renderer.List([.. membership.Items.Select(Item)], PhraseCatalog.BetweenWords, PhraseCatalog.AmongWords)
        : "";

    public string Top(Explanation node, bool among)
    {
        var share = Measures.Read(node) is CallExpression { Arguments: [_, PercentLiteral percent] } ? Renderer.Number(percent.Percent) + "%" : "";
        return renderer.Say(among ? PhraseCatalog.Functions[FunctionKind.Top] : PhraseCatalog.NotTop, ("share", share));
    }

    private static Comparison Mirror(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        Comparison.Equal or Comparison.NotEqual => comparison,
    };

    private IEnumerable<Clause> Of(Explanation node, Purpose purpose) => node switch
    {
        { Kind: ExplanationKind.And or ExplanationKind.Or } => node.DecidingParts().SelectMany(part => Of(part, purpose)),
        { Kind: ExplanationKind.Not, Parts: [var part] } => Of(part, purpose),
        { Kind: ExplanationKind.Move, Parts: [var entered, var kept] } => Of(entered, Purpose.Needed).Concat(Of(kept, Purpose.Told)),
        { Kind: ExplanationKind.Metric,
            Parts: [{ Kind: not (ExplanationKind.Aggregate or ExplanationKind.Path or ExplanationKind.Constant) } inner] } => Of(inner, purpose),
        { Kind: ExplanationKind.In, Parts: [var value] } => [InList(node, _measures.Of(value))],
        { Kind: ExplanationKind.Top, Parts: [var metric, var cut] } => [Ranked(node, _measures.Of(metric), cut.Value)],
        { Kind: ExplanationKind.Call, Parts: [var value] } when node.Text.StartsWith("known(", StringComparison.Ordinal) =>
            [Known(node, _measures.Of(value))],
        { Kind: ExplanationKind.Compare } when TrackOf(node) is { } track => [InStage(node, track)],
        { Kind: ExplanationKind.Compare } when Sides(node) is var (left, comparison, right) => [Compared(node, left, comparison, right, purpose)],
        { Kind: ExplanationKind.Path, Text: var text, Value.IsMissing: false } when text.StartsWith("customer.", StringComparison.Ordinal) =>
            [Marked(node)],
        { Kind: ExplanationKind.Metric, Parts: [{ Kind: ExplanationKind.Path } path] } => Of(path, purpose),
        { Kind: ExplanationKind.Metric or ExplanationKind.Aggregate, Value.IsMissing: false } => [new Clause(Plain(_measures.Of(node)))],
        _ => [new Clause(renderer.Held(node.Value.IsTrue, node.Text))],
    };

    private string Whole(string fact, IReadOnlyList<string> bounds)
    {
        if (bounds.Count == 0) return fact;
        var notes = renderer.List(bounds, PhraseCatalog.BetweenFilters, PhraseCatalog.AndFilters);
        var close = renderer.Say(PhraseCatalog.NotedClose);
        return fact.EndsWith(close, StringComparison.Ordinal)
            ? fact[..^close.Length] + renderer.Written(PhraseCatalog.NotedFurther) + notes + close
            : renderer.Say(PhraseCatalog.Noted, ("fact", fact), ("notes", notes));
    }

    private Clause Compared(Explanation node, Explanation left, Comparison comparison, Explanation right, Purpose purpose)
    {
        var measure = _measures.Of(left);
        if (left.Value.IsMissing) return NotKnown(measure);
        if (right.Value.IsMissing) return NotKnown(_measures.Of(right));
        if (Tile(left) is var (ranked, tiles)) return InGroup(node, left, ranked, tiles, comparison, right, purpose);
        if (!node.Value.IsTrue) comparison = Negate(comparison);
        if (Change(left) is var (before, after)) return Changed(before, after, left.Value.Magnitude, comparison, right, purpose);
        if (measure.Passing is { } passing && (left.Value.Magnitude < 0 || right.Value.Magnitude < 0))
            return Coming(passing, measure.Value, comparison, right);
        return new Clause(Fact(measure, comparison, right.Value),
            SaysItself(measure, comparison, right) ? null : Bound(measure, comparison, right, purpose));
    }

    /// <summary>Of time since something that is still to come, or is measured from before it came.</summary>
    private Clause Coming(ElapsedTime passing, Value value, Comparison comparison, Explanation threshold)
    {
        if (value.Magnitude >= 0) return new Clause(Passed(passing, value, comparison));
        var fact = renderer.Say(PhraseCatalog.Away, ("since", passing.Since), ("at", renderer.At(passing.At)), ("was", renderer.Was),
            ("duration", renderer.Show(value)));
        var bound = renderer.Say(PhraseCatalog.Comparisons[Mirror(comparison)].Duration, ("value", renderer.Show(threshold.Value)));
        return new Clause(fact, threshold.Value.Magnitude < 0 ? bound : null);
    }

    /// <summary>Whether a fact needs no bound beside it, because it says the same.</summary>
    private bool SaysItself(Measure measure, Comparison comparison, Explanation right) => comparison switch
    {
        Comparison.Equal => right.Kind == ExplanationKind.Constant,
        Comparison.Less or Comparison.LessOrEqual when measure.Kind == ValueKind.Count =>
            measure.Value.Magnitude == 0 && right.Kind == ExplanationKind.Constant && right.Value.Magnitude <= 1,
        Comparison.Less or Comparison.LessOrEqual when measure.Passing is not null => IsNow(measure.Value),
        Comparison.GreaterOrEqual when measure.Passing is not null => right.Kind == ExplanationKind.Constant
            && renderer.Show(measure.Value) == renderer.Show(right.Value),
        Comparison.NotEqual or Comparison.Less or Comparison.LessOrEqual or Comparison.Greater or Comparison.GreaterOrEqual => false,
    };

    private string Fact(Measure measure, Comparison comparison, Value threshold)
    {
        if (measure.Counted is { } counted)
            return counted.Say(renderer, measure.Value.Magnitude == 0 ? counted.Phrases.None : counted.Phrases.Fact, measure.Value.Magnitude,
                Renderer.Number(measure.Value.Magnitude));
        if (measure.Passing is { } passing) return Passed(passing, measure.Value, comparison);
        return renderer.Say(measure.Kind == ValueKind.Time ? PhraseCatalog.TimeWas
            : PhraseCatalog.ValueWas, ("noun", measure.Noun), ("was", renderer.Was),
            ("value", Show(measure, measure.Value, threshold)));
    }

    private string Passed(ElapsedTime passing, Value value, Comparison comparison)
    {
        // Who waits for time to pass is told how much did, be it seconds.
        var isNow = IsNow(value) && (comparison is not (Comparison.Greater or Comparison.GreaterOrEqual) || value.Magnitude == 0);
        if (isNow && passing.Again is { } again)
            return renderer.Say(PhraseCatalog.JustAgain, ("event", _measures.Events.WithArticle(again)), ("had", renderer.Had),
                ("at", renderer.At(passing.At)));
        var isShort = comparison is Comparison.Less or Comparison.LessOrEqual;
        var phrase = (renderer.Tense, isNow) switch
        {
            (Tense.Present, true) => PhraseCatalog.JustNow,
            (_, true) => PhraseCatalog.JustThen,
            (Tense.Past, _) => isShort ? PhraseCatalog.OnlyPassed : PhraseCatalog.Passed,
            (Tense.Future, _) => isShort ? PhraseCatalog.OnlyWillHavePassed : PhraseCatalog.WillHavePassed,
            _ => PhraseCatalog.Ago,
        };
        return renderer.Say(phrase, ("since", passing.Since), ("was", renderer.Was), ("at", renderer.At(passing.At)),
            ("duration", renderer.Show(value)));
    }

    private static bool IsNow(Value value) => value.Magnitude < Durations.Minute;

    private string For(Purpose purpose, Comparison comparison, string bound) => purpose switch
    {
        Purpose.ToStay when comparison is not (Comparison.Equal or Comparison.NotEqual) =>
            renderer.Say(PhraseCatalog.ToStay, ("bound", bound)),
        Purpose.Needed when comparison is Comparison.Greater or Comparison.GreaterOrEqual =>
            renderer.Say(PhraseCatalog.Needed, ("bound", bound)),
        Purpose.Needed or Purpose.ToStay or Purpose.Told => bound,
    };

    /// <summary>What a threshold is made of; null for a constant.</summary>
    private string? Made(Explanation node)
    {
        var threshold = _measures.Of(node);
        if (threshold.IsConstant) return null;
        if (node is not { Kind: ExplanationKind.Times, Parts: [var left, var right] }) return threshold.Noun;
        var (factor, whole) = left.Kind == ExplanationKind.Constant ? (left, right) : (right, left);
        if (factor.Kind != ExplanationKind.Constant || factor.Value.Magnitude <= 0 || _measures.Of(whole) is not { IsPlain: true } inner)
            return threshold.Noun;
        return factor.Value.Magnitude < 1
            ? renderer.Say(PhraseCatalog.Share, ("share", Renderer.Number(factor.Value.Magnitude * 100) + "%"), ("noun", inner.Noun))
            : renderer.Say(PhraseCatalog.Times, ("factor", Renderer.Number(factor.Value.Magnitude)), ("noun", inner.Noun));
    }

    private string Plain(Measure measure) =>
        renderer.Say(PhraseCatalog.ValueWas, ("noun", measure.Noun), ("was", renderer.Was), ("value", Show(measure, measure.Value)));

    private Clause NotKnown(Measure measure) =>
        new(measure.Never ?? renderer.Say(PhraseCatalog.NotKnown, ("noun", measure.Noun), ("was not", renderer.WasNot)));

    /// <summary>The two values of a change in per cent, also of a metric that is one.</summary>
    private (Measure Before, Measure After)? Change(Explanation node) => node switch
    {
        { Kind: ExplanationKind.Metric, Parts: [var inner] } => Change(inner),
        { Kind: ExplanationKind.Call, Parts: [var before, var after] } when node.Text.StartsWith("percent_change(", StringComparison.Ordinal) =>
            (_measures.Of(before), _measures.Of(after)),
        _ => null,
    };

    private Clause Changed(Measure before, Measure after, decimal percent, Comparison comparison, Explanation threshold, Purpose purpose)
    {
        var phrase = percent < 0 ? PhraseCatalog.Lower : percent > 0 ? PhraseCatalog.Higher : PhraseCatalog.Same;
        var fact = renderer.Say(phrase, ("before", before.Noun), ("after", after.Noun), ("was", renderer.Was),
            ("percent", Renderer.Number(Math.Abs(percent), Math.Abs(threshold.Value.Magnitude)) + "%"));
        var asked = threshold.Value.Magnitude;
        if (percent < 0 && asked <= 0) (comparison, asked) = (Mirror(comparison), -asked);
        var bound = renderer.Say(PhraseCatalog.Comparisons[comparison].Amount, ("value", Renderer.Number(asked) + "%"));
        return new Clause(fact, For(purpose, comparison, bound));
    }

    private Clause InList(Explanation node, Measure measure) => measure.Value.IsMissing
        ? NotKnown(measure)
        : new Clause(Plain(measure), renderer.Say(node.Value.IsTrue ? PhraseCatalog.OneOf : PhraseCatalog.NotOneOf, ("list", ListOf(node))));

    private Clause Ranked(Explanation node, Measure measure, Value cut)
    {
        if (cut.IsMissing) return new Clause(renderer.Say(PhraseCatalog.TopNotYet));
        if (measure.Value.IsMissing) return NotKnown(measure);
        var bound = renderer.Say(PhraseCatalog.TopFrom, ("top", Top(node, node.Value.IsTrue)), ("value", Show(measure, cut)));
        return new Clause(
            renderer.Say(PhraseCatalog.ValueWas, ("noun", measure.Noun), ("was", renderer.Was), ("value", Show(measure, measure.Value, cut))),
            bound);
    }

    /// <summary>What a quantile is of, and of how many tiles; null for what is none. Also of a metric that is one.</summary>
    private static (Explanation Ranked, decimal Tiles)? Tile(Explanation node) => node switch
    {
        { Kind: ExplanationKind.Metric, Parts: [var inner] } => Tile(inner),
        { Kind: ExplanationKind.Quantile, Parts: [var ranked, ..] }
            when Measures.Read(node) is CallExpression { Arguments: [_, NumberLiteral tiles] } =>
            (ranked, tiles.Number),
        _ => null,
    };

    private Clause InGroup(Explanation node, Explanation tile, Explanation ranked, decimal tiles, Comparison comparison, Explanation right,
        Purpose purpose)
    {
        var (measure, group) = (_measures.Of(ranked), Renderer.Number(tile.Value.Magnitude));
        var fact = renderer.Say(PhraseCatalog.InGroup, ("noun", measure.Noun), ("was", renderer.Was), ("value", Show(measure, measure.Value)),
            ("group", group),
            ("count", Renderer.Number(tiles)));
        var asked = node.Value.IsTrue ? comparison : Negate(comparison);
        var saysItself = asked == Comparison.Equal && right.Kind == ExplanationKind.Constant;
        return new Clause(fact, saysItself ? null : Bound(_measures.Of(tile), asked, right, purpose));
    }

    private Clause Marked(Explanation node) => new(renderer.Say(node.Value.IsTrue ? PhraseCatalog.Marked : PhraseCatalog.NotMarked,
        ("were", renderer.Were), ("were not", renderer.WereNot), ("name", node.Text["customer.".Length..].Replace('_', ' '))));

    private Clause Known(Explanation node, Measure measure)
    {
        if (measure.Value.Type == RuleType.List)
            return new Clause(renderer.Say(node.Value.IsTrue ? PhraseCatalog.NotEmpty
                : PhraseCatalog.Empty, ("noun", measure.Noun), ("was", renderer.Was), ("was not", renderer.WasNot)));
        if (!node.Value.IsTrue) return NotKnown(measure);
        return new Clause(measure is { Event: { } name, Kind: ValueKind.Time }
            ? renderer.Say(PhraseCatalog.SomeEver, ("had", renderer.Had), ("event", _measures.Events.WithArticle(name)))
            : renderer.Say(PhraseCatalog.Known, ("noun", measure.Noun), ("was", renderer.Was)));
    }

    private Clause InStage(Explanation node, string track)
    {
        var stage = node.Parts[0].Value;
        if (stage.IsMissing) return new Clause(renderer.Held(false, node.Text));
        var title = renderer.Title(track, stage.Text);
        var fact = track == renderer.Context.Track || renderer.Context.Track is null
            ? renderer.Say(PhraseCatalog.InStage, ("were", renderer.Were), ("stage", title))
            : renderer.Say(PhraseCatalog.InStageOf, ("were", renderer.Were), ("stage", title), ("track", track));
        var asked = StagesOf(node).ToList();
        return new Clause(fact, asked.Contains(title) ? null
            : renderer.Say(PhraseCatalog.NotInStage, ("stages", renderer.List(asked, PhraseCatalog.BetweenWords, PhraseCatalog.OrWords))));
    }

    private string Item(Expression item) => item switch
    {
        TextLiteral text => renderer.Text(text.Text),
        NumberLiteral number => Renderer.Number(number.Number),
        _ => RulePrinter.Print(item),
    };
}
