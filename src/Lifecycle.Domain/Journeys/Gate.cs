using System.Globalization;
using Lifecycle.Domain.Events;

namespace Lifecycle.Domain.Journeys;

/// <summary>The machine's gate before an action: what the customer's own log and the release say about contacting them now.</summary>
/// <remarks>Delivery has a gate of its own, for what depends on the world outside; its verdict returns as an <see cref="ActionOutcome"/>.</remarks>
internal static class Gate
{
    public static void Request(Moment moment, Enrolment enrolment, int step, Send send)
    {
        var key = KeyOf(moment, enrolment, step);
        if (Objection(moment, send.Channel) is { } because)
        {
            moment.Facts.Add(new ActionWithheld(key, enrolment.Journey, enrolment.Number, step, send.Channel, send.Template, because));
            return;
        }
        Walk.Remember(moment, new Request(key, send.Channel, moment.State.Clock, null));
        moment.Facts.Add(new ActionRequested(key, enrolment.Journey, enrolment.Number, step, send.Channel, send.Template));
    }

    /// <summary>Why the action is held back: <c>history</c>, <c>consent</c>, <c>cap</c>; null to let it through.</summary>
    private static string? Objection(Moment moment, string channel)
    {
        if (moment.Quiet) return "history";
        if (!moment.State.History.Allows(channel)) return "consent";
        foreach (var cap in moment.Release.Caps)
        {
            if (cap.Channel != channel) continue;
            var recent = moment.State.Standing.Requests.Count(request =>
                request.Channel == channel && request.Counts && request.At.After(cap.Window) > moment.State.Clock);
            if (recent >= cap.Requests) return "cap";
        }
        return null;
    }

    private static EventId KeyOf(Moment moment, Enrolment enrolment, int step) => new(StableHash.Of("action", moment.Tenant,
        moment.State.Customer.ToString(), enrolment.Journey, enrolment.Number.ToString(CultureInfo.InvariantCulture), step.ToString(CultureInfo.InvariantCulture)));
}
