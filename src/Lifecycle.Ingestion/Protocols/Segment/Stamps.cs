using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Sql;
using Lifecycle.Ingestion.Json;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>Whose clock says when a live event happened.</summary>
public enum ClockMode : byte
{
    /// <summary>The sender's stamp is taken as it is: for servers, whose clocks are right.</summary>
    Server,

    /// <summary>The sender's stamp is corrected by how far its clock was off when it sent: for devices.</summary>
    Client,
}

/// <summary>What came of reading when a message happened.</summary>
public enum StampState : byte
{
    /// <summary>It was read.</summary>
    Read,

    /// <summary>The message bears no time.</summary>
    Absent,

    /// <summary>What it bears cannot be read as a time.</summary>
    Unreadable,

    /// <summary>It lies later than the present, by more than clocks are usually off.</summary>
    Future,
}

/// <param name="OccurredAt">When the message happened; <see cref="Stamps.Receipt"/> where that is when it was received.</param>
public readonly record struct Stamp(Instant OccurredAt, StampState State);

/// <summary>When an event happened, from the stamps it bears.</summary>
public static class Stamps
{
    /// <summary>"When it was received": the log lets no event be later than its own time, so this becomes exactly that.</summary>
    public static readonly Instant Receipt = Instants.Never;

    /// <summary>As far as the clocks of senders may be ahead without a word about it.</summary>
    public static readonly Duration FutureTolerance = Duration.FromMinutes(1);

    /// <summary>From here on a stamp is none, as little as before <see cref="LogStatements.OccurredAtMin"/>: no clock that was set shows
    /// it.</summary>
    private static readonly Instant End = Instants.Never;

    // Seconds and milliseconds since 1970 are told apart by their size: either way 1973 to 5138. Smaller numbers are counters, or dates without their
    // signs.
    private const decimal SecondsMin = 1e8m, MillisecondsMin = 1e11m, MillisecondsEnd = 1e14m;
    private const int LengthMax = 64;

    /// <summary>When a message says it happened, and how well it says so.</summary>
    /// <remarks>In client mode a live event happened at received − (sentAt − original). Imported ones keep their stamp: nobody's clock was off
    /// by years. Not every SDK renews <c>sentAt</c> when it retries, so the correction is the key's choice.</remarks>
    /// <param name="timestamp">What the sender says, or null.</param>
    /// <param name="original">What the sender's SDK stamped it with, or null.</param>
    /// <param name="received">By this process's clock.</param>
    /// <param name="zone">In which a date without a time begins.</param>
    public static Stamp OccurredAt(JsonItem timestamp, JsonItem original, JsonItem sentAt, ClockMode mode, bool imported, Instant received,
        DateTimeZone zone)
    {
        if (mode == ClockMode.Client && !imported && Read(sentAt, zone) is { } sent && Read(original.IsNull ? timestamp : original, zone) is { } made)
        {
            return Counted(received.ToUnixTimeMilliseconds() - sent.MillisecondsSince(made)) is { } corrected
                ? new(corrected, StampState.Read)
                : new(Receipt, StampState.Unreadable);
        }
        var said = timestamp.IsNull ? original : timestamp;
        if (said.IsNull) return new(Receipt, StampState.Absent);
        return Read(said, zone) switch
        {
            null => new(Receipt, StampState.Unreadable),
            { } future when future > received + FutureTolerance => new(future, StampState.Future),
            { } past => new(past, StampState.Read),
        };
    }

    /// <summary>The instant of a text in ISO 8601 or of a number of seconds or milliseconds since 1970, down to the millisecond. A date alone is the
    /// beginning of that day in the zone, a date and time without offset is UTC. Null for anything else, and for what lies before 1900 or after
    /// 9998.</summary>
    public static Instant? Read(JsonItem stamp, DateTimeZone zone)
    {
        if (stamp.Kind is not (JsonKind.Text or JsonKind.Number) || stamp.Text.Length > LengthMax) return null;
        var text = stamp.Text.AsSpan().Trim();
        if (text.Length >= 10 && char.IsAsciiDigit(text[3]) && text[4] == '-' && text[7] == '-') return text.Length == 10 ? ReadDate(text, zone)
            : ReadTime(text);
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? ReadNumber(number) : null;
    }

    private static Instant? ReadDate(ReadOnlySpan<char> text, DateTimeZone zone) =>
        LocalDatePattern.Iso.Parse(text.ToString()) is { Success: true } date
        ? Counted(Dates.StartOf(date.Value, zone).ToUnixTimeMilliseconds())
        : null;

    private static Instant? ReadTime(ReadOnlySpan<char> text)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!text[11..].StartsWith("24:00", StringComparison.Ordinal))
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var moment) ? Counted(moment.ToUnixTimeMilliseconds())
                : null;
        // ISO 8601 ends a day at 24:00:00, which is when the next one begins.
        var clock = text[11..];
        var seconds = clock.StartsWith("24:00:00", StringComparison.Ordinal) ? 8 : 5;
        var rest = clock[Math.Min(seconds, clock.Length)..];
        if (rest is ['.', .. var fraction]) rest = fraction.TrimStart('0');
        if (rest is [(>= '0' and <= '9') or ':', ..]) return null;
        return DateTimeOffset.TryParse($"{text[..11]}00:00{(seconds == 8 ? ":00" : "")}{rest}", CultureInfo.InvariantCulture, Styles,
            out var midnight)
            ? Counted(midnight.ToUnixTimeMilliseconds() + Lifecycle.Domain.Values.Durations.Day)
            : null;
    }

    private static Instant? ReadNumber(decimal number) => number switch
    {
        >= SecondsMin and < MillisecondsMin => Counted((long)(number * 1000)),
        >= MillisecondsMin and < MillisecondsEnd => Counted((long)number),
        _ => null,
    };

    private static Instant? Counted(long milliseconds) =>
        milliseconds >= LogStatements.OccurredAtMin.ToUnixTimeMilliseconds() && milliseconds < End.ToUnixTimeMilliseconds()
            ? Instant.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
