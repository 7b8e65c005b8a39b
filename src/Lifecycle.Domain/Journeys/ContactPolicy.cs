using System.Globalization;
using Lifecycle.Domain.Events;

namespace Lifecycle.Domain.Journeys;

/// <summary>The machine's gate before an action: what the customer's own log and the release say about contacting them now.</summary>
/// <remarks>Delivery has a gate of its own, for what depends on the world outside; its verdict returns as an <see cref="ActionOutcome"/>.</remarks>
internal static class ContactPolicy
{
    public static void Request(InstantEvaluation evaluation, Enrolment enrolment, int step, Send send)
    {
        var key = KeyOf(evaluation, enrolment, step);
        if (Objection(evaluation, send.Channel) is { } because)
        {
            evaluation.Facts.Add(new ActionWithheld(key, enrolment.Journey, enrolment.Number, step, send.Channel, send.Template, because));
            return;
        }
        JourneyRunner.Remember(evaluation, new Request(key, send.Channel, evaluation.State.Clock, null));
        evaluation.Facts.Add(new ActionRequested(key, enrolment.Journey, enrolment.Number, step, send.Channel, send.Template));
    }

    /// <summary>Why the action is held back: <c>history</c>, <c>consent</c>, <c>cap</c>; null to let it through.</summary>
    private static string? Objection(InstantEvaluation evaluation, string channel)
    {
        if (evaluation.Quiet) return "history";
        if (!evaluation.State.History.Allows(channel)) return "consent";
        foreach (var cap in evaluation.Release.Caps)
        {
            if (cap.Channel != channel) continue;
            var recent = evaluation.State.Decisions.Requests.Count(request =>
                request.Channel == channel && request.Counts && request.At.After(cap.Window) > evaluation.State.Clock);
            if (recent >= cap.Requests) return "cap";
        }
        return null;
    }

    private static RecordId KeyOf(InstantEvaluation evaluation, Enrolment enrolment, int step) => new(StableHash.Of("action", evaluation.Tenant,
        evaluation.State.Customer.ToString(), enrolment.Journey, enrolment.Number.ToString(CultureInfo.InvariantCulture),
            step.ToString(CultureInfo.InvariantCulture)));
}
