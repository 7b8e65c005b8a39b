using Lifecycle.Domain.Evaluation;
using NodaTime;

namespace Lifecycle.Domain.Events;

/// <summary>What follows from a customer's inputs. Only the machine makes facts; the set is closed.</summary>
public abstract record Fact
{
    private protected Fact()
    {
    }
}

/// <summary>The customer's stage in one track changed.</summary>
/// <param name="From">Null when the track begins for this customer.</param>
/// <param name="Because">The condition that moved them with every value; null for a beginning and for a stage without a rule.</param>
public sealed record StageChanged(
    string Track, string? From, string To, int Release, MoveCause Cause, RecordId? CauseEvent, Explanation? Because) : Fact;

/// <summary>What made a stage change: an event, the passing of time, the activation of a release, a person.</summary>
public enum MoveCause : byte { Event, Time, Activation, Override }

/// <summary>A move was refused and the track rests: it would have been a second entry to the stage in one settling, or one after the last round of a
/// settling, or time alone had moved the customer too often.</summary>
public sealed record StageConflict(string Track, string Stage) : Fact;

/// <summary>An enrolment began. Numbers count a customer's enrolments in one journey from 1.</summary>
public sealed record JourneyStarted(string Journey, int Enrolment, int Release) : Fact;

/// <summary>An enrolment arrived at a step where it rests. Steps are numbered from 0 in the order they are written.</summary>
public sealed record JourneyMoved(string Journey, int Enrolment, int Step, Instant? Until) : Fact;

/// <summary>An enrolment ended: it was <c>completed</c>, its exit held (<c>exit</c>), or its release is gone (<c>withdrawn</c>).</summary>
public sealed record JourneyEnded(string Journey, int Enrolment, string Because) : Fact;

/// <summary>A journey's step asks Delivery for something.</summary>
/// <param name="Key">The idempotency key of the delivery, for ever.</param>
public sealed record ActionRequested(RecordId Key, string Journey, int Enrolment, int Step, string Channel, string Template) : Fact;

/// <summary>The machine's gate held an action back: <c>consent</c> or <c>cap</c>.</summary>
public sealed record ActionWithheld(RecordId Key, string Journey, int Enrolment, int Step, string Channel, string Template, string Because) : Fact;

/// <summary>Points were earned, or taken back by a refund. Numbers are in the form of <see cref="Values.Numbers.Stored"/>.</summary>
/// <param name="Points">Below zero for what was taken back.</param>
/// <param name="Balance">After it; below zero for a debt.</param>
/// <param name="Event">The event that a rule gives or takes them for.</param>
public sealed record PointsEarned(decimal Points, decimal Balance, string Event) : Fact;

/// <summary>Points reached the end of their time.</summary>
public sealed record PointsExpired(decimal Points, decimal Balance) : Fact;

/// <summary>A stage confers a benefit that the customer did not have.</summary>
public sealed record BenefitGranted(string Benefit, string Track, string Stage) : Fact;

/// <summary>No stage confers the benefit any more, and its grace is over.</summary>
public sealed record BenefitRevoked(string Benefit) : Fact;

/// <summary>Another version of the engine begins to judge: all that the version before has decided of the customer. A replay begins here, for by this
/// version's meaning the inputs before might give something else.</summary>
/// <param name="State">What <see cref="States.StateCodec.WriteDecided"/> writes, in base64.</param>
public sealed record DecisionsKept(string State) : Fact;

/// <summary>What one customer's machine has to say to another's; carried over and appended there as an input.</summary>
/// <param name="To">The other customer's id.</param>
public sealed record CarriedOver(string To, Input Input, int Hops) : Fact;

/// <summary>Something was not carried over because it had already been carried <see cref="CustomerMachine.HopsMax"/> times.</summary>
public sealed record CarryRefused(string To, int Hops) : Fact;

/// <summary>A fact with its place among all that followed from one cause.</summary>
/// <param name="Clock">The customer's clock when it came true.</param>
/// <param name="Cause">The input's id, or a hash of the instant when time alone was the cause.</param>
/// <param name="Ordinal">From 0, counting the facts of one cause.</param>
/// <param name="Id">A hash of customer, cause and ordinal.</param>
public sealed record RecordedFact(RecordId Id, Instant Clock, RecordId Cause, int Ordinal, Fact Fact);
