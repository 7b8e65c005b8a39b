using Lifecycle.Domain.Evaluation;

namespace Lifecycle.Wording;

/// <summary>Which parts of a condition made it what it was.</summary>
public static class DecisionWords
{
    /// <summary>Whether a part decided its whole. Of an <c>and</c> that is false only what was false did, of an <c>or</c> that is true only what was
    /// true; a value that was there leaves its <c>default</c> out. Everything else is decided by all that it is made from.</summary>
    public static bool Decides(Explanation whole, int part) => whole.Kind switch
    {
        ExplanationKind.And => whole.Value.IsTrue || !whole.Parts[part].Value.IsTrue,
        ExplanationKind.Or => !whole.Value.IsTrue || whole.Parts[part].Value.IsTrue,
        ExplanationKind.Call when whole.Text.StartsWith("default(", StringComparison.Ordinal) => part == 0 || whole.Parts[0].Value.IsMissing,
        ExplanationKind.Not or ExplanationKind.Compare or ExplanationKind.In or ExplanationKind.Metric or ExplanationKind.Aggregate
            or ExplanationKind.Call or ExplanationKind.Path or ExplanationKind.Constant or ExplanationKind.Top
            or ExplanationKind.Quantile or ExplanationKind.Move or ExplanationKind.CutPoint or ExplanationKind.Plus
            or ExplanationKind.Minus or ExplanationKind.Times or ExplanationKind.DividedBy => true,
    };

    /// <summary>The parts that decided, in order.</summary>
    public static IEnumerable<Explanation> DecidingParts(this Explanation whole) => whole.Parts.Where((_, part) => Decides(whole, part));
}
