using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;

namespace Lifecycle.Domain.Evaluation;

/// <summary>A compiled condition: whether it holds for a reading.</summary>
public delegate bool Test(in Reading reading);

/// <summary>A condition of a release, compiled once, with all that its truth depends on besides time.</summary>
/// <param name="Index">Its place among the release's conditions.</param>
/// <param name="Slots">The aggregates it reads, each once.</param>
/// <param name="Tracks">Tracks whose stage, or the time since it was entered, it reads.</param>
internal sealed record Condition(int Index, Term Term, Test Holds, ImmutableArray<int> Slots, ImmutableArray<string> Tracks,
    bool ReadsAttributes, bool ReadsAge, bool ReadsPoints, bool ReadsCuts)
{
    public static Condition Of(int index, Term term)
    {
        var terms = term.WithParts().ToList();
        var aggregates = terms.OfType<AggregateTerm>().Select(read => read.Aggregate).Distinct().ToList();
        var tracks = terms.OfType<StageIsTerm>().Select(read => read.Track)
            .Concat(terms.OfType<TimeInStageTerm>().Select(read => read.Track))
            .Concat(aggregates.Where(aggregate => aggregate.Window.Kind == WindowKind.Stage).Select(aggregate => aggregate.Window.Scope!));
        return new Condition(index, term, ConditionCompiler.Compile(term), [.. aggregates.Select(aggregate => aggregate.Slot).Distinct()],
            [.. tracks.Distinct()],
            terms.Exists(read => read is AttributeTerm),
                terms.Exists(read => read is AgeTerm or AggregateTerm { Aggregate.Window.Kind: WindowKind.First }),
            terms.Exists(read => read is PointsTerm or PointsNextExpiryTerm or PointsExpiringTerm),
            terms.Exists(read => read is RankedTerm));
    }
}
