using System.Globalization;
using System.Text;
using Lifecycle.Domain.Rules;
using Lifecycle.Domain.Rules.Syntax;
using NodaTime;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Projections;

/// <summary>Whether the instant spoken of is that of a move that was, now, or that of a move to come.</summary>
internal enum Tense { Past, Present, Future }

/// <summary>Says values in one language, at one instant.</summary>
internal sealed class Voice(Language language, WordingContext context, Tense tense)
{
    private const int DecimalsMax = 10, WordMax = 24;

    public WordingContext Context => context;
    public Tense Tense => tense;

    /// <summary>The same, of another track, the customer's stage in which is not told.</summary>
    public Voice Of(string track) => new(language, context with { Track = track, Stage = null }, tense);

    public string Say(Phrase phrase, params ReadOnlySpan<(string Place, string Content)> contents) => phrase.Fill(language, contents);

    /// <summary>The form for one or for many, filled.</summary>
    public string Say(Phrase phrase, bool many, params ReadOnlySpan<(string Place, string Content)> contents) =>
        Phrase.Fill(phrase.In(language, many), contents);

    public string Was => Say(In(Catalog.Was, Catalog.Is, Catalog.WillBe));
    public string WasNot => Say(In(Catalog.WasNot, Catalog.IsNot, Catalog.WillNotBe));
    public string Were => Say(In(Catalog.Were, Catalog.Are, Catalog.WillBeIn));
    public string WereNot => Say(In(Catalog.WereNot, Catalog.AreNot, Catalog.WillNotBeIn));
    public string Had => Say(In(Catalog.Had, Catalog.Has, Catalog.WillHave));

    /// <summary>"there was"; nothing in the present, where facts are listed.</summary>
    public string There(bool many) => tense == Tense.Present ? "" : Say(In(Catalog.There, Catalog.There, Catalog.ThereWillBe), many);

    /// <summary>That a rule held, or did not.</summary>
    public string Held(bool held, string rule)
    {
        var phrase = held ? In(Catalog.RuleHeld, Catalog.RuleHeld, Catalog.RuleWillHold) : In(Catalog.RuleHeldNot, Catalog.RuleHeldNot, Catalog.RuleWillNotHold);
        return Say(phrase, ("rule", rule));
    }

    /// <summary>The move to the present stage: by the stage's title, or where it is not told by the track, or as the move to this stage.</summary>
    public string OfStage(Phrase titled, Phrase inTrack, Phrase here) => context switch
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

    public string Quote(string text) => Say(Catalog.Quoted, ("text", text));

    /// <summary>Things one after another, the last two joined by a word of their own.</summary>
    public string List(IReadOnlyList<string> things, Phrase between, Phrase last)
    {
        var text = new StringBuilder();
        for (var i = 0; i < things.Count; i++)
        {
            if (i > 0) Phrase.Append(text, Written(i == things.Count - 1 ? last : between));
            Phrase.Append(text, things[i]);
        }
        return text.ToString();
    }

    /// <summary>A value as it is told where nothing else says what it is of.</summary>
    public string Show(Value value) => value.Type switch
    {
        ValueType.Number => Number(value.Magnitude),
        ValueType.Truth => Say(value.IsTrue ? Catalog.True : Catalog.False),
        ValueType.Time => At(value.Time),
        ValueType.Date => Day(value.Date),
        ValueType.Duration => Duration((long)decimal.Floor(value.Magnitude)),
        ValueType.List => List([.. value.Items.Select(Show)], Catalog.BetweenWords, Catalog.AndWords),
        ValueType.Text => Text(value.Text),
        ValueType.Sealed => Say(Catalog.Sealed),
        _ => value.ToString(),
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
        return Say(Catalog.Money, ("amount", text), ("currency", Catalog.Currencies.TryGetValue(currency, out var word) ? Say(word) : currency));
    }

    /// <summary>In the largest unit of which there are three at least, or of which it is a whole number. What is left over is told only where without
    /// it the duration would be mistaken for another.</summary>
    public string Duration(long milliseconds, long? other = null)
    {
        var length = Math.Abs(milliseconds);
        var (unit, size) = UnitOf(length);
        var count = size == Durations.Second ? (decimal)length / size : length / size;
        var text = Say(Catalog.Units[unit], count != 1, ("count", Number(count)));
        var rest = size == Durations.Second ? 0 : length % size;
        return rest > 0 && other is { } beside && beside != milliseconds && text == Duration(beside)
            ? Say(Catalog.Finer, ("larger", text), ("smaller", Duration(rest)))
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
        return local.ToString(Written(IsThisYear(local.Date) ? Catalog.AtPattern : Catalog.AtPatternOfYear), CultureInfo.InvariantCulture);
    }

    public string Day(LocalDate day) =>
        day.ToString(Written(IsThisYear(day) ? Catalog.DayPattern : Catalog.DayPatternOfYear), CultureInfo.InvariantCulture);

    private bool IsThisYear(LocalDate day) => day.Year == context.At.InZone(context.Zone).Year;

    private Phrase In(Phrase past, Phrase present, Phrase future) => tense switch
    {
        Tense.Past => past,
        Tense.Present => present,
        _ => future,
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
    public string Written(Phrase phrase) => phrase.In(language);
}
