using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Values;
using Lifecycle.Wording;

namespace Lifecycle.Projections.Tests.Wording;

/// <summary>Which part of a condition made it what it was.</summary>
public sealed class DecidingTests
{
    private static readonly Explanation Yes = Explanation.Leaf(ExplanationKind.Compare, "yes", Value.True), No = Explanation.Leaf(ExplanationKind.Compare, "no", Value.False);

    [Fact]
    public void All_parts_decide_an_and_that_is_true() => Assert.Equal([Yes, Yes], Junction(ExplanationKind.And, true, Yes, Yes).DecidingParts());

    [Fact]
    public void What_is_false_decides_an_and_that_is_false() => Assert.Equal([No, No], Junction(ExplanationKind.And, false, No, Yes, No).DecidingParts());

    [Fact]
    public void What_is_true_decides_an_or_that_is_true() => Assert.Equal([Yes], Junction(ExplanationKind.Or, true, No, Yes).DecidingParts());

    [Fact]
    public void All_parts_decide_an_or_that_is_false() => Assert.Equal([No, No], Junction(ExplanationKind.Or, false, No, No).DecidingParts());

    [Fact]
    public void What_is_missing_counts_as_false()
    {
        var missing = Explanation.Leaf(ExplanationKind.Path, "missing", Value.Missing);
        Assert.Equal([missing], Junction(ExplanationKind.And, false, Yes, missing).DecidingParts());
    }

    [Fact]
    public void Both_thresholds_decide_a_move_back() => Assert.Equal([Yes, No], Junction(ExplanationKind.Move, true, Yes, No).DecidingParts());

    [Fact]
    public void A_default_decides_only_where_it_is_needed()
    {
        var (known, missing) = (Explanation.Leaf(ExplanationKind.Path, "a", Value.Of(1m)), Explanation.Leaf(ExplanationKind.Path, "a", Value.Missing));
        var fallback = Explanation.Leaf(ExplanationKind.Path, "b", Value.Of(2m));
        Assert.Equal([known], new Explanation(ExplanationKind.Call, "default(a, b)", known.Value, [known, fallback], []).DecidingParts());
        Assert.Equal([missing, fallback], new Explanation(ExplanationKind.Call, "default(a, b)", fallback.Value, [missing, fallback], []).DecidingParts());
    }

    private static Explanation Junction(ExplanationKind kind, bool truth, params Explanation[] parts) => new(kind, kind.Word(), Value.Of(truth), [.. parts], []);
}
