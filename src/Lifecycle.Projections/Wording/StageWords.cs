using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Stages;

namespace Lifecycle.Projections;

/// <summary>The sentences in which moves and stays are told. They are made when read and stored nowhere, so they may be improved at any time.
/// </summary>
internal static class StageWords
{
    /// <summary>"Fell to Decline because 14 days passed since the last session (3 Nov 14:02)."</summary>
    /// <param name="context">As of the move, under the release that ruled it.</param>
    public static Words MoveOf(StageChanged change, WordingContext context) => MoveOf(change, context, Tense.Past);

    /// <summary>"Will fall to Decline because 14 days will have passed since the last session (3 Nov 14:02)."</summary>
    /// <param name="context">As of the move.</param>
    public static Words ComingMoveOf(StageChanged change, WordingContext context) => MoveOf(change, context, Tense.Future);

    /// <summary>Why a customer is still where they are: "Still in Stability: 11 active days in the last 28 days (at least 8 to stay)."</summary>
    /// <param name="keeping">The threshold out as it is now; null for a stage without one.</param>
    /// <param name="keeps">Whether it keeps them.</param>
    internal static Words StayOf(Track track, Stage present, Explanation? keeping, bool keeps, WordingContext context)
    {
        var ruled = context with { Track = track.Name, Stage = present.Name };
        return InEach(ruled, Tense.Present, voice =>
        {
            var stage = ("stage", voice.Title(track.Name, present.Name));
            if (keeping is null) return voice.Say(Catalog.StillUnclaimed, stage);
            var clauses = new Clauses(voice).Tell(keeping, keeps ? Purpose.ToStay : Purpose.Told);
            return voice.Say(keeps ? Catalog.StillKept : Catalog.StillThough, stage, ("clauses", clauses));
        });
    }

    /// <summary>What a condition lacks: "2 more purchases in the last 90 days", "in 4 days, if no session". Empty words for one that holds.</summary>
    internal static Words ShortfallOf(Explanation failing, WordingContext context) =>
        InEach(context, Tense.Present, voice => new Shortfalls(voice).Of(failing));

    private static Words MoveOf(StageChanged change, WordingContext context, Tense tense) =>
        InEach(context with { Track = change.Track, Stage = change.From }, tense, voice => Move(change, voice));

    private static Words InEach(WordingContext context, Tense tense, Func<Voice, string> say) =>
        new(say(new Voice(Language.English, context, tense)), say(new Voice(Language.Chinese, context, tense)));

    private static string Move(StageChanged change, Voice voice)
    {
        var stage = ("stage", voice.Title(change.Track, change.To));
        if (change.From is null) return voice.Say(Catalog.Began, stage);
        var track = voice.Context.Release.FindTrack(change.Track);
        var (from, to) = (track?.Find(change.From), track?.Find(change.To));
        var (isToCome, verb) = (voice.Tense == Tense.Future, Verb(from, to, change.To));
        var moved = ("moved", voice.Say(isToCome ? verb.WillBe : verb.Was, stage));
        var release = ("release", change.Release.ToString(CultureInfo.InvariantCulture));
        switch (change.Cause)
        {
            case MoveCause.Override:
                return voice.Say(Catalog.ByPerson, moved);
            case MoveCause.Activation when change.Because is null:
                return voice.Say(Catalog.WithRelease, moved, release);
            case MoveCause.Activation:
                moved.Item2 = voice.Say(Catalog.UnderRelease, moved, release);
                break;
        }
        if (change.Because is not { } because) return voice.Say(Catalog.Plain, moved);
        var held = to is { Confirm: > 0 and var confirm }
            ? voice.Say(isToCome ? Catalog.WillHaveHeld : Catalog.Held, ("duration", voice.Duration(confirm)))
            : "";
        return voice.Say(isToCome ? Catalog.WillBecause : Catalog.Because, moved, ("clauses", new Clauses(voice).Tell(because, Purpose.Needed)), ("held", held));
    }

    /// <summary>Which way a move goes. Stages are listed from the weakest claim to the strongest, which is upward but for those that customers fall
    /// into.</summary>
    private static MovePhrases Verb(Stage? from, Stage? to, string name)
    {
        if (Catalog.Comeback.Contains(name) || from is null || to is null) return Catalog.Move;
        return (IsDown(from), IsDown(to), to.IsAfter(from)) switch
        {
            (false, true, _) or (true, true, true) or (false, false, false) => Catalog.Fall,
            (true, false, _) => Catalog.Return,
            (false, false, true) => Catalog.Rise,
            _ => Catalog.Move,
        };
    }

    private static bool IsDown(Stage stage) => Catalog.Downward.Contains(stage.Name) || stage.Group is { } group && Catalog.Downward.Contains(group);
}
