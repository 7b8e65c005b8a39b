using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Rules.Syntax;

namespace Lifecycle.Domain.Rules.Checking;

/// <summary>Checks how points are earned and when they expire.</summary>
internal sealed class PointsChecker(ReleaseNames names)
{
    private readonly RuleBinder _rules = new(names);

    public PointsRules? Check(PointsSyntax? points)
    {
        if (points is null) return null;
        if (points.Earn.Count == 0 && names.IsComplete)
            names.Complaints.Add(points.Section, ErrorCodes.Rule, "`points` needs `earn`: without it nobody would ever have any",
                "write `earn:` and below it `- event: order_completed` with `points: …`");
        if (points.Earn.Count > Limits.EarnRules)
            names.Complaints.Add(points.Earn[Limits.EarnRules].Event, ErrorCodes.Limit, $"more than {Limits.EarnRules} rules of earning points");
        var earn = points.Earn.Select(Earn).OfType<EarnRule>().ToList();
        var expire = _rules.Milliseconds(points.Expire);
        if (expire <= 0) names.Complaints.Add(points.Expire!, ErrorCodes.Rule, "points that expire at once are never there");
        return new PointsRules([.. earn], expire);
    }

    private EarnRule? Earn(EarnSyntax earn)
    {
        if (!IsEvent(earn.Event)) return null;
        var properties = WhereScope.Of(names, new EventChoice([new NamedEvent(earn.Event.Text)]));
        var track = names.Tracks.FirstOrDefault()?.Name;
        var where = _rules.Condition(earn.Where, new Scope(track), "`where`", properties);
        var points = _rules.Number(earn.Points, new Scope(track) { Trigger = properties }, "`points`");
        return points is null || (where is null && earn.Where is not null) ? null : new EarnRule(earn.Event.Text, where, points);
    }

    /// <summary>Points follow from what customers do, so that earning can never feed itself.</summary>
    private bool IsEvent(RuleText name)
    {
        var known = new EventNames(names);
        if (EventNames.IsFact(name.Text))
            names.Complaints.Add(name, ErrorCodes.Rule, $"`{name.Text}` is a fact, and points are earned for what customers do",
                "name an event that is sent, such as `order_completed`");
        else if (!known.IsTouchpoint(name.Text))
            names.Complaints.Add(name, ErrorCodes.UnknownName, EventNames.Unknown(name.Text), known.Hint(name.Text));
        else return true;
        return false;
    }
}
