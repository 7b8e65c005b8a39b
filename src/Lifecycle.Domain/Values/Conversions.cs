using System.Globalization;
using Lifecycle.Domain.Events;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Domain.Values;

/// <summary>Reads what senders wrote as the type that a definition declares. What does not fit is missing.</summary>
public static class Conversions
{
    /// <param name="zone">Whose day it is that a date alone is the start of: the definition's.</param>
    public static Value Read(Value written, RuleType type, DateTimeZone zone)
    {
        if (written.Type == type || written.IsMissing) return written;
        return (type, written.Type) switch
        {
            (RuleType.Number, RuleType.Text) when decimal.TryParse(written.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                Value.Entering(number),
            (RuleType.Text, RuleType.Number or RuleType.Truth) => Value.Of(written.ToString()),
            (RuleType.Time, RuleType.Text) => ReadTime(written.Text, zone),
            (RuleType.Date, RuleType.Text) when LocalDatePattern.Iso.Parse(Head(written.Text, 10)) is { Success: true } date => Value.Of(date.Value),
            (RuleType.Duration, RuleType.Text) => ReadDuration(written.Text),
            _ => Value.Missing,
        };
    }

    /// <summary>ISO 8601 with an offset; without one in UTC; of a date alone the start of that day in the zone.</summary>
    private static Value ReadTime(string text, DateTimeZone zone)
    {
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } stamped) return Within(stamped.Value.ToInstant());
        if (LocalDateTimePattern.ExtendedIso.Parse(text) is { Success: true } local) return Within(local.Value.InUtc().ToInstant());
        return LocalDatePattern.Iso.Parse(text) is { Success: true } date ? Within(Dates.StartOf(date.Value, zone)) : Value.Missing;
    }

    /// <summary>ISO 8601 in weeks, days, hours, minutes and seconds: <c>P14D</c>, <c>PT36H</c>. Months and years have no fixed length.</summary>
    private static Value ReadDuration(string text)
    {
        if (PeriodPattern.NormalizingIso.Parse(text) is not { Success: true, Value: { Months: 0, Years: 0 } period }) return Value.Missing;
        decimal hours = (period.Weeks * 7m + period.Days) * 24 + period.Hours;
        return Durations.Within(((hours * 60 + period.Minutes) * 60 + period.Seconds) * 1000 + period.Milliseconds);
    }

    private static Value Within(Instant instant) =>
        instant > Instants.Beginning && instant < Instants.Never ? Value.Of(instant.ToMilliseconds()) : Value.Missing;

    private static string Head(string text, int length) => text.Length <= length ? text : text[..length];
}
