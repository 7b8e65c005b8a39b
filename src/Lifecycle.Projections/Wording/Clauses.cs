using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Rules.Syntax;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Projections;

/// <summary>What a condition's being told is for: it brought the customer in, keeps them, or simply was so.</summary>
internal enum Purpose { Needed, ToStay, Told }

/// <summary>One thing that was so.</summary>
/// <param name="Bound">What the rule asks for; null where the fact says it.</param>
internal sealed record Clause(string Fact, string? Bound = null);

/// <summary>Tells the parts of a condition that decided, each as something that was so: a comparison that did not hold is told the other way round.
/// </summary>
internal sealed class Clauses(Voice voice)
{
    /// <summary>As many as one sentence names.</summary>
    private const int Max = 4;

    private readonly Measures _measures = new(voice);

    /// <summary>The clauses as one text.</summary>
    public string Tell(Explanation node, Purpose purpose)
    {
        var told = Of(node, purpose)
            .GroupBy(clause => clause.Fact)
            .Select(same => Whole(same.Key, [.. same.Select(clause => clause.Bound).OfType<string>().Distinct()]))
            .ToList();
        var (between, last) = voice.Tense == Tense.Present ? (Catalog.Listed, Catalog.Listed) : (Catalog.Between, Catalog.And);
        var text = voice.List([.. told.Take(Max)], between, told.Count > Max ? between : last);
        return (told.Count - Max) switch
        {
            <= 0 => text,
            1 => voice.Say(Catalog.FurtherOne, ("clauses", text)),
            var more => voice.Say(Catalog.Further, ("clauses", text), ("count", Voice.Number(more))),
        };
    }

    /// <summary>What a comparison is told of, its sides so turned that a constant stands on the right; null for what does not compare two values.
    /// </summary>
    public static (Explanation Left, Comparison Comparison, Explanation Right)? Sides(Explanation node)
    {
        if (node is not { Op: "compare", Parts: [var left, var right] } || Measures.Read(node) is not CompareExpression compare) return null;
        return left.Op == "constant" && right.Op != "constant" ? (right, Mirror(compare.Comparison), left) : (left, compare.Comparison, right);
    }

    public static Comparison Negate(Comparison comparison) => comparison switch
    {
        Comparison.Equal => Comparison.NotEqual,
        Comparison.NotEqual => Comparison.Equal,
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Greater => Comparison.LessOrEqual,
        _ => Comparison.Less,
    };

    /// <summary>What the rule asks for: "at least 6", "less than 160 CNY, 40% of spending from 60 to 30 days ago".</summary>
    public string Bound(Measure measure, Comparison comparison, Explanation threshold, Purpose purpose = Purpose.Told)
    {
        var phrases = Catalog.Comparisons[comparison];
        var phrase = measure.Sort switch
        {
            Sort.Count => phrases.Count,
            Sort.Duration => phrases.Duration,
            Sort.Time => phrases.Time,
            _ => phrases.Amount,
        };
        var value = Show(measure, threshold.Value, measure.Value);
        if (threshold.Value.Type == ValueType.Text && comparison == Comparison.Equal) return value;
        var bound = voice.Say(phrase, ("value", value));
        if (measure.Sort != Sort.Time) bound = For(purpose, comparison, bound);
        return Made(threshold) is { } noun ? voice.Say(Catalog.That, ("bound", bound), ("noun", noun)) : bound;
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
        }).OfType<string>().Select(name => voice.Title(TrackOf(node), name));
    }

    /// <summary>The track whose stage a node asks for; null for any other node.</summary>
    public static string? TrackOf(Explanation node) =>
        node is { Op: "compare", Parts: [{ Op: "path", Text: var path }] } && path.StartsWith("stage.", StringComparison.Ordinal)
            ? path["stage.".Length..]
            : null;

    public Measure Measured(Explanation node) => _measures.Of(node);

    public string WithArticle(string noun) => _measures.Events.WithArticle(noun);

    public string Show(Measure measure, Value value, Value other = default) => _measures.Show(measure, value, other);

    public string ListOf(Explanation node) => Measures.Read(node) is MembershipExpression membership
        ? voice.List([.. membership.Items.Select(Item)], Catalog.BetweenWords, Catalog.AmongWords)
        : "";

    public string Top(Explanation node, bool among)
    {
        var share = Measures.Read(node) is CallExpression { Arguments: [_, PercentLiteral percent] } ? Voice.Number(percent.Percent) + "%" : "";
        return voice.Say(among ? Catalog.Functions["top"] : Catalog.NotTop, ("share", share));
    }

    private static Comparison Mirror(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };

    private IEnumerable<Clause> Of(Explanation node, Purpose purpose) => node switch
    {
        { Op: "and" or "or" } => node.DecidingParts().SelectMany(part => Of(part, purpose)),
        { Op: "not", Parts: [var part] } => Of(part, purpose),
        { Op: "move", Parts: [var entered, var kept] } => Of(entered, Purpose.Needed).Concat(Of(kept, Purpose.Told)),
        { Op: "metric", Parts: [{ Op: not ("aggregate" or "path" or "constant") } inner] } => Of(inner, purpose),
        { Op: "in", Parts: [var value] } => [InList(node, _measures.Of(value))],
        { Op: "top", Parts: [var metric, var cut] } => [Ranked(node, _measures.Of(metric), cut.Value)],
        { Op: "call", Parts: [var value] } when node.Text.StartsWith("known(", StringComparison.Ordinal) => [Known(node, _measures.Of(value))],
        { Op: "compare" } when TrackOf(node) is { } track => [InStage(node, track)],
        { Op: "compare" } when Sides(node) is var (left, comparison, right) => [Compared(node, left, comparison, right, purpose)],
        { Op: "path", Text: var text, Value.IsMissing: false } when text.StartsWith("customer.", StringComparison.Ordinal) => [Marked(node)],
        { Op: "metric", Parts: [{ Op: "path" } path] } => Of(path, purpose),
        { Op: "metric" or "aggregate", Value.IsMissing: false } => [new Clause(Plain(_measures.Of(node)))],
        _ => [new Clause(voice.Held(node.Value.IsTrue, node.Text))],
    };

    private string Whole(string fact, IReadOnlyList<string> bounds)
    {
        if (bounds.Count == 0) return fact;
        var notes = voice.List(bounds, Catalog.BetweenFilters, Catalog.AndFilters);
        var close = voice.Say(Catalog.NotedClose);
        return fact.EndsWith(close, StringComparison.Ordinal)
            ? fact[..^close.Length] + voice.Written(Catalog.NotedFurther) + notes + close
            : voice.Say(Catalog.Noted, ("fact", fact), ("notes", notes));
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
    private Clause Coming(Passing passing, Value value, Comparison comparison, Explanation threshold)
    {
        if (value.Magnitude >= 0) return new Clause(Passed(passing, value, comparison));
        var fact = voice.Say(Catalog.Away, ("since", passing.Since), ("at", voice.At(passing.At)), ("was", voice.Was),
            ("duration", voice.Show(value)));
        var bound = voice.Say(Catalog.Comparisons[Mirror(comparison)].Duration, ("value", voice.Show(threshold.Value)));
        return new Clause(fact, threshold.Value.Magnitude < 0 ? bound : null);
    }

    /// <summary>Whether a fact needs no bound beside it, because it says the same.</summary>
    private bool SaysItself(Measure measure, Comparison comparison, Explanation right) => comparison switch
    {
        Comparison.Equal => right.Op == "constant",
        Comparison.Less or Comparison.LessOrEqual when measure.Sort == Sort.Count =>
            measure.Value.Magnitude == 0 && right.Op == "constant" && right.Value.Magnitude <= 1,
        Comparison.Less or Comparison.LessOrEqual when measure.Passing is not null => IsNow(measure.Value),
        Comparison.GreaterOrEqual when measure.Passing is not null => right.Op == "constant" && voice.Show(measure.Value) == voice.Show(right.Value),
        _ => false,
    };

    private string Fact(Measure measure, Comparison comparison, Value threshold)
    {
        if (measure.Counted is { } counted)
            return counted.Say(voice, measure.Value.Magnitude == 0 ? counted.Phrases.None : counted.Phrases.Fact, measure.Value.Magnitude,
                Voice.Number(measure.Value.Magnitude));
        if (measure.Passing is { } passing) return Passed(passing, measure.Value, comparison);
        return voice.Say(measure.Sort == Sort.Time ? Catalog.TimeWas : Catalog.ValueWas, ("noun", measure.Noun), ("was", voice.Was),
            ("value", Show(measure, measure.Value, threshold)));
    }

    private string Passed(Passing passing, Value value, Comparison comparison)
    {
        // Who waits for time to pass is told how much did, be it seconds.
        var isNow = IsNow(value) && (comparison is not (Comparison.Greater or Comparison.GreaterOrEqual) || value.Magnitude == 0);
        if (isNow && passing.Again is { } again)
            return voice.Say(Catalog.JustAgain, ("event", _measures.Events.WithArticle(again)), ("had", voice.Had), ("at", voice.At(passing.At)));
        var isShort = comparison is Comparison.Less or Comparison.LessOrEqual;
        var phrase = (voice.Tense, isNow) switch
        {
            (Tense.Present, true) => Catalog.JustNow,
            (_, true) => Catalog.JustThen,
            (Tense.Past, _) => isShort ? Catalog.OnlyPassed : Catalog.Passed,
            (Tense.Future, _) => isShort ? Catalog.OnlyWillHavePassed : Catalog.WillHavePassed,
            _ => Catalog.Ago,
        };
        return voice.Say(phrase, ("since", passing.Since), ("was", voice.Was), ("at", voice.At(passing.At)), ("duration", voice.Show(value)));
    }

    private static bool IsNow(Value value) => value.Magnitude < Durations.Minute;

    private string For(Purpose purpose, Comparison comparison, string bound) => purpose switch
    {
        Purpose.ToStay when comparison is not (Comparison.Equal or Comparison.NotEqual) => voice.Say(Catalog.ToStay, ("bound", bound)),
        Purpose.Needed when comparison is Comparison.Greater or Comparison.GreaterOrEqual => voice.Say(Catalog.Needed, ("bound", bound)),
        _ => bound,
    };

    /// <summary>What a threshold is made of; null for a constant.</summary>
    private string? Made(Explanation node)
    {
        var threshold = _measures.Of(node);
        if (threshold.IsConstant) return null;
        if (node is not { Op: "*", Parts: [var left, var right] }) return threshold.Noun;
        var (factor, whole) = left.Op == "constant" ? (left, right) : (right, left);
        if (factor.Op != "constant" || factor.Value.Magnitude <= 0 || _measures.Of(whole) is not { IsPlain: true } inner) return threshold.Noun;
        return factor.Value.Magnitude < 1
            ? voice.Say(Catalog.Share, ("share", Voice.Number(factor.Value.Magnitude * 100) + "%"), ("noun", inner.Noun))
            : voice.Say(Catalog.Times, ("factor", Voice.Number(factor.Value.Magnitude)), ("noun", inner.Noun));
    }

    private string Plain(Measure measure) =>
        voice.Say(Catalog.ValueWas, ("noun", measure.Noun), ("was", voice.Was), ("value", Show(measure, measure.Value)));

    private Clause NotKnown(Measure measure) =>
        new(measure.Never ?? voice.Say(Catalog.NotKnown, ("noun", measure.Noun), ("was not", voice.WasNot)));

    /// <summary>The two values of a change in per cent, also of a metric that is one.</summary>
    private (Measure Before, Measure After)? Change(Explanation node) => node switch
    {
        { Op: "metric", Parts: [var inner] } => Change(inner),
        { Op: "call", Parts: [var before, var after] } when node.Text.StartsWith("percent_change(", StringComparison.Ordinal) =>
            (_measures.Of(before), _measures.Of(after)),
        _ => null,
    };

    private Clause Changed(Measure before, Measure after, decimal percent, Comparison comparison, Explanation threshold, Purpose purpose)
    {
        var phrase = percent < 0 ? Catalog.Lower : percent > 0 ? Catalog.Higher : Catalog.Same;
        var fact = voice.Say(phrase, ("before", before.Noun), ("after", after.Noun), ("was", voice.Was),
            ("percent", Voice.Number(Math.Abs(percent), Math.Abs(threshold.Value.Magnitude)) + "%"));
        var asked = threshold.Value.Magnitude;
        if (percent < 0 && asked <= 0) (comparison, asked) = (Mirror(comparison), -asked);
        var bound = voice.Say(Catalog.Comparisons[comparison].Amount, ("value", Voice.Number(asked) + "%"));
        return new Clause(fact, For(purpose, comparison, bound));
    }

    private Clause InList(Explanation node, Measure measure) => measure.Value.IsMissing
        ? NotKnown(measure)
        : new Clause(Plain(measure), voice.Say(node.Value.IsTrue ? Catalog.OneOf : Catalog.NotOneOf, ("list", ListOf(node))));

    private Clause Ranked(Explanation node, Measure measure, Value cut)
    {
        if (cut.IsMissing) return new Clause(voice.Say(Catalog.TopNotYet));
        if (measure.Value.IsMissing) return NotKnown(measure);
        var bound = voice.Say(Catalog.TopFrom, ("top", Top(node, node.Value.IsTrue)), ("value", Show(measure, cut)));
        return new Clause(voice.Say(Catalog.ValueWas, ("noun", measure.Noun), ("was", voice.Was), ("value", Show(measure, measure.Value, cut))),
            bound);
    }

    /// <summary>What a quantile is of, and of how many tiles; null for what is none. Also of a metric that is one.</summary>
    private static (Explanation Ranked, decimal Tiles)? Tile(Explanation node) => node switch
    {
        { Op: "metric", Parts: [var inner] } => Tile(inner),
        { Op: "quantile", Parts: [var ranked, ..] } when Measures.Read(node) is CallExpression { Arguments: [_, NumberLiteral tiles] } =>
            (ranked, tiles.Number),
        _ => null,
    };

    private Clause InGroup(Explanation node, Explanation tile, Explanation ranked, decimal tiles, Comparison comparison, Explanation right, Purpose purpose)
    {
        var (measure, group) = (_measures.Of(ranked), Voice.Number(tile.Value.Magnitude));
        var fact = voice.Say(Catalog.InGroup, ("noun", measure.Noun), ("was", voice.Was), ("value", Show(measure, measure.Value)), ("group", group),
            ("count", Voice.Number(tiles)));
        var asked = node.Value.IsTrue ? comparison : Negate(comparison);
        var saysItself = asked == Comparison.Equal && right.Op == "constant";
        return new Clause(fact, saysItself ? null : Bound(_measures.Of(tile), asked, right, purpose));
    }

    private Clause Marked(Explanation node) => new(voice.Say(node.Value.IsTrue ? Catalog.Marked : Catalog.NotMarked,
        ("were", voice.Were), ("were not", voice.WereNot), ("name", node.Text["customer.".Length..].Replace('_', ' '))));

    private Clause Known(Explanation node, Measure measure)
    {
        if (measure.Value.Type == ValueType.List)
            return new Clause(voice.Say(node.Value.IsTrue ? Catalog.NotEmpty : Catalog.Empty, ("noun", measure.Noun), ("was", voice.Was), ("was not", voice.WasNot)));
        if (!node.Value.IsTrue) return NotKnown(measure);
        return new Clause(measure is { Event: { } name, Sort: Sort.Time }
            ? voice.Say(Catalog.SomeEver, ("had", voice.Had), ("event", _measures.Events.WithArticle(name)))
            : voice.Say(Catalog.Known, ("noun", measure.Noun), ("was", voice.Was)));
    }

    private Clause InStage(Explanation node, string track)
    {
        var stage = node.Parts[0].Value;
        if (stage.IsMissing) return new Clause(voice.Held(false, node.Text));
        var title = voice.Title(track, stage.Text);
        var fact = track == voice.Context.Track || voice.Context.Track is null
            ? voice.Say(Catalog.InStage, ("were", voice.Were), ("stage", title))
            : voice.Say(Catalog.InStageOf, ("were", voice.Were), ("stage", title), ("track", track));
        var asked = StagesOf(node).ToList();
        return new Clause(fact, asked.Contains(title) ? null
            : voice.Say(Catalog.NotInStage, ("stages", voice.List(asked, Catalog.BetweenWords, Catalog.OrWords))));
    }

    private string Item(Expression item) => item switch
    {
        TextLiteral text => voice.Text(text.Text),
        NumberLiteral number => Voice.Number(number.Number),
        _ => RulePrinter.Print(item),
    };
}
