using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Tests.Oracle;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Tests;

/// <summary>The engine's facts and values in the oracle's words.</summary>
internal static class Saying
{
    public static List<ModelFact> Of(IEnumerable<RecordedFact> facts) => [.. facts.Select(fact => new ModelFact(fact.Clock, Of(fact.Fact)))];

    private static string Of(Fact fact) => fact switch
    {
        StageChanged moved => $"stage_changed {moved.Track} {moved.From ?? "-"} {moved.To} {(moved.Cause == MoveCause.Time ? "time" : "event")}",
        StageConflict conflict => $"stage_conflict {conflict.Track} {conflict.Stage}",
        PointsEarned earned => $"points_earned {Account.Text(earned.Points)} {Account.Text(earned.Balance)} {earned.Event}",
        PointsExpired expired => $"points_expired {Account.Text(expired.Points)} {Account.Text(expired.Balance)}",
        BenefitGranted granted => $"benefit_granted {granted.Benefit} {granted.Track} {granted.Stage}",
        BenefitRevoked revoked => $"benefit_revoked {revoked.Benefit}",
        _ => fact.ToString(),
    };

    public static string Of(Value value) => value.Type switch
    {
        Lifecycle.Domain.Values.RuleType.Missing => "missing",
        Lifecycle.Domain.Values.RuleType.List => "List " + string.Join("|", value.Items.Select(Of)),
        Lifecycle.Domain.Values.RuleType.Text => "Text " + value.Text,
        _ => $"{value.Type} {(value.Magnitude / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)}",
    };
}
