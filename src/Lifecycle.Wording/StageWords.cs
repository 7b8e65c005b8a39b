using System.Globalization;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Wording;

/// <summary>The sentences in which moves and stays are told. They are made when read and stored nowhere, so they may be improved at any time.
/// </summary>
internal static class StageWords
{
    /// <summary>"Fell to Decline because 14 days passed since the last session (3 Nov 14:02)."</summary>
    /// <param name="context">As of the move, under the release that ruled it.</param>
    public static BilingualText MoveOf(StageChanged change, WordingContext context) => MoveOf(change, context, Tense.Past);

    /// <summary>"Will fall to Decline because 14 days will have passed since the last session (3 Nov 14:02)."</summary>
    /// <param name="context">As of the move.</param>
    public static BilingualText ComingMoveOf(StageChanged change, WordingContext context) => MoveOf(change, context, Tense.Future);

    /// <summary>Why a customer is still where they are: "Still in Stability: 11 active days in the last 28 days (at least 8 to stay)."</summary>
    /// <param name="keeping">The threshold out as it is now; null for a stage without one.</param>
    /// <param name="keeps">Whether it keeps them.</param>
    internal static BilingualText StayOf(Track track, Stage present, Explanation? keeping, bool keeps, WordingContext context)
    {
        var ruled = context with { Track = track.Name, Stage = present.Name };
        return InEach(ruled, Tense.Present, renderer =>
        {
            var stage = ("stage", renderer.Title(track.Name, present.Name));
            if (keeping is null) return renderer.Say(PhraseCatalog.StillUnclaimed, stage);
            var clauses = new Clauses(renderer).Tell(keeping, keeps ? Purpose.ToStay : Purpose.Told);
            return renderer.Say(keeps ? PhraseCatalog.StillKept : PhraseCatalog.StillThough, stage, ("clauses", clauses));
        });
    }

    /// <summary>What a condition lacks: "2 more purchases in the last 90 days", "in 4 days, if no session". Empty words for one that holds.</summary>
    internal static BilingualText ShortfallOf(Explanation failing, WordingContext context) =>
        InEach(context, Tense.Present, renderer => new ShortfallWords(renderer).Of(failing));

    private static BilingualText MoveOf(StageChanged change, WordingContext context, Tense tense) =>
        InEach(context with { Track = change.Track, Stage = change.From }, tense, renderer => Move(change, renderer));

    private static BilingualText InEach(WordingContext context, Tense tense, Func<Renderer, string> say) =>
        new(say(new Renderer(Language.English, context, tense)), say(new Renderer(Language.Chinese, context, tense)));

    private static string Move(StageChanged change, Renderer renderer)
    {
        var stage = ("stage", renderer.Title(change.Track, change.To));
        if (change.From is null) return renderer.Say(PhraseCatalog.Began, stage);
        var track = renderer.Context.Release.FindTrack(change.Track);
        var (from, to) = (track?.Find(change.From), track?.Find(change.To));
        var (isToCome, verb) = (renderer.Tense == Tense.Future, Verb(from, to, change.To));
        var moved = ("moved", renderer.Say(isToCome ? verb.WillBe : verb.Was, stage));
        var release = ("release", change.Release.ToString(CultureInfo.InvariantCulture));
        switch (change.Cause)
        {
            case MoveCause.Override:
                return renderer.Say(PhraseCatalog.ByPerson, moved);
            case MoveCause.Activation when change.Because is null:
                return renderer.Say(PhraseCatalog.WithRelease, moved, release);
            case MoveCause.Activation:
                moved.Item2 = renderer.Say(PhraseCatalog.UnderRelease, moved, release);
                break;
        }
        if (change.Because is not { } because) return renderer.Say(PhraseCatalog.Plain, moved);
        var held = to is { Confirm: > 0 and var confirm }
            ? renderer.Say(isToCome ? PhraseCatalog.WillHaveHeld : PhraseCatalog.Held, ("duration", renderer.Duration(confirm)))
            : "";
        return renderer.Say(isToCome ? PhraseCatalog.WillBecause
            : PhraseCatalog.Because, moved, ("clauses", new Clauses(renderer).Tell(because, Purpose.Needed)), ("held", held));
    }

    /// <summary>Which way a move goes. Stages are listed from the weakest claim to the strongest, which is upward but for those that customers fall
    /// into.</summary>
    private static MovePhrases Verb(Stage? from, Stage? to, string name)
    {
        if (PhraseCatalog.Comeback.Contains(name) || from is null || to is null) return PhraseCatalog.Move;
        return (IsDown(from), IsDown(to), to.IsAfter(from)) switch
        {
            (false, true, _) or (true, true, true) or (false, false, false) => PhraseCatalog.Fall,
            (true, false, _) => PhraseCatalog.Return,
            (false, false, true) => PhraseCatalog.Rise,
            _ => PhraseCatalog.Move,
        };
    }

    private static bool IsDown(Stage stage) => PhraseCatalog.Downward.Contains(stage.Name) || stage.Group is { } group
        && PhraseCatalog.Downward.Contains(group);
}
