using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Domain.Journeys;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Checks journeys and binds their conditions.</summary>
internal sealed class JourneyChecker(ReleaseNames names)
{
    private readonly Diagnostics _diagnostics = names.Complaints;
    private readonly DeclarationChecker _declarations = new(names);
    private readonly RuleBinder _rules = new(names);

    public ImmutableArray<Journey> Check(IReadOnlyList<JourneySyntax> journeys)
    {
        var seen = new HashSet<string>();
        foreach (var journey in journeys)
        {
            if (_declarations.Label(journey.Name, "a journey") && !seen.Add(journey.Name.Text))
                _diagnostics.Add(journey.Name, ErrorCodes.Duplicate, $"there are two journeys `{journey.Name.Text}`");
        }
        return [.. journeys.Select(Journey).OfType<Journey>()];
    }

    private Journey? Journey(JourneySyntax journey)
    {
        var trigger = Trigger(journey.Trigger);
        var track = names.Tracks.FirstOrDefault()?.Name;
        var audience = _rules.Condition(journey.Audience, new Scope(track) { IsOfJourney = true }, "`audience`");
        var exit = _rules.Condition(journey.Exit, new Scope(track) { IsOfJourney = true, Journey = journey.Name.Text }, "`exit`");
        var (kind, again, priority) = (Kind(journey.Kind), Again(journey.Again), Priority(journey.Priority));
        var steps = Steps(journey);
        return trigger is null ? null : new Journey
        {
            Name = journey.Name.Text,
            Kind = kind,
            Trigger = trigger,
            Audience = audience,
            Exit = exit,
            Again = again,
            Priority = priority,
            Steps = steps,
        };
    }

    private Trigger? Trigger(RuleText text)
    {
        switch (RuleParser.ParseTrigger(text, _diagnostics))
        {
            case null:
                return null;
            case StageTrigger stage:
                return StageMove(text, stage);
            case { } other:
                var name = other switch
                {
                    EventTrigger => "event",
                    AroundTrigger around => around.Before ? "before" : "after",
                    OnceTrigger => "at",
                    _ => "every",
                };
                _diagnostics.Add(text, other.Span, ErrorCodes.NotKnownYet, $"the trigger {Vocabulary.NotKnownYet(name)}",
                    "known are `enter STAGE` and `leave STAGE`");
                return null;
        }
    }

    /// <summary><c>decline</c>, <c>vip.gold</c> or a group; a bare name means the first track that has it.</summary>
    private Trigger? StageMove(RuleText text, StageTrigger trigger)
    {
        var path = trigger.Path.Names;
        if (path.Count <= 2)
        {
            var track = path.Count == 2 ? names.FindTrack(path[0]) : names.Tracks.Find(known => known.Resolve(path[0]).Count > 0);
            if (track?.Resolve(path[^1]) is { Count: > 0 } stages) return new Trigger(track.Name, [.. stages], trigger.Enter);
        }
        var known = path.Count == 2 && names.FindTrack(path[0]) is { } named ? named.All : names.Tracks.SelectMany(track => track.All);
        _diagnostics.Add(text, trigger.Path.Span, ErrorCodes.UnknownName, $"`{RulePrinter.Print(trigger.Path)}` is no stage or group of any track",
            SpellingHint.Hint(path[^1], known));
        return null;
    }

    private string Kind(RuleText? text)
    {
        if (text is null) return "custom";
        if (!Vocabulary.JourneyKinds.Contains(text.Text))
            _diagnostics.Add(text, ErrorCodes.UnknownName,
                $"`{TermBinder.Shorten(text.Text)}` is no kind of journey; known are {string.Join(", ", Vocabulary.JourneyKinds.Order())}",
                SpellingHint.Hint(text.Text, Vocabulary.JourneyKinds));
        return text.Text;
    }

    private Again Again(RuleText? text)
    {
        if (text is null) return Lifecycle.Domain.Journeys.Again.OneAtATime;
        switch (RuleParser.ParseAgain(text, _diagnostics))
        {
            case AgainNever:
                return new Again(AgainMode.Never);
            case AgainAlways:
                return new Again(AgainMode.Always);
            case AgainAfter after:
                return new Again(AgainMode.After, new TermBinder(names, text, new Scope(null)).Milliseconds(after.Duration) ?? 0);
            case AgainOneAtATime { Per: not null }:
                _diagnostics.Add(text, ErrorCodes.NotKnownYet, Vocabulary.NotKnownYet("one at a time per …"), "write `one at a time`");
                return Lifecycle.Domain.Journeys.Again.OneAtATime;
            default:
                return Lifecycle.Domain.Journeys.Again.OneAtATime;
        }
    }

    private int Priority(RuleText? text)
    {
        if (text is null) return 0;
        if (int.TryParse(text.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out var priority) && Math.Abs(priority) <= Limits.Priority) return priority;
        _diagnostics.Add(
            text, ErrorCodes.Member, $"`priority` is a whole number from -{Limits.Priority} to {Limits.Priority}; the higher goes first");
        return 0;
    }

    private ImmutableArray<JourneyStep> Steps(JourneySyntax journey)
    {
        if (journey.Steps.Count == 0 && names.IsComplete) _diagnostics.Add(journey.Name, ErrorCodes.Rule,
            $"the journey `{TermBinder.Shorten(journey.Name.Text)}` has no steps");
        if (journey.Steps.Count > Limits.Steps) _diagnostics.Add(journey.Name, ErrorCodes.Limit, $"more than {Limits.Steps} steps");
        return [.. journey.Steps.Select(Step).OfType<JourneyStep>()];
    }

    private JourneyStep? Step(StepSyntax step)
    {
        switch (step)
        {
            case SendSyntax send:
                var (channel, template) = (_declarations.Label(send.Channel, "a channel"), _declarations.Label(send.Template, "a template"));
                return channel && template ? new Send(send.Channel.Text, send.Template.Text) : null;
            case WaitSyntax wait:
                return _rules.Milliseconds(wait.Duration) is { } length ? new Wait(length) : null;
            case EndSyntax end:
                return _declarations.Label(end.Because, "a reason to end") ? new End(end.Because.Text) : null;
            default:
                throw new ArgumentOutOfRangeException(nameof(step));
        }
    }
}
