using System.Globalization;
using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Reads what senders wrote as the type that a definition declares. What does not fit is missing.</summary>
public static class Readings
{
    public static Kind KindOf(string type) => type switch
    {
        "number" or "money" => Kind.Number,
        "text" => Kind.Text,
        "truth" => Kind.Truth,
        "time" => Kind.Time,
        "date" => Kind.Date,
        "duration" => Kind.Duration,
        _ => Kind.Missing,
    };

    public static Measured Read(object? written, string type, DateTimeZone zone) => (type, written) switch
    {
        ("number" or "money", decimal number) => Number(number),
        ("number" or "money", string text) when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Number(number),
        ("text", string text) => new Measured(Kind.Text, 0, text),
        ("text", decimal number) => Exact.Entering(number) is { } entered ? new Measured(Kind.Text, 0, entered.ToString("0.#########", CultureInfo.InvariantCulture)) : Measured.Missing,
        ("text", bool truth) => new Measured(Kind.Text, 0, truth ? "true" : "false"),
        ("truth", bool truth) => Measured.Of(truth),
        ("time", string text) => Time(text, zone),
        ("date", string text) when text.Length >= 10 && Day(text[..10]) is { } day => Date(day),
        ("duration", string text) => Length(text),
        _ => Measured.Missing,
    };

    /// <summary>As a sender's property: a dollar is 1.25, and an amount in any further currency missing.</summary>
    public static Measured Read(ModelEvent e, string path, string type, DateTimeZone zone) =>
        type == "money" && e.Find("currency") is string currency && !currency.Equals(Model.Currency, StringComparison.OrdinalIgnoreCase)
            ? currency.Equals("USD", StringComparison.OrdinalIgnoreCase) && Read(e.Find(path), type, zone) is { IsMissing: false } dollars
                ? Number(dollars.Amount * 1.25m) : Measured.Missing
            : Read(e.Find(path), type, zone);

    public static Measured Date(LocalDate day) => new(Kind.Date, Period.DaysBetween(new LocalDate(1970, 1, 1), day));

    private static Measured Number(decimal number) => Exact.Entering(number) is { } entered ? Measured.Of(entered) : Measured.Missing;

    /// <summary>The latest date that the zone's clocks have shown: what they repeat of an earlier one belongs to it.</summary>
    public static LocalDate DateAt(long at, DateTimeZone zone)
    {
        var instant = Instant.FromUnixTimeMilliseconds(at);
        var (date, interval) = (instant.InZone(zone).Date, zone.GetZoneInterval(instant));
        return interval.HasStart && instant - interval.Start < Duration.FromDays(2)
            ? LocalDate.Max(date, (interval.Start - Duration.FromMilliseconds(1)).InZone(zone).Date)
            : date;
    }

    /// <summary>The first millisecond of a date, or of the next where the zone skipped it, found by halving.</summary>
    public static long StartOf(LocalDate day, DateTimeZone zone)
    {
        var noon = day.AtMidnight().InUtc().ToInstant().ToUnixTimeMilliseconds();
        var (before, at) = (noon - 3 * 86_400_000L, noon + 3 * 86_400_000L);
        while (at - before > 1)
        {
            var middle = before + (at - before) / 2;
            if (DateAt(middle, zone) >= day) at = middle;
            else before = middle;
        }
        return at;
    }

    private static Measured Time(string text, DateTimeZone zone)
    {
        if (text.Length > 19 && DateTimeOffset.TryParseExact(text.Replace("Z", "+00:00", StringComparison.Ordinal), "yyyy-MM-dd'T'HH:mm:sszzz",
                CultureInfo.InvariantCulture, DateTimeStyles.None, out var stamped))
            return new Measured(Kind.Time, stamped.ToUnixTimeMilliseconds());
        if (Day(text) is { } day) return new Measured(Kind.Time, StartOf(day, zone));
        return DateTime.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? new Measured(Kind.Time, LocalDateTime.FromDateTime(local).InUtc().ToInstant().ToUnixTimeMilliseconds())
            : Measured.Missing;
    }

    private static LocalDate? Day(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? LocalDate.FromDateTime(day) : null;

    /// <summary>The few forms that the histories here write: <c>P14D</c>, <c>P2W</c>, <c>PT36H</c>.</summary>
    private static Measured Length(string text)
    {
        var (digits, hours) = text switch
        {
            ['P', 'T', .. var number, 'H'] => (number, 1),
            ['P', .. var number, 'D'] => (number, 24),
            ['P', .. var number, 'W'] => (number, 7 * 24),
            _ => ("", 0),
        };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new Measured(Kind.Duration, (decimal)count * hours * 3_600_000)
            : Measured.Missing;
    }
}
