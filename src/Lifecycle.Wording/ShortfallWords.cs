using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Wording;

/// <summary>Tells what a condition lacks: "2 more purchases", "in 4 days, if no session".</summary>
internal sealed class ShortfallWords(Renderer renderer)
{
    private readonly Clauses _clauses = new(renderer);

    /// <summary>What would have to be for a condition to hold; empty where it holds.</summary>
    public string Of(Explanation node) => Of(node, wanted: true) ?? "";

    /// <param name="wanted">Whether it should hold or not hold.</param>
    private string? Of(Explanation node, bool wanted)
    {
        if (node.Value.IsTrue == wanted) return null;
        switch (node)
        {
            case { Kind: ExplanationKind.And or ExplanationKind.Or }:
                var parts = node.Parts.Select(part => Of(part, wanted)).OfType<string>().Distinct().ToList();
                return renderer.List(parts, PhraseCatalog.Between, node.Kind == ExplanationKind.And == wanted ? PhraseCatalog.And : PhraseCatalog.Or);
            case { Kind: ExplanationKind.Not, Parts: [var part] }:
                return Of(part, !wanted);
            case { Kind: ExplanationKind.Metric,
                Parts: [{ Kind: not (ExplanationKind.Aggregate or ExplanationKind.Path or ExplanationKind.Constant) } inner] }:
                return Of(inner, wanted);
            case { Kind: ExplanationKind.In, Parts: [var value] }:
                return renderer.Say(PhraseCatalog.ToBe, ("noun", _clauses.Measured(value).Noun),
                    ("bound", renderer.Say(wanted ? PhraseCatalog.OneOf : PhraseCatalog.NotOneOf, ("list", _clauses.ListOf(node)))));
            case { Kind: ExplanationKind.Top }:
                return renderer.Say(PhraseCatalog.ToBeTop, ("top", _clauses.Top(node, wanted)));
            case { Kind: ExplanationKind.Call, Parts: [var value] } when wanted && node.Text.StartsWith("known(", StringComparison.Ordinal):
                return Unknown(_clauses.Measured(value));
            case { Kind: ExplanationKind.Compare } when Clauses.TrackOf(node) is not null:
                var isIn = Measures.Read(node) is not CompareExpression { Comparison: Comparison.NotEqual } == wanted;
                return renderer.Say(isIn ? PhraseCatalog.ToBeIn : PhraseCatalog.ToBeOutOf,
                    ("stages", renderer.List([.. _clauses.StagesOf(node)], PhraseCatalog.BetweenWords, PhraseCatalog.OrWords)));
            case { Kind: ExplanationKind.Compare } when Clauses.Sides(node) is var (left, comparison, right):
                return Compared(left, wanted ? comparison : Clauses.Negate(comparison), right);
            default:
                return renderer.Say(wanted ? PhraseCatalog.ToHold : PhraseCatalog.ToHoldNot, ("rule", node.Text));
        }
    }

    private string Compared(Explanation left, Comparison comparison, Explanation right)
    {
        var measure = _clauses.Measured(left);
        if (left is { Kind: ExplanationKind.Path, Value.IsMissing: true } && right.Kind == ExplanationKind.Constant) return ToBe();
        if (left.Value.IsMissing) return Unknown(measure);
        if (right.Value.IsMissing) return Unknown(_clauses.Measured(right));
        if (Numbers.Subtract(right.Value.Magnitude, left.Value.Magnitude) is not { } lacking) return ToBe();
        return measure switch
        {
            { Counted: { } counted } when Whole(comparison, lacking) is { } count && left.Value.Magnitude + count >= 0 =>
                counted.WithoutEver.Say(renderer,
                count > 0 ? counted.Phrases.More : counted.Phrases.Fewer, Math.Abs(count), Renderer.Number(Math.Abs(count))),
            { Passing: { } passing } when comparison is Comparison.Greater or Comparison.GreaterOrEqual => passing.Again is { } again
                ? renderer.Say(PhraseCatalog.InTimeWithout, ("duration", Time()), ("event", again))
                : renderer.Say(PhraseCatalog.InTime, ("duration", Time())),
            { Passing.Again: { } again } when comparison is Comparison.Less or Comparison.LessOrEqual =>
                renderer.Say(PhraseCatalog.ANew, ("event", again)),
            { Kind: ValueKind.Amount } when comparison is not (Comparison.Equal or Comparison.NotEqual) && lacking != 0
                && !IsChange(left) =>
                renderer.Say(lacking > 0 ? PhraseCatalog.HigherBy : PhraseCatalog.LowerBy, ("noun", measure.Noun),
                    ("value", _clauses.Show(measure, left.Value.With(Math.Abs(lacking))))),
            _ => ToBe(),
        };

        string ToBe() => renderer.Say(PhraseCatalog.ToBe, ("noun", measure.Noun), ("bound", _clauses.Bound(measure, comparison, right)));
        string Time() => renderer.Wait((long)decimal.Floor(Math.Max(lacking, Durations.Second)));
    }

    /// <summary>How many more, or fewer if below zero, a whole number would have to be; null where that is not a matter of more or fewer.</summary>
    private static decimal? Whole(Comparison comparison, decimal lacking) => comparison switch
    {
        Comparison.GreaterOrEqual => decimal.Ceiling(lacking),
        Comparison.Greater => Numbers.Add(decimal.Floor(lacking), 1),
        Comparison.LessOrEqual => decimal.Floor(lacking),
        Comparison.Less => Numbers.Subtract(decimal.Ceiling(lacking), 1),
        Comparison.Equal when lacking == decimal.Truncate(lacking) => lacking,
        Comparison.Equal or Comparison.NotEqual => null,
    };

    private static bool IsChange(Explanation node) => node switch
    {
        { Kind: ExplanationKind.Metric, Parts: [var inner] } => IsChange(inner),
        _ => node.Text.StartsWith("percent_change(", StringComparison.Ordinal),
    };

    private string Unknown(Measure measure) => measure.Event is { } name
        ? renderer.Say(PhraseCatalog.AFirst, ("event", _clauses.WithArticle(name)))
        : renderer.Say(PhraseCatalog.ToBeKnown, ("noun", measure.Noun));
}
