using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Stages;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>Checks tracks and their stages, and binds their conditions.</summary>
internal sealed class TrackChecker(ReleaseNames names)
{
    private readonly Diagnostics _diagnostics = names.Complaints;
    private readonly DeclarationChecker _declarations = new(names);
    private readonly RuleBinder _rules = new(names);

    public ImmutableArray<Track> Check(EquatableList<TrackSyntax> tracks)
    {
        if (tracks.SelectMany(track => track.Stages).Skip(Limits.Stages).FirstOrDefault() is { } beyond)
            _diagnostics.Add(beyond.Name, ErrorCodes.Limit, $"more than {Limits.Stages} stages");
        if (tracks.SelectMany(track => track.Stages).SelectMany(stage =>
            stage.Benefits).Distinct().Skip(Limits.Benefits).FirstOrDefault() is { } further)
            _diagnostics.Add(further, ErrorCodes.Limit, $"more than {Limits.Benefits} benefits");
        return [.. tracks.Select(Track).OfType<Track>()];
    }

    private Track? Track(TrackSyntax track, int index)
    {
        _declarations.IsName(track.Name, "a track");
        if (track.Stages.Count == 0)
        {
            _diagnostics.Add(track.Name, ErrorCodes.Rule, $"the track `{track.Name.Text}` has no stages");
            return null;
        }
        CheckNames(track);
        var above = names.Tracks.Take(index + 1).Select(known => known.Name).ToList();
        var stages = track.Stages.Select((stage, at) => Stage(track, stage, at, above)).ToImmutableArray();
        CheckReachable(track, stages);
        return new Track(track.Name.Text, stages);
    }

    private void CheckNames(TrackSyntax track)
    {
        var seen = new HashSet<string>();
        foreach (var stage in track.Stages)
        {
            if (_declarations.IsName(stage.Name, "a stage") && !seen.Add(stage.Name.Text))
                _diagnostics.Add(stage.Name, ErrorCodes.Duplicate, $"there are two stages `{stage.Name.Text}` in the track `{track.Name.Text}`");
        }
        var before = new HashSet<string>();
        foreach (var was in track.Stages.Select(stage => stage.Was).OfType<RuleText>())
        {
            if (!_declarations.IsName(was, "a stage")) continue;
            if (seen.Contains(was.Text))
                _diagnostics.Add(was, ErrorCodes.Rule, $"`{was.Text}` is a stage of `{track.Name.Text}` still, so no other was it",
                    "`was` names what a stage was called in an earlier release");
            else if (!before.Add(was.Text)) _diagnostics.Add(was, ErrorCodes.Duplicate, $"two stages of `{track.Name.Text}` were `{was.Text}`");
        }
        foreach (var group in track.Stages.Select(stage => stage.Group).OfType<RuleText>())
        {
            if (_declarations.IsName(group, "a group") && seen.Contains(group.Text))
                _diagnostics.Add(group, ErrorCodes.Duplicate, $"`{group.Text}` is a stage already, so it cannot be a group too",
                    "give the group another name");
        }
    }

    private Stage Stage(TrackSyntax track, StageSyntax stage, int index, IReadOnlyList<string> above)
    {
        var scope = new Scope(track.Name.Text, above);
        var when = _rules.Condition(stage.When, scope, "`when`");
        var whenReadsItself = scope.StagesRead.Contains(track.Name.Text);
        var keepScope = new Scope(track.Name.Text, above);
        var keep = _rules.Condition(stage.Keep, keepScope, "`keep`");
        if (whenReadsItself && when is not null) CheckKeep(track, stage, keep, keepScope);
        if (stage.Confirm is { } unneeded && stage.When is null)
            _diagnostics.Add(unneeded, ErrorCodes.Rule, "`confirm` is how long `when` must have held, and there is no `when`");
        return new Stage
        {
            Name = stage.Name.Text,
            Index = index,
            Titles = _declarations.Titles(stage.Titles),
            Was = stage.Was?.Text,
            Group = stage.Group?.Text,
            From = stage.From is { } from ? From(track, stage, from) : null,
            When = when,
            Keep = keep,
            Confirm = _rules.Milliseconds(stage.Confirm) ?? 0,
            MinimumStay = _rules.Milliseconds(stage.MinimumStay) ?? 0,
            Benefits = Benefits(stage),
            Grace = _rules.Milliseconds(stage.Grace) ?? 0,
        };
    }

    private void CheckKeep(TrackSyntax track, StageSyntax stage, Term? keep, Scope keepScope)
    {
        if (stage.Keep is null)
            _diagnostics.Add(stage.When!, ErrorCodes.Rule,
                $"this `when` reads the stage of its own track `{track.Name.Text}`, so `{stage.Name.Text}` needs a `keep` that does not",
                "say in `keep` while what the customer stays, without `stage`, `time_in_stage` and `in this stage`");
        else if (keep is not null && keepScope.StagesRead.Contains(track.Name.Text))
            _diagnostics.Add(stage.Keep, ErrorCodes.Rule,
                $"`when` reads the stage of its own track `{track.Name.Text}`, so this `keep` may not do so too",
                "say it without `stage`, `time_in_stage` and `in this stage`");
    }

    private ImmutableArray<string> From(TrackSyntax track, StageSyntax stage, EquatableList<RuleText> from)
    {
        var known = names.FindTrack(track.Name.Text)!;
        var stages = ImmutableArray.CreateBuilder<string>();
        foreach (var name in from)
        {
            var meant = known.Resolve(name.Text);
            if (meant.Count == 0)
                _diagnostics.Add(name, ErrorCodes.UnknownName, $"`{TermBinder.Shorten(name.Text)}` is no stage or group of `{track.Name.Text}`",
                    SpellingHint.Hint(name.Text, known.All));
            else if (meant.Count == 1 && meant[0] == stage.Name.Text)
                _diagnostics.Add(name, ErrorCodes.Rule, $"`{name.Text}` cannot be entered from itself");
            stages.AddRange(meant.Where(one => one != stage.Name.Text && !stages.Contains(one)));
        }
        return stages.ToImmutable();
    }

    /// <summary>A stage that no path from the first leads to would never hold anybody.</summary>
    private void CheckReachable(TrackSyntax track, ImmutableArray<Stage> stages)
    {
        var reached = new HashSet<string> { stages[0].Name };
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var (stage, written) in stages.Zip(track.Stages))
            {
                if (written.When is not null && !reached.Contains(stage.Name) && (stage.From is not { } from || from.Any(reached.Contains)))
                    grown |= reached.Add(stage.Name);
            }
        }
        foreach (var (stage, written) in stages.Zip(track.Stages))
        {
            if (reached.Contains(stage.Name)) continue;
            if (written.When is null && !names.IsComplete) continue;
            if (written.When is null) _diagnostics.Add(written.Name, ErrorCodes.Rule,
                $"`{stage.Name}` can never be entered: it is not the first stage and has no `when`");
            else if (stage.From is { Length: > 0 })
                _diagnostics.Add(written.Name, ErrorCodes.Rule,
                    $"`{stage.Name}` can never be entered: no path leads from the first stage `{stages[0].Name}` to it", "see its `from`");
            else if (written.From is { Count: 0 }) _diagnostics.Add(written.Name, ErrorCodes.Rule,
                $"`{stage.Name}` can never be entered: its `from` is empty");
        }
    }

    private ImmutableArray<string> Benefits(StageSyntax stage)
    {
        if (stage.Grace is { } grace && stage.Benefits.Count == 0)
            _diagnostics.Add(grace, ErrorCodes.Rule, "`grace` is how long benefits last after the stage was left, and this stage has none",
                "add `benefits: [NAME]`, or leave `grace` out");
        var benefits = ImmutableArray.CreateBuilder<string>();
        foreach (var benefit in stage.Benefits)
        {
            if (!_declarations.Label(benefit, "a benefit")) continue;
            if (benefits.Contains(benefit.Text)) _diagnostics.Add(benefit, ErrorCodes.Duplicate, $"`{benefit.Text}` is listed already");
            else benefits.Add(benefit.Text);
        }
        return benefits.ToImmutable();
    }
}
