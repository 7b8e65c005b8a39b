using System.Globalization;

namespace Lifecycle.Domain.Values;

/// <summary>Durations are whole milliseconds. A day is 24 hours, a week seven of them; months have no fixed length and are not durations.</summary>
public static class Durations
{
    public const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour, Week = 7 * Day;

    /// <summary>The longest duration that a value can have, a hundred million years of 365 days: twice of it can still be told in
    /// milliseconds.</summary>
    public const long Max = 36_500_000_000 * Day;

    /// <summary>A duration of so many milliseconds; missing where it is longer than <see cref="Max"/>, forwards or back.</summary>
    public static Value Within(decimal milliseconds) => Math.Abs(milliseconds) <= Max ? Value.OfDuration(milliseconds) : Value.Missing;

    /// <summary>ISO 8601: <c>P14D</c>, <c>PT36H</c> as <c>P1DT12H</c>, <c>PT0S</c>.</summary>
    public static string ToIso(long milliseconds)
    {
        if (milliseconds == 0) return "PT0S";
        var sign = milliseconds < 0 ? "-" : "";
        var rest = Math.Abs(milliseconds);
        var (days, hours, minutes) = (rest / Day, rest % Day / Hour, rest % Hour / Minute);
        var seconds = rest % Minute / 1000m;
        var time = (hours == 0 ? "" : $"{hours}H") + (minutes == 0 ? "" : $"{minutes}M")
            + (seconds == 0 ? "" : seconds.ToString("0.###", CultureInfo.InvariantCulture) + "S");
        return sign + "P" + (days == 0 ? "" : $"{days}D") + (time == "" ? "" : "T" + time);
    }

    /// <summary>As a marketer writes it, in the largest unit that fits exactly: <c>14 days</c>, <c>1 hour</c>, <c>1500 milliseconds</c> as <c>1.5
    /// seconds</c>.</summary>
    public static string ToWords(long milliseconds)
    {
        var (unit, name) = milliseconds switch
        {
            0 => (Second, "second"),
            _ when milliseconds % Day == 0 => (Day, "day"),
            _ when milliseconds % Hour == 0 => (Hour, "hour"),
            _ when milliseconds % Minute == 0 => (Minute, "minute"),
            _ => (Second, "second"),
        };
        var count = (decimal)milliseconds / unit;
        return $"{Numbers.ToText(count)} {name}{(count == 1 ? "" : "s")}";
    }
}
