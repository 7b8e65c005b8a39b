using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Api.Http;

/// <summary>Reads the instants and durations that people and programs write into addresses and bodies.</summary>
public static class EmbeddedTexts
{
    private static readonly InstantPattern[] InUtc =
        [InstantPattern.ExtendedIso, InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm'Z'"),
        InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd")];

    private static readonly OffsetDateTimePattern WithOffset = OffsetDateTimePattern.ExtendedIso;

    /// <summary><c>2026-11-22T08:00:00Z</c>, the same with another offset, or a date for its first instant in UTC; null if it is neither.</summary>
    /// <remarks>A space stands for the <c>+</c> of an offset, which is what becomes of one in an address that was not encoded.</remarks>
    public static Instant? ReadInstant(string? text)
    {
        if (text is null or { Length: > 40 }) return null;
        var trimmed = text.Trim();
        foreach (var pattern in InUtc)
        {
            if (pattern.Parse(trimmed).TryGetValue(default, out var instant)) return InRange(instant);
        }
        return WithOffset.Parse(trimmed.Replace(' ', '+')).TryGetValue(default, out var local) ? InRange(local.ToInstant()) : null;
    }

    /// <summary>Milliseconds of <c>40 days</c>, <c>36 hours</c> or ISO 8601's <c>P40D</c>; null if it is neither or not whole.</summary>
    public static long? ReadDuration(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 2 && decimal.TryParse(parts[0], System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out var count) && UnitOf(parts[1]) is { } unit && count <= 1_000_000)
        {
            return (long)(count * unit);
        }
        if (!PeriodPattern.NormalizingIso.Parse(text).TryGetValue(Period.Zero, out var period) || period.Months != 0 || period.Years != 0)
            return null;
        try
        {
            return (long)period.ToDuration().TotalMilliseconds;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>What somebody sent, as far as a sentence about it should repeat it.</summary>
    public static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private static long? UnitOf(string name) => name.TrimEnd('s') switch
    {
        "second" => Durations.Second,
        "minute" => Durations.Minute,
        "hour" => Durations.Hour,
        "day" => Durations.Day,
        "week" => Durations.Week,
        _ => null,
    };

    private static Instant? InRange(Instant instant) =>
        instant >= Instants.Beginning && instant <= Instants.Never ? instant.ToMilliseconds() : null;
}
