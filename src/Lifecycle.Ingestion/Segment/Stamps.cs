using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using Lifecycle.Ingestion.Json;
using NodaTime;

namespace Lifecycle.Ingestion.Segment;

/// <summary>Whose clock says when a live event happened.</summary>
public enum ClockMode : byte
{
    /// <summary>The sender's stamp is taken as it is: for servers, whose clocks are right.</summary>
    Server,

    /// <summary>The sender's stamp is corrected by how far its clock was off when it sent: for devices.</summary>
    Client,
}

/// <summary>When an event happened, from the stamps it bears.</summary>
public static class Stamps
{
    /// <summary>"When it was received": the log lets no event be later than its own time, so this becomes exactly that.</summary>
    public static readonly Instant Receipt = Instants.Never;

    /// <summary>From here on a stamp is none, as little as before <see cref="LogStatements.OccurredAtMin"/>: no clock that was set shows it.</summary>
    private static readonly Instant End = Instants.Never;

    /// <summary>The instant at which a message says it happened, or <see cref="Receipt"/> where its stamp cannot be read.</summary>
    /// <remarks>In client mode a live event happened at received − (sentAt − original). Imported ones keep their stamp: nobody's clock was off
    /// by years. Not every SDK renews <c>sentAt</c> when it retries, so the correction is the key's choice.</remarks>
    /// <param name="timestamp">What the sender says, or null.</param>
    /// <param name="original">What the sender's SDK stamped it with, or null.</param>
    /// <param name="received">By this process's clock.</param>
    public static Instant OccurredAt(JsonItem timestamp, JsonItem original, JsonItem sentAt, ClockMode mode, bool imported, Instant received)
    {
        if (mode == ClockMode.Client && !imported && Read(sentAt) is { } sent && Read(original.IsNull ? timestamp : original) is { } made)
        {
            return Counted(received.ToUnixTimeMilliseconds() - sent.MillisecondsSince(made)) ?? Receipt;
        }
        return Read(timestamp.IsNull ? original : timestamp) ?? Receipt;
    }

    /// <summary>The instant of an ISO 8601 text, down to the millisecond; UTC without an offset. Null for anything else, and for what lies before
    /// 1900 or after 9998.</summary>
    public static Instant? Read(JsonItem stamp)
    {
        var text = stamp.Kind == JsonKind.Text ? stamp.Text : "";
        if (text.Length < 10 || !char.IsAsciiDigit(text[3]) || text[4] != '-' || text[7] != '-') return null;
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out var moment)
            ? Counted(moment.ToUnixTimeMilliseconds())
            : null;
    }

    private static Instant? Counted(long milliseconds) =>
        milliseconds >= LogStatements.OccurredAtMin.ToUnixTimeMilliseconds() && milliseconds < End.ToUnixTimeMilliseconds()
            ? Instant.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
