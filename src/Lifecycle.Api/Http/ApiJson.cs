using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.Api.Http;

/// <summary>How this API writes JSON: snake_case, instants in UTC to the millisecond, durations in ISO 8601, numbers with exact digits.</summary>
public static class ApiJson
{
    public static readonly JsonSerializerOptions Options = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.MaxDepth = StoredJson.DepthMax;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new DurationConverter());
        options.Converters.Add(new EventIdConverter());
        options.Converters.Add(new DecimalConverter());
        options.Converters.Add(new ValueConverter());
        options.Converters.Add(new PropertiesConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        return options;
    }

    private sealed class InstantConverter : JsonConverter<Instant>
    {
        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            EmbeddedTexts.ReadInstant(reader.GetString()) ?? throw new JsonException("An instant such as 2026-11-22T08:00:00Z was expected.");

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToIso());
    }

    private sealed class DurationConverter : JsonConverter<Duration>
    {
        public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DurationPattern.JsonRoundtrip.Parse(reader.GetString() ?? "").GetValueOrThrow();

        public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Durations.ToIso((long)value.TotalMilliseconds));
    }

    private sealed class EventIdConverter : JsonConverter<RecordId>
    {
        public override RecordId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            RecordId.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, RecordId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <summary>Exact digits, without the zeros at their end.</summary>
    private sealed class DecimalConverter : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteRawValue(Numbers.ToText(value));
    }

    /// <summary>A value of the rules language: numbers as numbers, lists as arrays, missing as null, everything else as its text.</summary>
    private sealed class ValueConverter : JsonConverter<Value>
    {
        public override Value Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Values are only ever written.");

        public override void Write(Utf8JsonWriter writer, Value value, JsonSerializerOptions options)
        {
            switch (value.Type)
            {
                case Lifecycle.Domain.Values.RuleType.Missing: writer.WriteNullValue(); break;
                case Lifecycle.Domain.Values.RuleType.Truth: writer.WriteBooleanValue(value.IsTrue); break;
                case Lifecycle.Domain.Values.RuleType.Number: writer.WriteRawValue(value.ToString()); break;
                case Lifecycle.Domain.Values.RuleType.List: WriteList(writer, value, options); break;
                default: writer.WriteStringValue(value.ToString()); break;
            }
        }

        private void WriteList(Utf8JsonWriter writer, Value list, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in list.Items) Write(writer, item, options);
            writer.WriteEndArray();
        }
    }

    /// <summary>Properties go out as the very text they are.</summary>
    private sealed class PropertiesConverter : JsonConverter<Properties>
    {
        public override Properties Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Properties are only ever written.");

        public override void Write(Utf8JsonWriter writer, Properties value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
    }
}
