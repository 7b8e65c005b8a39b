using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Loyalty;

/// <summary>Points and benefits of one customer at one instant.</summary>
internal static class Rewards
{
    /// <summary>Whether some rule of a release gives points for an input, or gave them for what the input refunds.</summary>
    public static bool MayEarn(Release release, Recorded recorded)
    {
        if (release.Points is not { } rules || recorded.Input is not Touchpoint touchpoint) return false;
        var earning = rules.Refunds.GetValueOrDefault(touchpoint.Name, touchpoint.Name);
        foreach (var rule in rules.Earn)
            if (rule.Event == earning) return true;
        return false;
    }

    /// <summary>What an event earns, once, when it comes in, or what a refund takes back. Late events earn too, at the present clock; what is earned
    /// for one that is imported late may have expired already.</summary>
    public static void Earn(InstantEvaluation evaluation, Recorded recorded)
    {
        if (evaluation.Release.Points is not { } rules || recorded.Input is not Touchpoint touchpoint || !MayEarn(evaluation.Release, recorded))
            return;
        var occurrence = new Occurrence(recorded.Id, recorded.OccurredAt, touchpoint.Properties);
        if (rules.Refunds.TryGetValue(touchpoint.Name, out var order))
        {
            TakeBack(evaluation, rules, order, touchpoint.Name, occurrence);
            return;
        }
        var earned = 0m;
        foreach (var rule in rules.Earn)
        {
            if (rule.Event != touchpoint.Name || PointsOf(evaluation, rule, occurrence) is not (not 0 and var points)) continue;
            Book(evaluation, ExpiryOf(evaluation, recorded, rules), points, touchpoint.Name);
            earned = Numbers.Stored(Numbers.Add(earned, points) ?? earned);
        }
        if (earned > 0 && rules.Refunds.Values.Contains(touchpoint.Name) && OrderPoints.Named(touchpoint.Name, occurrence) is { } named)
            Remember(evaluation.State.Decisions.Orders, named, earned, OrderPoints.AmountOf(occurrence, evaluation.Release));
    }

    /// <summary>A refund that names its order takes back what that earned, in proportion; another what an order of as much would earn. It never
    /// earns.</summary>
    private static void TakeBack(InstantEvaluation evaluation, PointsRules rules, string order, string name, Occurrence refund)
    {
        if (OrderPoints.Named(order, refund) is { } named)
        {
            var orders = evaluation.State.Decisions.Orders;
            var index = orders.FindIndex(known => known.Order == named);
            if (index < 0) return;
            var (before, after) = (orders[index], orders[index].After(OrderPoints.AmountOf(refund, evaluation.Release)));
            orders[index] = after;
            if (after.Taken > before.Taken) Book(evaluation, Instants.NeverMilliseconds, Numbers.Stored(before.Taken - after.Taken), name);
            return;
        }
        var mirrored = new Occurrence(refund.Id, refund.OccurredAt, Mirrored(refund.Properties));
        foreach (var rule in rules.Earn)
            if (rule.Event == order && PointsOf(evaluation, rule, mirrored) is > 0 and var points)
                Book(evaluation, Instants.NeverMilliseconds, -points, name);
    }

    /// <summary>What a rule gives for an event; 0 where it is not for it, or gives no number.</summary>
    private static decimal PointsOf(InstantEvaluation evaluation, EarnRule rule, Occurrence occurrence) =>
        rule.Where?.Holds(evaluation.Reading with { Occurrence = occurrence }) != false
        && rule.Points.Evaluate(evaluation.Reading with { Trigger = occurrence }) is { Type: RuleType.Number, Magnitude: var points }
            ? Numbers.Entering(points) ?? 0 : 0;

    private static void Remember(List<OrderPoints> orders, RecordId order, decimal earned, (decimal? Amount, bool ByQuantity) amount)
    {
        var index = orders.FindIndex(known => known.Order == order);
        if (index >= 0)
        {
            orders[index] = orders[index].And(earned, amount);
            return;
        }
        if (orders.Count == OrderPoints.OrdersMax) orders.RemoveAt(0);
        orders.Add(new OrderPoints(order, earned, amount.Amount, amount.ByQuantity));
    }

    /// <summary>Takes away the points whose time is over.</summary>
    public static void Expire(InstantEvaluation evaluation)
    {
        var account = evaluation.State.Decisions.Points;
        if (account.NextExpiry > evaluation.State.Clock.ToUnixTimeMilliseconds()) return;
        var expired = account.Expire(evaluation.State.Clock.ToUnixTimeMilliseconds());
        evaluation.Touch(evaluation.Release.Conditions.ByPoints);
        evaluation.Facts.Add(new PointsExpired(expired, account.Balance));
    }

    /// <summary>Grants what the present stages confer and revokes what none confers any more, once its grace is over.</summary>
    public static void SettleBenefits(InstantEvaluation evaluation)
    {
        var (standing, clock) = (evaluation.State.Decisions, evaluation.State.Clock);
        if (!evaluation.Release.HasBenefits && standing.Benefits.Count == 0) return;
        var conferred = Conferred(evaluation);
        foreach (var (name, by) in conferred)
        {
            if (standing.Benefits.ContainsKey(name)) continue;
            standing.Benefits = standing.Benefits.With(name, new Benefit(clock, by, Instants.Beginning));
            evaluation.Facts.Add(new BenefitGranted(name, by[0].Track, by[0].Stage));
        }
        foreach (var (name, benefit) in standing.Benefits)
        {
            var kept = benefit.With(conferred.TryGetValue(name, out var by) ? by : [], clock);
            standing.Benefits = standing.Benefits.With(name, kept);
            if (kept.Until is not { } until || until > clock) continue;
            standing.Benefits = standing.Benefits.Without(name);
            evaluation.Facts.Add(new BenefitRevoked(name));
        }
    }

    /// <summary>When time alone next changes points or benefits.</summary>
    public static Instant NextChange(CustomerState state)
    {
        var next = Instants.At(state.Decisions.Points.NextExpiry);
        if (state.Decisions.Benefits.Count == 0) return next;
        foreach (var (_, benefit) in state.Decisions.Benefits)
            if (benefit.Until is { } until) next = Instants.Earlier(next, until);
        return next;
    }

    /// <summary>A refund's properties as those of the order that it takes back: revenue and quantity without their sign.</summary>
    private static Properties Mirrored(Properties refund)
    {
        var members = JsonNode.Parse(refund.Json.Span, documentOptions: StoredJson.Parsing)!.AsObject();
        foreach (var name in (ReadOnlySpan<string>)["revenue", "quantity"])
        {
            switch (refund.Get([name]))
            {
                case { Type: RuleType.Number, Magnitude: var amount }:
                    members[name] = Math.Abs(amount);
                    break;
                case { Type: RuleType.Text } text when decimal.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount):
                    members[name] = Math.Abs(amount).ToString(CultureInfo.InvariantCulture);
                    break;
            }
        }
        return refund.WithOpen(Encoding.UTF8.GetBytes(members.ToJsonString()));
    }

    /// <summary>Imported for who is in the present, points expire as if they had been earned when it occurred.</summary>
    private static long ExpiryOf(InstantEvaluation evaluation, Recorded recorded, PointsRules rules)
    {
        var earned = recorded.Imported && evaluation.State.InPresent ? recorded.OccurredAt : evaluation.State.Clock;
        return PointsAccount.ExpiryOf(earned, rules.Expire, evaluation.Release.Zone);
    }

    private static void Book(InstantEvaluation evaluation, long expires, decimal points, string name)
    {
        var account = evaluation.State.Decisions.Points;
        if (points > 0) account.Earn(points, expires);
        else account.TakeBack(-points);
        evaluation.Touch(evaluation.Release.Conditions.ByPoints);
        evaluation.Facts.Add(new PointsEarned(points, account.Balance, name));
    }

    /// <summary>What the present stages confer, by name, each with the stages that do, in the order of their tracks.</summary>
    private static NameDictionary<ImmutableArray<BenefitGrant>> Conferred(InstantEvaluation evaluation)
    {
        var conferred = new NameDictionary<ImmutableArray<BenefitGrant>>();
        foreach (var track in evaluation.Release.Tracks)
        {
            if (evaluation.State.Decisions.In(track.Name) is not { } state || track.Find(state.Stage) is not { } stage) continue;
            foreach (var name in stage.Benefits)
                conferred = conferred.With(name, (conferred.TryGetValue(name, out var by) ? by : [])
                    .Add(new BenefitGrant(track.Name, stage.Name, stage.Grace)));
        }
        return conferred;
    }
}
