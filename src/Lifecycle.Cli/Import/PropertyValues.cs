using System.Globalization;
using System.Text.Json;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using Lifecycle.Ingestion.Json;
using Lifecycle.Ingestion.Protocols.Segment;
using NodaTime;

namespace Lifecycle.Cli.Import;

/// <summary>From a cell's text to a property's JSON, and to instants.</summary>
internal static class PropertyValues
{
    // From here on nothing is counted.
    private const decimal NumberEnd = 1e19m;

    public static bool CanRead(string text, ImportType type) => type switch
    {
        ImportType.Number or ImportType.Money => TryNumber(text, out _),
        ImportType.Bool => TryTruth(text, out _),
        ImportType.Text or ImportType.Time => true,
    };

    /// <summary>Writes the value; false, and nothing written, when the text is not of the type.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, string name, string text, ImportType type, TimeColumn time, DateTimeZone days)
    {
        switch (type)
        {
            case ImportType.Number or ImportType.Money when TryNumber(text, out var number):
                writer.WritePropertyName(name);
                writer.WriteRawValue(Numbers.ToText(number));
                return true;
            case ImportType.Bool when TryTruth(text, out var truth):
                writer.WriteBoolean(name, truth);
                return true;
            case ImportType.Time when TryInstant(text, time, days, out var instant):
                writer.WriteString(name, instant.ToIso());
                return true;
            case ImportType.Text:
                writer.WriteString(name, text);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The instant of a text in the time column's format and zone, down to the millisecond.</summary>
    /// <param name="days">The zone in which a date alone begins where the map names none.</param>
    public static bool TryInstant(string text, TimeColumn time, DateTimeZone days, out Instant instant)
    {
        instant = default;
        if (time.Pattern is { } pattern)
        {
            var parsed = pattern.Parse(text);
            if (parsed.Success)
                instant = parsed.Value.InZoneLeniently(time.Zone ?? (time.IsDate ? days : DateTimeZone.Utc)).ToInstant().ToMilliseconds();
            return parsed.Success;
        }
        if (time.Zone is null) return Stamps.Read(JsonItem.OfText(text), days) is { } read && Given(read, out instant);
        var looksRight = text.Length >= 10 && char.IsAsciiDigit(text[3]) && text[4] == '-' && text[7] == '-';
        if (!looksRight || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment)) return false;
        instant = moment.Kind == DateTimeKind.Unspecified
            ? LocalDateTime.FromDateTime(moment).InZoneLeniently(time.Zone).ToInstant().ToMilliseconds()
            : Instant.FromDateTimeUtc(moment.ToUniversalTime()).ToMilliseconds();
        return true;
    }

    private static bool Given(Instant read, out Instant instant)
    {
        instant = read;
        return true;
    }

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && Math.Abs(number) < NumberEnd;

    private static bool TryTruth(string text, out bool truth)
    {
        bool? read = text.ToLowerInvariant() switch
        {
            "true" or "t" or "yes" or "y" or "1" => true,
            "false" or "f" or "no" or "n" or "0" => false,
            _ => null,
        };
        truth = read ?? false;
        return read is not null;
    }
}
