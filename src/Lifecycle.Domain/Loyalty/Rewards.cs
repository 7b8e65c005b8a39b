using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Rules;
using NodaTime;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Domain.Loyalty;

/// <summary>Points and benefits of one customer at one instant.</summary>
internal static class Rewards
{
    private const string Order = "order_completed", Refund = "order_refunded";

    /// <summary>Whether some rule of a release gives points for an input.</summary>
    public static bool MayEarn(Release release, Recorded recorded)
    {
        if (release.Points is not { } rules || recorded.Input is not Touchpoint touchpoint) return false;
        foreach (var rule in rules.Earn)
            if (IsFor(rule, touchpoint)) return true;
        return false;
    }

    /// <summary>What an event earns, once, when it comes in. Late events earn too, at the present clock; what is earned for one that is imported late may have expired already.</summary>
    public static void Earn(Moment moment, Recorded recorded)
    {
        if (moment.Release.Points is not { } rules || recorded.Input is not Touchpoint touchpoint) return;
        Occurrence? occurrence = null, order = null;
        foreach (var rule in rules.Earn)
        {
            if (!IsFor(rule, touchpoint)) continue;
            // What an order of as much would earn is what its refund takes back, whatever the rule looks like.
            var takesBack = rule.Event == Order && touchpoint.Name == Refund;
            var seen = takesBack ? order ??= new Occurrence(recorded.Id, recorded.OccurredAt, Mirrored(touchpoint.Properties))
                : occurrence ??= new Occurrence(recorded.Id, recorded.OccurredAt, touchpoint.Properties);
            if (rule.Where?.Holds(moment.Reading with { Occurrence = seen }) == false) continue;
            var points = rule.Points.Evaluate(moment.Reading with { Trigger = seen });
            if (points.Type == ValueType.Number && Numbers.Entering(points.Magnitude) is { } earned and not 0)
                Book(moment, ExpiryOf(moment, recorded, rules), takesBack ? -earned : earned, touchpoint.Name);
        }
    }

    /// <summary>Takes away the points whose time is over.</summary>
    public static void Expire(Moment moment)
    {
        var account = moment.State.Standing.Points;
        if (account.NextExpiry > moment.State.Clock.ToUnixTimeMilliseconds()) return;
        var expired = account.Expire(moment.State.Clock.ToUnixTimeMilliseconds());
        moment.Touch(moment.Release.Conditions.ByPoints);
        moment.Facts.Add(new PointsExpired(expired, account.Balance));
    }

    /// <summary>Grants what the present stages confer and revokes what none confers any more, once its grace is over.</summary>
    public static void SettleBenefits(Moment moment)
    {
        var (standing, clock) = (moment.State.Standing, moment.State.Clock);
        if (!moment.Release.HasBenefits && standing.Benefits.Count == 0) return;
        var conferred = Conferred(moment);
        foreach (var (name, by) in conferred)
        {
            if (standing.Benefits.ContainsKey(name)) continue;
            standing.Benefits = standing.Benefits.With(name, new Benefit(clock, by, Instants.Beginning));
            moment.Facts.Add(new BenefitGranted(name, by[0].Track, by[0].Stage));
        }
        foreach (var (name, benefit) in standing.Benefits)
        {
            var kept = benefit.With(conferred.TryGetValue(name, out var by) ? by : [], clock);
            standing.Benefits = standing.Benefits.With(name, kept);
            if (kept.Until is not { } until || until > clock) continue;
            standing.Benefits = standing.Benefits.Without(name);
            moment.Facts.Add(new BenefitRevoked(name));
        }
    }

    /// <summary>When time alone next changes points or benefits.</summary>
    public static Instant NextChange(CustomerState state)
    {
        var next = Instants.At(state.Standing.Points.NextExpiry);
        if (state.Standing.Benefits.Count == 0) return next;
        foreach (var (_, benefit) in state.Standing.Benefits)
            if (benefit.Until is { } until) next = Instants.Earlier(next, until);
        return next;
    }

    private static bool IsFor(EarnRule rule, Touchpoint touchpoint) =>
        rule.Event == touchpoint.Name || (rule.Event == Order && touchpoint.Name == Refund);

    /// <summary>A refund's properties as those of the order that it takes back: the revenue, which is negative, the other way round.</summary>
    private static Properties Mirrored(Properties refund)
    {
        var members = JsonNode.Parse(refund.Json.Span, documentOptions: StoredJson.Parsing)!.AsObject();
        switch (refund.Get(["revenue"]))
        {
            case { Type: ValueType.Number, Magnitude: var amount }:
                members["revenue"] = -amount;
                break;
            case { Type: ValueType.Text } text when decimal.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount):
                members["revenue"] = (-amount).ToString(CultureInfo.InvariantCulture);
                break;
        }
        return refund.WithOpen(Encoding.UTF8.GetBytes(members.ToJsonString()));
    }

    /// <summary>Imported for who is in the present, points expire as if they had been earned when it occurred.</summary>
    private static long ExpiryOf(Moment moment, Recorded recorded, PointsRules rules)
    {
        var earned = recorded.Imported && moment.State.InPresent ? recorded.OccurredAt : moment.State.Clock;
        return PointsAccount.ExpiryOf(earned, rules.Expire, moment.Release.Zone);
    }

    private static void Book(Moment moment, long expires, decimal points, string name)
    {
        var account = moment.State.Standing.Points;
        if (points > 0) account.Earn(points, expires);
        else account.TakeBack(-points);
        moment.Touch(moment.Release.Conditions.ByPoints);
        moment.Facts.Add(new PointsEarned(points, account.Balance, name));
    }

    /// <summary>What the present stages confer, by name, each with the stages that do, in the order of their tracks.</summary>
    private static NameDictionary<ImmutableArray<Conferment>> Conferred(Moment moment)
    {
        var conferred = new NameDictionary<ImmutableArray<Conferment>>();
        foreach (var track in moment.Release.Tracks)
        {
            if (moment.State.Standing.In(track.Name) is not { } standing || track.Find(standing.Stage) is not { } stage) continue;
            foreach (var name in stage.Benefits)
                conferred = conferred.With(name, (conferred.TryGetValue(name, out var by) ? by : []).Add(new Conferment(track.Name, stage.Name, stage.Grace)));
        }
        return conferred;
    }
}
