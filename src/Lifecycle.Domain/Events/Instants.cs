using System.Globalization;
using NodaTime;

namespace Lifecycle.Domain.Events;

/// <summary>Instants of this system are whole milliseconds; these are the ways to make and write them.</summary>
public static class Instants
{
    /// <summary>The latest instant there is; as a due instant it means "never".</summary>
    public static readonly Instant Never = Instant.FromUtc(9999, 1, 1, 0, 0);

    /// <summary><see cref="Never"/> in milliseconds since 1970.</summary>
    public const long NeverMilliseconds = 253_370_764_800_000;

    /// <summary>The earliest instant a customer's event may have: year 1.</summary>
    public static readonly Instant Beginning = Instant.FromUtc(1, 1, 1, 0, 0);

    /// <summary>The same instant without the part below a millisecond.</summary>
    public static Instant ToMilliseconds(this Instant instant) => Instant.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

    /// <summary>ISO 8601 in UTC with exactly three decimals: <c>2026-11-22T08:00:00.000Z</c>.</summary>
    public static string ToIso(this Instant instant) =>
        instant.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The instant of so many milliseconds since 1970, at most <see cref="Never"/>.</summary>
    public static Instant At(long milliseconds) => milliseconds >= NeverMilliseconds ? Never : Instant.FromUnixTimeMilliseconds(milliseconds);

    public static Instant Earlier(Instant a, Instant b) => a < b ? a : b;

    public static Instant Later(Instant a, Instant b) => a > b ? a : b;

    public static long MillisecondsSince(this Instant instant, Instant earlier) =>
        instant.ToUnixTimeMilliseconds() - earlier.ToUnixTimeMilliseconds();

    /// <summary>The sum, or <see cref="Never"/> where it would lie beyond.</summary>
    public static Instant After(this Instant instant, long milliseconds) =>
        milliseconds >= Never.ToUnixTimeMilliseconds() - instant.ToUnixTimeMilliseconds()
            ? Never
            : Instant.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds() + milliseconds);
}
