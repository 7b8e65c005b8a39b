using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using NodaTime;

namespace Lifecycle.Domain.Journeys;

/// <summary>Moves a customer's enrolments through one settling: exits first, then steps that are due, then what the settling sets off.</summary>
internal static class Walk
{
    /// <summary>As many enrolments as one customer has at a time; what would exceed it does not start.</summary>
    private const int EnrolmentsMax = 64;

    /// <summary>A release may bring caps that look back as far as this, so that requests are remembered as long whatever the present ones ask for.</summary>
    private const long RememberedFor = 30 * Durations.Day;

    /// <param name="before">The stage in each of the release's tracks where the settling began.</param>
    public static void Go(Moment moment, IReadOnlyList<string?> before)
    {
        var enrolments = moment.State.Standing.Enrolments;
        if (enrolments.Count > 0)
        {
            // Exits and steps change the list that they are taken from.
            foreach (var enrolment in InOrder(moment)) LeaveIfExit(moment, enrolment);
            foreach (var enrolment in InOrder(moment))
                if (enrolment.WakeAt <= moment.State.Clock) Continue(moment, enrolment);
        }
        if (moment.Quiet || !moment.HasMoved(before)) return;
        foreach (var journey in moment.Release.Journeys)
            if (IsSetOff(moment, journey, before) && moment.SetsOff(journey) && MayStart(moment, journey)) Start(moment, journey);
    }

    /// <summary>The enrolments, those of the journeys that come first first: by priority, then name.</summary>
    private static List<Enrolment> InOrder(Moment moment)
    {
        var enrolments = moment.State.Standing.Enrolments;
        if (enrolments.Count < 2) return [.. enrolments];
        return [.. enrolments.OrderByDescending(enrolment => moment.Releases(enrolment.Release).FindJourney(enrolment.Journey)?.Priority ?? int.MinValue)
            .ThenBy(enrolment => enrolment.Journey, StringComparer.Ordinal).ThenBy(enrolment => enrolment.Number)];
    }

    private static bool IsSetOff(Moment moment, Journey journey, IReadOnlyList<string?> before)
    {
        var tracks = moment.Release.Tracks;
        for (var i = 0; i < tracks.Length; i++)
            if (tracks[i].Name == journey.Trigger.Track && moment.State.Standing.In(tracks[i].Name) is { } standing)
                return journey.Trigger.IsSetOffBy(before[i], standing.Stage);
        return false;
    }

    /// <summary>Notes what became of a request, for the caps.</summary>
    public static void TakeOutcome(CustomerState state, Recorded recorded)
    {
        if (recorded.Input is not ActionOutcome outcome) return;
        var requests = state.Standing.Requests;
        var index = requests.FindIndex(request => request.Key == outcome.Key);
        if (index >= 0 && requests[index].Outcome != Outcome.Sent) requests[index] = requests[index] with { Outcome = outcome.Outcome };
    }

    private static bool MayStart(Moment moment, Journey journey)
    {
        var standing = moment.State.Standing;
        if (standing.Enrolments.Count >= EnrolmentsMax) return false;
        if (journey.Exit?.Holds(moment.Reading) == true || journey.Audience?.Holds(moment.Reading) == false) return false;
        if (journey.Again.Mode == AgainMode.Always || !standing.Participations.TryGetValue(journey.Name, out var past)) return true;
        if (journey.Again.Mode == AgainMode.Never || standing.Enrolments.Exists(enrolment => enrolment.Journey == journey.Name)) return false;
        return past.LastStarted.After(journey.Again.Pause) <= moment.State.Clock;
    }

    private static void Start(Moment moment, Journey journey)
    {
        var state = moment.State;
        var number = (state.Standing.Participations.GetValueOrDefault(journey.Name)?.Count ?? 0) + 1;
        state.Standing.Participations = state.Standing.Participations.With(journey.Name, new Participation(number, state.Clock));
        var enrolment = new Enrolment(journey.Name, number, moment.Release.Number, state.Clock, state.Inputs, 0, state.Clock);
        state.Standing.Enrolments.Add(enrolment);
        moment.Facts.Add(new JourneyStarted(journey.Name, number, moment.Release.Number));
        Continue(moment, enrolment);
    }

    private static void LeaveIfExit(Moment moment, Enrolment enrolment)
    {
        var journey = moment.Releases(enrolment.Release).FindJourney(enrolment.Journey);
        if (journey?.Exit?.Holds(moment.Reading with { Enrolment = enrolment }) == true) Finish(moment, enrolment, "exit");
    }

    /// <summary>Takes steps until one rests or the last is done.</summary>
    private static void Continue(Moment moment, Enrolment enrolment)
    {
        if (moment.Releases(enrolment.Release).FindJourney(enrolment.Journey) is not { } journey)
        {
            Finish(moment, enrolment, "withdrawn");
            return;
        }
        for (var step = enrolment.NextStep; step < journey.Steps.Length; step++)
        {
            switch (journey.Steps[step])
            {
                case Send send:
                    Gate.Request(moment, enrolment, step, send);
                    break;
                case Wait { Duration: > 0 } wait:
                    var until = moment.State.Clock.After(wait.Duration);
                    Replace(moment, enrolment with { NextStep = step + 1, WakeAt = until });
                    moment.Facts.Add(new JourneyMoved(enrolment.Journey, enrolment.Number, step, until));
                    return;
                case End end:
                    Finish(moment, enrolment, end.Because);
                    return;
            }
        }
        Finish(moment, enrolment, "completed");
    }

    private static void Finish(Moment moment, Enrolment enrolment, string because)
    {
        moment.State.Standing.Enrolments.RemoveAll(other => IsSame(other, enrolment));
        moment.Facts.Add(new JourneyEnded(enrolment.Journey, enrolment.Number, because));
    }

    private static void Replace(Moment moment, Enrolment enrolment)
    {
        var enrolments = moment.State.Standing.Enrolments;
        enrolments[enrolments.FindIndex(other => IsSame(other, enrolment))] = enrolment;
    }

    private static bool IsSame(Enrolment a, Enrolment b) => a.Journey == b.Journey && a.Number == b.Number;

    /// <summary>Remembers a request for as long as some cap can ask for it.</summary>
    internal static void Remember(Moment moment, Request request)
    {
        var requests = moment.State.Standing.Requests;
        var longest = moment.Release.Caps.Select(cap => cap.Window).Append(RememberedFor).Max();
        requests.RemoveAll(past => past.At.After(longest) <= moment.State.Clock);
        if (requests.Count >= FrequencyCap.RequestsMax) requests.RemoveAt(0);
        requests.Add(request);
    }
}
