using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Projections;

/// <summary>Tells what a condition lacks: "2 more purchases", "in 4 days, if no session".</summary>
internal sealed class Shortfalls(Voice voice)
{
    private readonly Clauses _clauses = new(voice);

    /// <summary>What would have to be for a condition to hold; empty where it holds.</summary>
    public string Of(Explanation node) => Of(node, wanted: true) ?? "";

    /// <param name="wanted">Whether it should hold or not hold.</param>
    private string? Of(Explanation node, bool wanted)
    {
        if (node.Value.IsTrue == wanted) return null;
        switch (node)
        {
            case { Op: "and" or "or" }:
                var parts = node.Parts.Select(part => Of(part, wanted)).OfType<string>().Distinct().ToList();
                return voice.List(parts, Catalog.Between, node.Op == "and" == wanted ? Catalog.And : Catalog.Or);
            case { Op: "not", Parts: [var part] }:
                return Of(part, !wanted);
            case { Op: "metric", Parts: [{ Op: not ("aggregate" or "path" or "constant") } inner] }:
                return Of(inner, wanted);
            case { Op: "in", Parts: [var value] }:
                return voice.Say(Catalog.ToBe, ("noun", _clauses.Measured(value).Noun),
                    ("bound", voice.Say(wanted ? Catalog.OneOf : Catalog.NotOneOf, ("list", _clauses.ListOf(node)))));
            case { Op: "top" }:
                return voice.Say(Catalog.ToBeTop, ("top", _clauses.Top(node, wanted)));
            case { Op: "call", Parts: [var value] } when wanted && node.Text.StartsWith("known(", StringComparison.Ordinal):
                return Unknown(_clauses.Measured(value));
            case { Op: "compare" } when Clauses.TrackOf(node) is not null:
                var isIn = Measures.Read(node) is not CompareExpression { Comparison: Comparison.NotEqual } == wanted;
                return voice.Say(isIn ? Catalog.ToBeIn : Catalog.ToBeOutOf,
                    ("stages", voice.List([.. _clauses.StagesOf(node)], Catalog.BetweenWords, Catalog.OrWords)));
            case { Op: "compare" } when Clauses.Sides(node) is var (left, comparison, right):
                return Compared(left, wanted ? comparison : Clauses.Negate(comparison), right);
            default:
                return voice.Say(wanted ? Catalog.ToHold : Catalog.ToHoldNot, ("rule", node.Text));
        }
    }

    private string Compared(Explanation left, Comparison comparison, Explanation right)
    {
        var measure = _clauses.Measured(left);
        if (left is { Op: "path", Value.IsMissing: true } && right.Op == "constant") return ToBe();
        if (left.Value.IsMissing) return Unknown(measure);
        if (right.Value.IsMissing) return Unknown(_clauses.Measured(right));
        if (Numbers.Subtract(right.Value.Magnitude, left.Value.Magnitude) is not { } lacking) return ToBe();
        return measure switch
        {
            { Counted: { } counted } when Whole(comparison, lacking) is { } count && left.Value.Magnitude + count >= 0 => counted.WithoutEver.Say(voice,
                count > 0 ? counted.Phrases.More : counted.Phrases.Fewer, Math.Abs(count), Voice.Number(Math.Abs(count))),
            { Passing: { } passing } when comparison is Comparison.Greater or Comparison.GreaterOrEqual => passing.Again is { } again
                ? voice.Say(Catalog.InTimeWithout, ("duration", Time()), ("event", again))
                : voice.Say(Catalog.InTime, ("duration", Time())),
            { Passing.Again: { } again } when comparison is Comparison.Less or Comparison.LessOrEqual => voice.Say(Catalog.ANew, ("event", again)),
            { Sort: Sort.Amount } when comparison is not (Comparison.Equal or Comparison.NotEqual) && lacking != 0 && !IsChange(left) =>
                voice.Say(lacking > 0 ? Catalog.HigherBy : Catalog.LowerBy, ("noun", measure.Noun),
                    ("value", _clauses.Show(measure, left.Value.With(Math.Abs(lacking))))),
            _ => ToBe(),
        };

        string ToBe() => voice.Say(Catalog.ToBe, ("noun", measure.Noun), ("bound", _clauses.Bound(measure, comparison, right)));
        string Time() => voice.Wait((long)decimal.Floor(Math.Max(lacking, Durations.Second)));
    }

    /// <summary>How many more, or fewer if below zero, a whole number would have to be; null where that is not a matter of more or fewer.</summary>
    private static decimal? Whole(Comparison comparison, decimal lacking) => comparison switch
    {
        Comparison.GreaterOrEqual => decimal.Ceiling(lacking),
        Comparison.Greater => Numbers.Add(decimal.Floor(lacking), 1),
        Comparison.LessOrEqual => decimal.Floor(lacking),
        Comparison.Less => Numbers.Subtract(decimal.Ceiling(lacking), 1),
        Comparison.Equal when lacking == decimal.Truncate(lacking) => lacking,
        _ => null,
    };

    private static bool IsChange(Explanation node) => node switch
    {
        { Op: "metric", Parts: [var inner] } => IsChange(inner),
        _ => node.Text.StartsWith("percent_change(", StringComparison.Ordinal),
    };

    private string Unknown(Measure measure) => measure.Event is { } name
        ? voice.Say(Catalog.AFirst, ("event", _clauses.WithArticle(name)))
        : voice.Say(Catalog.ToBeKnown, ("noun", measure.Noun));
}
