using System.Text.Json;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;
using NodaTime.Text;

namespace Lifecycle.EventLog.Codec;

/// <summary>A condition's explanation in the log: <c>{"op","text","value","parts":[…],"events":[…],"times":[…]}</c>, the last where there are
/// events.</summary>
/// <remarks>Numbers, texts and truths are JSON's own, lists are arrays and missing is null. The others say what they are:
/// <c>{"time":"2026-11-22T08:00:00.000Z"}</c>, <c>{"date":"2026-11-22"}</c>, <c>{"duration":"P14D"}</c>; what is personal is
/// <c>{"personal":"sealed"}</c>. Durations are exact to the millisecond.</remarks>
internal static class ExplanationJson
{
    /// <param name="withTimes">False for the form of before the times were told.</param>
    public static void Write(Utf8JsonWriter writer, Explanation explanation, bool withTimes)
    {
        writer.WriteStartObject();
        writer.WriteString("op", explanation.Kind.Word());
        writer.WriteString("text", explanation.Text);
        writer.WritePropertyName("value");
        WriteValue(writer, explanation.Value);
        writer.WriteStartArray("parts");
        foreach (var part in explanation.Parts) Write(writer, part, withTimes);
        writer.WriteEndArray();
        writer.WriteStartArray("events");
        foreach (var id in explanation.Events) writer.WriteStringValue(id.ToString());
        writer.WriteEndArray();
        if (withTimes && !explanation.Times.IsEmpty) WriteTimes(writer, explanation);
        writer.WriteEndObject();
    }

    public static Explanation Read(JsonElement json) => new(
        ExplanationKinds.Of(json.Text("op")), json.Text("text"), ReadValue(json.GetProperty("value")),
        [.. json.GetProperty("parts").EnumerateArray().Select(Read)],
        [.. json.GetProperty("events").EnumerateArray().Select(id => RecordId.Parse(id.GetString()!))])
    {
        Times = json.TryGetProperty("times", out var times) ? [.. times.EnumerateArray().Select(time => JsonReading.ToInstant(time.GetString()!))]
            : [],
    };

    private static void WriteTimes(Utf8JsonWriter writer, Explanation explanation)
    {
        writer.WriteStartArray("times");
        foreach (var time in explanation.Times) writer.WriteStringValue(time.ToIso());
        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, Value value)
    {
        switch (value.Type)
        {
            case RuleType.Missing: writer.WriteNullValue(); break;
            case RuleType.Number: writer.WriteNumberValue(value.Magnitude); break;
            case RuleType.Text: writer.WriteStringValue(value.Text); break;
            case RuleType.Truth: writer.WriteBooleanValue(value.IsTrue); break;
            case RuleType.Time: WriteTyped(writer, "time", value); break;
            case RuleType.Date: WriteTyped(writer, "date", value); break;
            case RuleType.Duration: WriteTyped(writer, "duration", value); break;
            case RuleType.List: WriteList(writer, value); break;
            case RuleType.Sealed: WriteTyped(writer, "personal", value); break;
            default: throw new ArgumentOutOfRangeException(nameof(value));
        }
    }

    private static void WriteList(Utf8JsonWriter writer, Value value)
    {
        writer.WriteStartArray();
        foreach (var item in value.Items) WriteValue(writer, item);
        writer.WriteEndArray();
    }

    private static void WriteTyped(Utf8JsonWriter writer, string type, Value value)
    {
        writer.WriteStartObject();
        writer.WriteString(type, value.ToString());
        writer.WriteEndObject();
    }

    private static Value ReadValue(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => Value.Of(json.GetDecimal()),
        JsonValueKind.String => Value.Of(json.GetString()!),
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        JsonValueKind.Array => Value.Of(EquatableLists.Of<Value>([.. json.EnumerateArray().Select(ReadValue)])),
        JsonValueKind.Object when json.OptionalText("time") is { } time => Value.Of(JsonReading.ToInstant(time)),
        JsonValueKind.Object when json.OptionalText("date") is { } date => Value.Of(LocalDatePattern.Iso.Parse(date).GetValueOrThrow()),
        JsonValueKind.Object when json.OptionalText("duration") is { } duration => Value.OfDuration(Milliseconds(duration)),
        JsonValueKind.Object when json.OptionalText("personal") is not null => Value.Sealed,
        _ => Value.Missing,
    };

    // Days are 24 hours in this system, which a period without months, years and weeks states exactly. It is added up here because
    // NodaTime does so in nanoseconds, which end after 292 years.
    private static long Milliseconds(string iso)
    {
        var negative = iso.StartsWith('-');
        var period = PeriodPattern.NormalizingIso.Parse(negative ? iso[1..] : iso).GetValueOrThrow();
        var minutes = (period.Days * 24L + period.Hours) * 60 + period.Minutes;
        var milliseconds = (minutes * 60 + period.Seconds) * 1000 + period.Milliseconds;
        return negative ? -milliseconds : milliseconds;
    }
}
