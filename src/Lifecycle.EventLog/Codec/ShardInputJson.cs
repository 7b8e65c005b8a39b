using System.Collections.Immutable;
using System.Text.Json;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Values;

namespace Lifecycle.EventLog.Codec;

/// <summary>What each shard input looks like in the log.</summary>
internal static class ShardInputJson
{
    public static void WriteMembers(Utf8JsonWriter writer, ShardInput input)
    {
        switch (input)
        {
            case ReleaseActivated activated:
                writer.WriteNumber("release", activated.Release);
                writer.WriteString("hash", activated.Hash);
                writer.WriteNumber("semantics", activated.Engine.Semantics);
                writer.WriteString("zones", activated.Engine.Zones);
                if (!activated.Cuts.IsEmpty) WritePoints(writer, "cuts", activated.Cuts);
                break;
            case ClockAdvanced advanced:
                writer.WriteString("to", advanced.To.ToIso());
                break;
            case HistoryOpened or HistoryClosed or CountAsked:
                break;
            case CutPointsComputed computed:
                WritePoints(writer, "points", computed.Points);
                if (!computed.LeftOut.IsEmpty) WriteLeftOut(writer, computed.LeftOut);
                break;
            default:
                throw new InvalidOperationException($"{input.GetType().Name} has no form in the log.");
        }
    }

    public static ShardInput Read(Type type, ReadOnlyMemory<byte> open)
    {
        using var document = JsonDocument.Parse(open, StoredJson.Parsing);
        var json = document.RootElement;
        return type switch
        {
            _ when type == typeof(ReleaseActivated) => new ReleaseActivated(json.Whole("release"), json.Text("hash"), ReadPoints(json, "cuts"))
            {
                Engine = new EngineVersion(json.Whole("semantics"), json.Text("zones")),
            },
            _ when type == typeof(HistoryOpened) => new HistoryOpened(),
            _ when type == typeof(HistoryClosed) => new HistoryClosed(),
            _ when type == typeof(CountAsked) => new CountAsked(),
            _ when type == typeof(ClockAdvanced) => new ClockAdvanced(json.Time("to")),
            _ when type == typeof(CutPointsComputed) => new CutPointsComputed(ReadPoints(json, "points"), ReadLeftOut(json)),
            _ => throw new InvalidOperationException($"{type.Name} has no form in the log."),
        };
    }

    private static void WritePoints(Utf8JsonWriter writer, string name, ImmutableArray<CutPoints> counted)
    {
        writer.WriteStartArray(name);
        foreach (var points in counted)
        {
            writer.WriteStartObject();
            writer.WriteString("cut", points.Cut);
            writer.WriteNumber("customers", points.Customers);
            writer.WriteStartArray("values");
            foreach (var value in points.Values) writer.WriteRawValue(Numbers.ToText(value));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteLeftOut(Utf8JsonWriter writer, ImmutableArray<int> shards)
    {
        writer.WriteStartArray("left_out");
        foreach (var shard in shards) writer.WriteNumberValue(shard);
        writer.WriteEndArray();
    }

    private static ImmutableArray<CutPoints> ReadPoints(JsonElement json, string name) => json.TryGetProperty(name, out var counted)
        ? [.. counted.EnumerateArray().Select(points => new CutPoints(points.Text("cut"), points.GetProperty("customers").GetInt64(),
            [.. points.GetProperty("values").EnumerateArray().Select(value => value.GetDecimal())]))]
        : [];

    private static ImmutableArray<int> ReadLeftOut(JsonElement json) =>
        json.TryGetProperty("left_out", out var shards) ? [.. shards.EnumerateArray().Select(shard => shard.GetInt32())] : [];
}
