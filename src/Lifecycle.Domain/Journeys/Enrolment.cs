using Lifecycle.Domain.Events;
using NodaTime;

namespace Lifecycle.Domain.Journeys;

/// <summary>A customer on their way through a journey.</summary>
/// <param name="Release">The release whose steps it follows to its end.</param>
/// <param name="Input">The number of the customer's last input when it started: what later inputs bring is in this journey, at the same instant
/// too.</param>
/// <param name="NextStep">The step to take at <paramref name="WakeAt"/>.</param>
public sealed record Enrolment(string Journey, int Number, int Release, Instant StartedAt, int Input, int NextStep, Instant WakeAt);

/// <summary>What is remembered of a customer's enrolments in one journey.</summary>
public sealed record Participation(int Count, Instant LastStarted);

/// <summary>An action that was requested, remembered for frequency caps until every cap's window is over.</summary>
public sealed record Request(RecordId Key, string Channel, Instant At, Outcome? Outcome)
{
    /// <summary>A request counts against caps unless it was withheld. Once sent, whatever another endpoint says, it was sent.</summary>
    public bool Counts => Outcome != Lifecycle.Domain.Events.Outcome.Withheld;
}

/// <summary>The customer's last word on being contacted over a channel.</summary>
public sealed record Consent(bool Granted, Instant At);
