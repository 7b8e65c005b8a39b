using System.Collections.Frozen;
using Lifecycle.Domain.Loyalty;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Checks how points are earned and when they expire.</summary>
internal sealed class PointsChecker(ReleaseNames names)
{
    private readonly RuleBinder _rules = new(names);
    private readonly Dictionary<string, string> _refunds = new(PointsRules.BuiltInRefunds);

    public PointsRules? Check(PointsSyntax? points, EquatableList<Declared> refunds)
    {
        foreach (var (refund, refunded) in refunds) Refund(refund, refunded, refunds, points is not null);
        if (refunds.Count > Limits.Refunds)
            names.Complaints.Add(refunds[Limits.Refunds].Name, ErrorCodes.Limit, $"more than {Limits.Refunds} refunds");
        if (points is null) return null;
        foreach (var (refund, refunded) in refunds) _refunds.TryAdd(refund.Text, refunded.Text);
        if (points.Earn.Count == 0 && names.IsComplete)
            names.Complaints.Add(points.Section, ErrorCodes.Rule, "`points` needs `earn`: without it nobody would ever have any",
                "write `earn:` and below it `- event: order_completed` with `points: …`");
        if (points.Earn.Count > Limits.EarnRules)
            names.Complaints.Add(points.Earn[Limits.EarnRules].Event, ErrorCodes.Limit, $"more than {Limits.EarnRules} rules of earning points");
        var earn = points.Earn.Select(Earn).OfType<EarnRule>().ToList();
        var expire = _rules.Milliseconds(points.Expire);
        if (expire <= 0) names.Complaints.Add(points.Expire!, ErrorCodes.Rule, "points that expire at once are never there");
        return new PointsRules([.. earn], expire) { Refunds = _refunds.ToFrozenDictionary() };
    }

    /// <summary>A refund takes points back that its order earned, so both are sent and neither is the other.</summary>
    private void Refund(RuleText refund, RuleText refunded, EquatableList<Declared> all, bool hasPoints)
    {
        if (PointsRules.BuiltInRefunds.TryGetValue(refund.Text, out var order))
            names.Complaints.Add(refund, ErrorCodes.Rule, $"`{refund.Text}` refunds `{order}` already", "leave it out here");
        else if (!hasPoints)
            names.Complaints.Add(refund, ErrorCodes.Rule, "a refund takes points back, and the definition has no section `points`");
        else if (IsEvent(refund) && IsEvent(refunded)
            && (PointsRules.BuiltInRefunds.ContainsKey(refunded.Text) || all.Any(other => other.Name.Text == refunded.Text)))
            names.Complaints.Add(refunded, ErrorCodes.Rule, $"`{refunded.Text}` is a refund itself, and earns nothing that could be taken back",
                "name the event that earns, as in `{ coffee_refunded: coffee_bought }`");
    }

    private EarnRule? Earn(EarnSyntax earn)
    {
        if (!IsEvent(earn.Event)) return null;
        if (_refunds.TryGetValue(earn.Event.Text, out var refunded))
        {
            names.Complaints.Add(earn.Event, ErrorCodes.Rule,
                $"`{earn.Event.Text}` is a refund of `{refunded}` and takes back what that earned, so nothing is earned for it",
                    "leave the rule out");
            return null;
        }
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
