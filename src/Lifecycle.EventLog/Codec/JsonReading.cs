using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.EventLog.Codec;

/// <summary>The few shapes of JSON that all events share.</summary>
internal static class JsonReading
{
    // Nothing of this is ever put into HTML unescaped, and people read the log.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null) writer.WriteString(name, value);
    }

    public static void WriteOptional(this Utf8JsonWriter writer, string name, Instant? value)
    {
        if (value is { } instant) writer.WriteString(name, instant.ToIso());
    }

    /// <summary>A number without the zeros at its end, so that what was computed and what was stored in between are written alike.</summary>
    public static void WriteDecimal(this Utf8JsonWriter writer, string name, decimal value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(Numbers.ToText(value));
    }

    public static void WriteProperties(this Utf8JsonWriter writer, string name, Properties value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    public static string? OptionalText(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    public static int Whole(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static decimal Decimal(this JsonElement element, string name) => element.GetProperty(name).GetDecimal();

    public static decimal? OptionalDecimal(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) ? member.GetDecimal() : null;

    public static RecordId Id(this JsonElement element, string name) => RecordId.Parse(element.Text(name));

    public static Instant Time(this JsonElement element, string name) => ToInstant(element.Text(name));

    public static Instant? OptionalTime(this JsonElement element, string name) => element.OptionalText(name) is { } text ? ToInstant(text) : null;

    public static Instant ToInstant(string text) => InstantPattern.ExtendedIso.Parse(text).GetValueOrThrow();

    /// <summary>A member that is an object, as both parts of a row have it.</summary>
    public static Properties Slice(ReadOnlyMemory<byte> open, ReadOnlyMemory<byte>? personal, ReadOnlySpan<byte> name)
    {
        var (said, hidden) = (Slice(open, name), personal is { } known ? Slice(known, name) : null);
        return (said, hidden) switch
        {
            (null, null) => Properties.None,
            (_, null) => new Properties(said.Value),
            _ => new Properties(said ?? Properties.None.Json, hidden.Value),
        };
    }

    /// <summary>The text of a member that is an object, without reading the rest of it; null where there is no such member.</summary>
    private static ReadOnlyMemory<byte>? Slice(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json.Span, StoredJson.Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            if (found) return isObject ? json[start..(int)reader.BytesConsumed] : (ReadOnlyMemory<byte>?)null;
        }
        return null;
    }
}
