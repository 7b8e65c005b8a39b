using NodaTime;

namespace Lifecycle.Domain.Events;

/// <summary>Dates of a zone, whatever its clocks do. Each begins once, and they begin in their order.</summary>
/// <remarks>A date that a zone skipped begins, and ends, where the gap ends. A date that comes twice is one, and so is one whose end comes after the
/// next has begun: what clocks repeat of an earlier date belongs to the later.</remarks>
public static class Dates
{
    /// <summary>No date is longer: one that comes twice has 48 hours.</summary>
    public static readonly Duration LongestMax = Duration.FromHours(48);

    /// <summary>The first instant of a date.</summary>
    public static Instant StartOf(LocalDate date, DateTimeZone zone)
    {
        var midnight = zone.MapLocal(date.AtMidnight());
        return midnight.Count == 0 ? midnight.LateInterval.Start : midnight.First().ToInstant();
    }

    /// <summary>The date that the zone's clocks show, or the next where that has begun before.</summary>
    public static LocalDate Of(Instant instant, DateTimeZone zone)
    {
        var interval = zone.GetZoneInterval(instant);
        var date = instant.WithOffset(interval.WallOffset).Date;
        // Clocks show a date again only for a while after they were set back.
        if (!interval.HasStart || instant - interval.Start >= LongestMax) return date;
        var next = date.PlusDays(1);
        return StartOf(next, zone) <= instant ? next : date;
    }
}
