using System.Globalization;
using System.Text;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;
using NodaTime;

namespace Lifecycle.Wording;

/// <summary>Whether the instant spoken of is that of a move that was, now, or that of a move to come.</summary>
internal enum Tense { Past, Present, Future }

/// <summary>Says values in one language, at one instant.</summary>
internal sealed class Renderer(Language language, WordingContext context, Tense tense)
{
    private const int DecimalsMax = 10, WordMax = 24;

    public WordingContext Context => context;
    public Tense Tense => tense;

    /// <summary>The same, of another track, the customer's stage in which is not told.</summary>
    public Renderer Of(string track) => new(language, context with { Track = track, Stage = null }, tense);

    public string Say(PhraseText phrase, params ReadOnlySpan<(string Place, string Content)> contents) => phrase.Fill(language, contents);

    /// <summary>The form for one or for many, filled.</summary>
    public string Say(PhraseText phrase, bool many, params ReadOnlySpan<(string Place, string Content)> contents) =>
        PhraseText.Fill(phrase.In(language, many), contents);

    public string Was => Say(In(PhraseCatalog.Was, PhraseCatalog.Is, PhraseCatalog.WillBe));
    public string WasNot => Say(In(PhraseCatalog.WasNot, PhraseCatalog.IsNot, PhraseCatalog.WillNotBe));
    public string Were => Say(In(PhraseCatalog.Were, PhraseCatalog.Are, PhraseCatalog.WillBeIn));
    public string WereNot => Say(In(PhraseCatalog.WereNot, PhraseCatalog.AreNot, PhraseCatalog.WillNotBeIn));
    public string Had => Say(In(PhraseCatalog.Had, PhraseCatalog.Has, PhraseCatalog.WillHave));

    /// <summary>"there was"; nothing in the present, where facts are listed.</summary>
    public string There(bool many) =>
        tense == Tense.Present ? "" : Say(In(PhraseCatalog.There, PhraseCatalog.There, PhraseCatalog.ThereWillBe), many);

    /// <summary>That a rule held, or did not.</summary>
    public string Held(bool held, string rule)
    {
        var phrase = held ? In(PhraseCatalog.RuleHeld, PhraseCatalog.RuleHeld, PhraseCatalog.RuleWillHold)
            : In(PhraseCatalog.RuleHeldNot, PhraseCatalog.RuleHeldNot, PhraseCatalog.RuleWillNotHold);
        return Say(phrase, ("rule", rule));
    }

    /// <summary>The move to the present stage: by the stage's title, or where it is not told by the track, or as the move to this stage.</summary>
    public string OfStage(PhraseText titled, PhraseText inTrack, PhraseText here) => context switch
    {
        { Stage: { } stage } => Say(titled, ("stage", Title(context.Track, stage))),
        { Track: { } track } => Say(inTrack, ("track", track.Replace('_', ' '))),
        _ => Say(here),
    };

    /// <summary>What people call a stage.</summary>
    public string Title(string? track, string stage)
    {
        var titles = track is null ? null : context.Titles(track, stage);
        return titles?.GetValueOrDefault(language == Language.English ? "en" : "zh") ?? stage.Replace('_', ' ');
    }

    public string Quote(string text) => Say(PhraseCatalog.Quoted, ("text", text));

    /// <summary>Things one after another, the last two joined by a word of their own.</summary>
    public string List(IReadOnlyList<string> things, PhraseText between, PhraseText last)
    {
        var text = new StringBuilder();
        for (var i = 0; i < things.Count; i++)
        {
            if (i > 0) PhraseText.Append(text, Written(i == things.Count - 1 ? last : between));
            PhraseText.Append(text, things[i]);
        }
        return text.ToString();
    }

    /// <summary>A value as it is told where nothing else says what it is of.</summary>
    public string Show(Value value) => value.Type switch
    {
        RuleType.Number => Number(value.Magnitude),
        RuleType.Truth => Say(value.IsTrue ? PhraseCatalog.True : PhraseCatalog.False),
        RuleType.Time => At(value.Time),
        RuleType.Date => Day(value.Date),
        RuleType.Duration => Duration((long)decimal.Floor(value.Magnitude)),
        RuleType.List => List([.. value.Items.Select(Show)], PhraseCatalog.BetweenWords, PhraseCatalog.AndWords),
        RuleType.Text => Text(value.Text),
        RuleType.Sealed => Say(PhraseCatalog.Sealed),
        RuleType.Missing => value.ToString(),
    };

    /// <summary>A text as it is, in quotes unless it is a single short word.</summary>
    public string Text(string text) =>
        text.Length is > 0 and <= WordMax && text.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_') ? text : Quote(text);

    /// <summary>A number with thousands apart, to two decimals; to more where only they tell it from another.</summary>
    public static string Number(decimal number, decimal? other = null)
    {
        var decimals = 2;
        while (decimals < DecimalsMax && number != other && Math.Round(number, decimals) is var near && (near == other || near == 0 && number != 0))
            decimals++;
        var text = Math.Round(number, decimals).ToString("#,##0." + new string('#', DecimalsMax), CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>An amount in the definition's currency; cents are both told or neither.</summary>
    public string Money(decimal amount, decimal? other = null)
    {
        var text = Number(amount, other);
        if (text.LastIndexOf('.') is var point and > 0 && point == text.Length - 2) text += "0";
        var currency = context.Release.Currency;
        return Say(PhraseCatalog.Money, ("amount", text), ("currency", PhraseCatalog.Currencies.TryGetValue(currency, out var word) ? Say(word)
            : currency));
    }

    /// <summary>In the largest unit of which there are three at least, or of which it is a whole number. What is left over is told only where without
    /// it the duration would be mistaken for another.</summary>
    public string Duration(long milliseconds, long? other = null)
    {
        var length = Math.Abs(milliseconds);
        var (unit, size) = UnitOf(length);
        var count = size == Durations.Second ? (decimal)length / size : length / size;
        var text = Say(PhraseCatalog.Units[unit], count != 1, ("count", Number(count)));
        var rest = size == Durations.Second ? 0 : length % size;
        return rest > 0 && other is { } beside && beside != milliseconds && text == Duration(beside)
            ? Say(PhraseCatalog.Finer, ("larger", text), ("smaller", Duration(rest)))
            : text;
    }

    /// <summary>A time that is still to pass, to the nearest of its unit: an hour before sixteen days are over nobody says fifteen.</summary>
    public string Wait(long milliseconds)
    {
        var (_, size) = UnitOf(milliseconds);
        return Duration((milliseconds + size / 2) / size * size);
    }

    /// <summary>"3 Nov 14:02" by the clock of the tenant's zone, with the year where it is not the year spoken of.</summary>
    public string At(Instant instant)
    {
        var local = instant.InZone(context.Zone).LocalDateTime;
        return local.ToString(Written(IsThisYear(local.Date) ? PhraseCatalog.AtPattern : PhraseCatalog.AtPatternOfYear),
            CultureInfo.InvariantCulture);
    }

    public string Day(LocalDate day) =>
        day.ToString(Written(IsThisYear(day) ? PhraseCatalog.DayPattern : PhraseCatalog.DayPatternOfYear), CultureInfo.InvariantCulture);

    private bool IsThisYear(LocalDate day) => day.Year == context.At.InZone(context.Zone).Year;

    private PhraseText In(PhraseText past, PhraseText present, PhraseText future) => tense switch
    {
        Tense.Past => past,
        Tense.Present => present,
        Tense.Future => future,
    };

    private static (TimeUnit Unit, long Size) UnitOf(long length) => length switch
    {
        _ when Fits(length, Durations.Day) => (TimeUnit.Day, Durations.Day),
        _ when Fits(length, Durations.Hour) => (TimeUnit.Hour, Durations.Hour),
        _ when Fits(length, Durations.Minute) => (TimeUnit.Minute, Durations.Minute),
        _ => (TimeUnit.Second, Durations.Second),
    };

    private static bool Fits(long length, long size) => length >= 3 * size || length > 0 && length % size == 0;

    /// <summary>The very text, blanks at its ends included.</summary>
    public string Written(PhraseText phrase) => phrase.In(language);
}
