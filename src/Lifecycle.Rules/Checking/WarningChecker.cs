using Lifecycle.Domain;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Stages;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Points out what is legal and surely not meant. It warns only of what is so for every customer.</summary>
internal sealed class WarningChecker(Diagnostics warnings)
{
    public void Check(DefinitionSyntax definition, Release release)
    {
        foreach (var (name, _) in definition.Events)
            if (name.Text.Length > 0 && NameTable.StoredName(name.Text, release.Contract.Names) is var stored && stored != name.Text)
                warnings.Add(name, ErrorCodes.Warning, $"`{TermBinder.Shorten(name.Text)}` comes in as `{TermBinder.Shorten(stored)}`",
                    $"write `{stored}`");
        foreach (var (written, track) in definition.Tracks.Zip(release.Tracks)) Track(written, track);
    }

    private void Track(TrackSyntax written, Track track)
    {
        foreach (var (text, stage) in written.Stages.Zip(track.Stages))
        {
            Truths(text.When, stage.When);
            Truths(text.Keep, stage.Keep);
            if (stage.When is { } when && (stage.From is not { } from || from.Contains(track.First.Name))) MissingSides(text.When!, when);
            if (track.Stages.Length > 1) Ways(text, stage, track);
        }
    }

    /// <summary>Where customers go from a stage.</summary>
    private void Ways(StageSyntax written, Stage stage, Track track)
    {
        var next = track.Stages.Where(other => other.When is not null && other.MayFollow(stage)).ToList();
        if (next.Count == 0)
            warnings.Add(written.Name, ErrorCodes.Warning, $"nobody can leave `{stage.Name}`: no stage with a `when` may follow it",
                track.First.When is null && track.First.From is null && stage.Index > 0 ? BackTo(track.First)
                    : "see `from` and `when` of the other stages");
        else if (track.First.When is null && stage.Index > 0 && stage.Keeping is { } keeping && SilenceAnalysis.Holds(keeping) == false
            && !next.Exists(other => other.Index < stage.Index) && next.TrueForAll(other => SilenceAnalysis.Holds(other.When!) == false))
            warnings.Add(written.Name, ErrorCodes.Warning,
                $"who no longer qualifies for `{stage.Name}` stays in it: `{track.First.Name}` has no `when`, so nobody comes back to it",
                    BackTo(track.First));
    }

    private static string BackTo(Stage first) => $"give `{first.Name}` a `when` that says who belongs there, such as `when: points < 1000`";

    /// <summary>A condition, and each of its parts, that always holds or never does. One that is written as <c>true</c> or <c>false</c> is
    /// meant.</summary>
    private void Truths(RuleText? text, Term? term)
    {
        if (text is null || term is null or ConstantTerm) return;
        foreach (var part in term.WithParts())
        {
            if (Truth(part) is not { } holds) continue;
            warnings.Add(text, Place(text, part), ErrorCodes.Warning,
                $"`{TermBinder.Shorten(part.Text)}` {(holds ? "holds for everybody at any time" : "never holds")}",
                    "see its sides: is another threshold meant?");
            return;
        }
    }

    private static bool? Truth(Term term)
    {
        switch (term)
        {
            case CompareTerm compare:
                var holds = Bounds.Holds(Bounds.Of(compare.Parts[0]), compare.Comparison, Bounds.Of(compare.Parts[1]));
                return holds == true && compare.Parts.Any(MayBeMissing) ? null : holds;
            case JunctionTerm { All: true } junction:
                var byTerm = junction.Parts.OfType<CompareTerm>().Where(compare => compare.Parts[1] is ConstantTerm)
                    .GroupBy(compare => compare.Parts[0].Text);
                return byTerm.Any(same => same.Any(one => same.Any(other => one != other
                    && Bounds.Holds(Of(one), other.Comparison, Bounds.Of(other.Parts[1])) == false))) ? false : null;
            default:
                return null;
        }
    }

    private static Bounds Of(CompareTerm compare) =>
        ((ConstantTerm)compare.Parts[1]).Value is { Type: Lifecycle.Domain.Values.RuleType.Number or Lifecycle.Domain.Values.RuleType.Duration,
        Magnitude: var constant }
            ? Bounds.By(compare.Comparison, constant) : Bounds.None;

    private static bool MayBeMissing(Term term) => term switch
    {
        ConstantTerm or AgeTerm or PointsExpiringTerm => false,
        AggregateTerm { Aggregate.Kind: var kind } when AggregateRegistry.Of(kind).Counts => false,
        MetricTerm or NegateTerm => MayBeMissing(term.Parts[0]),
        _ => true,
    };

    /// <summary>For who never did it, "long ago" is not true but missing, and so they never enter.</summary>
    private void MissingSides(RuleText text, Term condition)
    {
        foreach (var part in condition.WithParts())
        {
            if (part is not CompareTerm { Comparison: Comparison.Greater or Comparison.GreaterOrEqual, Parts: [var left, ConstantTerm] }
                || Inner(left) is not SinceTerm since
                    || Inner(since.Parts[0]) is not AggregateTerm { Aggregate: { Kind: AggregateKind.Last } last }
                    || last.OverFacts
                || last.Window.Kind != WindowKind.Always || IsAskedFor(last, condition)) continue;
            warnings.Add(text, Place(text, part), ErrorCodes.Warning,
                $"`{TermBinder.Shorten(part.Text)}` is never true of who never did that, for `{TermBinder.Shorten(last.Text)}` is missing then",
                $"write `default({TermBinder.Shorten(left.Text)}, age)`, or ask for `count({string.Join(", ", last.Events)}) >= 1` beside it");
        }
    }

    /// <summary>The same condition asks in another way whether there was such an event.</summary>
    private static bool IsAskedFor(Aggregate last, Term condition) => condition.WithParts().Any(part => part is KnownTerm)
        || condition.WithParts().OfType<AggregateTerm>().Any(other => other.Aggregate != last && other.Aggregate.Events.Any(last.Events.Contains));

    private static Term Inner(Term term) => term is MetricTerm metric ? Inner(metric.Metric.Term) : term;

    /// <summary>Where a part stands in the rule, if it is written there as it is printed; else the whole rule.</summary>
    private static Span Place(RuleText text, Term part) =>
        text.Text.IndexOf(part.Text, StringComparison.Ordinal) is >= 0 and var at ? new Span(at, part.Text.Length) : text.All;
}
