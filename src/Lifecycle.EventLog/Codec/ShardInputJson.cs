using System.Text.Json;
using Lifecycle.Domain.Events;

namespace Lifecycle.EventLog;

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
                break;
            case ClockAdvanced advanced:
                writer.WriteString("to", advanced.To.ToIso());
                break;
            case HistoryOpened or HistoryClosed:
                break;
            case CutPointsComputed computed:
                WriteCuts(writer, computed);
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
            _ when type == typeof(ReleaseActivated) => new ReleaseActivated(json.Whole("release"), json.Text("hash")),
            _ when type == typeof(HistoryOpened) => new HistoryOpened(),
            _ when type == typeof(HistoryClosed) => new HistoryClosed(),
            _ when type == typeof(ClockAdvanced) => new ClockAdvanced(json.Time("to")),
            _ when type == typeof(CutPointsComputed) => new CutPointsComputed(
                [.. json.GetProperty("points").EnumerateArray().Select(point => new CutPoint(point.Text("cut"), point.OptionalDecimal("least")))]),
            _ => throw new InvalidOperationException($"{type.Name} has no form in the log."),
        };
    }

    private static void WriteCuts(Utf8JsonWriter writer, CutPointsComputed computed)
    {
        writer.WriteStartArray("points");
        foreach (var point in computed.Points)
        {
            writer.WriteStartObject();
            writer.WriteString("cut", point.Cut);
            if (point.Least is { } least) writer.WriteDecimal("least", least);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
