using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;

namespace Lifecycle.Domain.Journeys;

/// <summary>Moves a customer's enrolments through one settling: exits first, then steps that are due, then what the settling sets off.</summary>
internal static class JourneyRunner
{
    /// <summary>As many enrolments as one customer has at a time; what would exceed it does not start.</summary>
    private const int EnrolmentsMax = 64;

    /// <summary>A release may bring caps that look back as far as this, so that requests are remembered as long whatever the present ones ask
    /// for.</summary>
    private const long RememberedFor = 30 * Durations.Day;

    /// <param name="before">The stage in each of the release's tracks where the settling began.</param>
    public static void Advance(InstantEvaluation evaluation, IReadOnlyList<string?> before)
    {
        var enrolments = evaluation.State.Decisions.Enrolments;
        if (enrolments.Count > 0)
        {
            // Exits and steps change the list that they are taken from.
            foreach (var enrolment in InOrder(evaluation)) LeaveIfExit(evaluation, enrolment);
            foreach (var enrolment in InOrder(evaluation))
                if (enrolment.WakeAt <= evaluation.State.Clock) Continue(evaluation, enrolment);
        }
        if (evaluation.Quiet || !evaluation.HasMoved(before)) return;
        foreach (var journey in evaluation.Release.Journeys)
            if (IsSetOff(evaluation, journey, before) && evaluation.SetsOff(journey) && MayStart(evaluation, journey)) Start(evaluation, journey);
    }

    /// <summary>The enrolments, those of the journeys that come first first: by priority, then name.</summary>
    private static List<Enrolment> InOrder(InstantEvaluation evaluation)
    {
        var enrolments = evaluation.State.Decisions.Enrolments;
        if (enrolments.Count < 2) return [.. enrolments];
        return [.. enrolments.OrderByDescending(enrolment => evaluation.Releases(enrolment.Release).FindJourney(enrolment.Journey)?.Priority
            ?? int.MinValue)
            .ThenBy(enrolment => enrolment.Journey, StringComparer.Ordinal).ThenBy(enrolment => enrolment.Number)];
    }

    private static bool IsSetOff(InstantEvaluation evaluation, Journey journey, IReadOnlyList<string?> before)
    {
        var tracks = evaluation.Release.Tracks;
        for (var i = 0; i < tracks.Length; i++)
            if (tracks[i].Name == journey.Trigger.Track && evaluation.State.Decisions.In(tracks[i].Name) is { } state)
                return journey.Trigger.IsSetOffBy(before[i], state.Stage);
        return false;
    }

    /// <summary>Notes what became of a request, for the caps.</summary>
    public static void TakeOutcome(CustomerState state, Recorded recorded)
    {
        if (recorded.Input is not ActionOutcome outcome) return;
        var requests = state.Decisions.Requests;
        var index = requests.FindIndex(request => request.Key == outcome.Key);
        if (index >= 0 && requests[index].Outcome != Outcome.Sent) requests[index] = requests[index] with { Outcome = outcome.Outcome };
    }

    private static bool MayStart(InstantEvaluation evaluation, Journey journey)
    {
        var standing = evaluation.State.Decisions;
        if (standing.Enrolments.Count >= EnrolmentsMax) return false;
        if (journey.Exit?.Holds(evaluation.Reading) == true || journey.Audience?.Holds(evaluation.Reading) == false) return false;
        if (journey.Again.Mode == AgainMode.Always || !standing.Participations.TryGetValue(journey.Name, out var past)) return true;
        if (journey.Again.Mode == AgainMode.Never || standing.Enrolments.Exists(enrolment => enrolment.Journey == journey.Name)) return false;
        return past.LastStarted.After(journey.Again.Pause) <= evaluation.State.Clock;
    }

    private static void Start(InstantEvaluation evaluation, Journey journey)
    {
        var state = evaluation.State;
        var number = (state.Decisions.Participations.GetValueOrDefault(journey.Name)?.Count ?? 0) + 1;
        state.Decisions.Participations = state.Decisions.Participations.With(journey.Name, new Participation(number, state.Clock));
        var enrolment = new Enrolment(journey.Name, number, evaluation.Release.Number, state.Clock, state.Inputs, 0, state.Clock);
        state.Decisions.Enrolments.Add(enrolment);
        evaluation.Facts.Add(new JourneyStarted(journey.Name, number, evaluation.Release.Number));
        Continue(evaluation, enrolment);
    }

    private static void LeaveIfExit(InstantEvaluation evaluation, Enrolment enrolment)
    {
        var journey = evaluation.Releases(enrolment.Release).FindJourney(enrolment.Journey);
        if (journey?.Exit?.Holds(evaluation.Reading with { Enrolment = enrolment }) == true) Finish(evaluation, enrolment, "exit");
    }

    /// <summary>Takes steps until one rests or the last is done.</summary>
    private static void Continue(InstantEvaluation evaluation, Enrolment enrolment)
    {
        if (evaluation.Releases(enrolment.Release).FindJourney(enrolment.Journey) is not { } journey)
        {
            Finish(evaluation, enrolment, "withdrawn");
            return;
        }
        for (var step = enrolment.NextStep; step < journey.Steps.Length; step++)
        {
            switch (journey.Steps[step])
            {
                case Send send:
                    ContactPolicy.Request(evaluation, enrolment, step, send);
                    break;
                case Wait { Duration: > 0 } wait:
                    var until = evaluation.State.Clock.After(wait.Duration);
                    Replace(evaluation, enrolment with { NextStep = step + 1, WakeAt = until });
                    evaluation.Facts.Add(new JourneyMoved(enrolment.Journey, enrolment.Number, step, until));
                    return;
                case End end:
                    Finish(evaluation, enrolment, end.Because);
                    return;
            }
        }
        Finish(evaluation, enrolment, "completed");
    }

    private static void Finish(InstantEvaluation evaluation, Enrolment enrolment, string because)
    {
        evaluation.State.Decisions.Enrolments.RemoveAll(other => IsSame(other, enrolment));
        evaluation.Facts.Add(new JourneyEnded(enrolment.Journey, enrolment.Number, because));
    }

    private static void Replace(InstantEvaluation evaluation, Enrolment enrolment)
    {
        var enrolments = evaluation.State.Decisions.Enrolments;
        enrolments[enrolments.FindIndex(other => IsSame(other, enrolment))] = enrolment;
    }

    private static bool IsSame(Enrolment a, Enrolment b) => a.Journey == b.Journey && a.Number == b.Number;

    /// <summary>Remembers a request for as long as some cap can ask for it.</summary>
    internal static void Remember(InstantEvaluation evaluation, Request request)
    {
        var requests = evaluation.State.Decisions.Requests;
        var longest = evaluation.Release.Caps.Select(cap => cap.Window).Append(RememberedFor).Max();
        requests.RemoveAll(past => past.At.After(longest) <= evaluation.State.Clock);
        if (requests.Count >= FrequencyCap.RequestsMax) requests.RemoveAt(0);
        requests.Add(request);
    }
}
