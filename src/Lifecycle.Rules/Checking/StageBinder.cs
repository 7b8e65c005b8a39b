using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Binds comparisons of <c>stage</c> and <c>stage.TRACK</c> with stages and groups.</summary>
internal sealed class StageBinder(TermBinder binder)
{
    /// <summary>The track whose stage an expression is, by name; null for any other expression. The name may be one that no track has.</summary>
    public string? TrackOf(Expression expression)
    {
        if (binder.Where is not null || expression is not PathExpression { Names: var names } || names[0] != "stage" || names.Count > 2) return null;
        return names.Count == 2 ? names[1] : binder.Scope.Track ?? "";
    }

    public Term? BindCompare(string track, CompareExpression compare, Expression other, string written)
    {
        var span = compare.Left == other ? compare.Right.Span : compare.Left.Span;
        if (compare.Comparison is not (Comparison.Equal or Comparison.NotEqual))
            return binder.Complain(compare.Span, ErrorCodes.Type,
                $"stages have no order; `{RulePrinter.Sign(compare.Comparison)}` does not compare them", "write `==`, `!=` or `in [a, b]`");
        if (!Exists(track, span) || !MayRead(track, span) || Stages(track, other) is not { } stages) return null;
        return new StageIsTerm(track, [.. stages], compare.Comparison == Comparison.NotEqual, written);
    }

    public Term? BindMembership(string track, MembershipExpression membership, string written)
    {
        if (!Exists(track, membership.Operand.Span) || !MayRead(track, membership.Operand.Span)) return null;
        var stages = membership.Items.Select(item => Stages(track, item)).ToList();
        return stages.Contains(null) ? null : new StageIsTerm(track, [.. stages.SelectMany(some => some!).Distinct()], false, written);
    }

    /// <summary>Notes that a track's stage is read here; false, after a complaint, where it may not be.</summary>
    public bool MayRead(string track, Span span)
    {
        binder.Scope.StagesRead.Add(track);
        if (binder.Scope.MayRead is not { } allowed || allowed.Contains(track)) return true;
        binder.Complain(span, ErrorCodes.Rule, $"this reads the stage of `{track}`, which is listed below this track",
            $"list `{track}` above `{binder.Scope.Track}`: tracks settle in the order in which they are listed");
        return false;
    }

    private bool Exists(string track, Span span)
    {
        if (binder.Names.FindTrack(track) is not null) return true;
        if (track.Length == 0) binder.Complain(span, ErrorCodes.Rule, "there is no track whose stage could be meant", "declare one under `tracks`");
        else binder.Complain(span, ErrorCodes.UnknownName, $"there is no track `{track}`",
            SpellingHint.Hint(track, binder.Names.Tracks.Select(known =>
            known.Name)));
        return false;
    }

    private IReadOnlyList<string>? Stages(string track, Expression expression)
    {
        var name = expression switch
        {
            PathExpression { Names: { Count: 1 } names } => names[0],
            TextLiteral literal => literal.Text,
            _ => null,
        };
        if (name is null)
        {
            binder.Complain(expression.Span, ErrorCodes.Type, "a stage is compared with the name of a stage or a group", "write `stage == decline`");
            return null;
        }
        var known = binder.Names.FindTrack(track)!;
        if (known.Resolve(name) is { Count: > 0 } stages) return stages;
        var elsewhere = binder.Names.Tracks.Find(other => other.Resolve(name).Count > 0);
        binder.Complain(expression.Span, ErrorCodes.UnknownName, $"`{name}` is no stage or group of `{track}`",
            elsewhere is not null ? $"it is one of `{elsewhere.Name}`: write `stage.{elsewhere.Name} == {name}`"
                : SpellingHint.Hint(name, known.All));
        return null;
    }
}
