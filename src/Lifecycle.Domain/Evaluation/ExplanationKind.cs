using System.Collections.Frozen;

namespace Lifecycle.Domain.Evaluation;

/// <summary>What a node of an explanation stands for. The set is closed.</summary>
public enum ExplanationKind : byte
{
    And, Or, Not, Compare, In, Metric, Aggregate, Call, Path, Constant, Top, Quantile,

    /// <summary>A threshold that held together with one that did not keep the customer any more.</summary>
    Move,

    /// <summary>A cut point that the tenant's customers gave.</summary>
    CutPoint,

    Plus, Minus, Times, DividedBy,
}

/// <summary>The words of <see cref="ExplanationKind"/> in the log and in answers: <c>op</c>.</summary>
public static class ExplanationKinds
{
    private static readonly FrozenDictionary<string, ExplanationKind> Kinds = Enum.GetValues<ExplanationKind>().ToFrozenDictionary(Word);

    /// <summary>The word of a kind: <c>compare</c>, <c>+</c>.</summary>
    public static string Word(this ExplanationKind kind) => kind switch
    {
        ExplanationKind.And => "and",
        ExplanationKind.Or => "or",
        ExplanationKind.Not => "not",
        ExplanationKind.Compare => "compare",
        ExplanationKind.In => "in",
        ExplanationKind.Metric => "metric",
        ExplanationKind.Aggregate => "aggregate",
        ExplanationKind.Call => "call",
        ExplanationKind.Path => "path",
        ExplanationKind.Constant => "constant",
        ExplanationKind.Top => "top",
        ExplanationKind.Quantile => "quantile",
        ExplanationKind.Move => "move",
        ExplanationKind.CutPoint => "cut",
        ExplanationKind.Plus => "+",
        ExplanationKind.Minus => "-",
        ExplanationKind.Times => "*",
        ExplanationKind.DividedBy => "/",
    };

    /// <summary>The kind of a word.</summary>
    /// <exception cref="FormatException">There is no such word.</exception>
    public static ExplanationKind Of(string word) =>
        Kinds.TryGetValue(word, out var kind) ? kind : throw new FormatException($"No node of an explanation is called '{word}'.");
}
