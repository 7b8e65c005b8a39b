using System.Buffers;
using System.Text.Json;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using NodaTime;
using NodaTime.Text;

namespace Lifecycle.EventLog.Archive;

/// <summary>A row of the log as one line of JSON, the form in which archived months can be read in twenty years without this program.</summary>
/// <remarks>Members by the names of the table's columns, those without a value left out; times in ISO 8601. <c>open</c> stands as it was stored, byte
/// by byte; where it is not a JSON object on one line, <c>open_base64</c> stands in its place.</remarks>
internal static class ArchivedRow
{
    /// <summary>A row holds what its writer put in; the depth of that was bounded when it came.</summary>
    private const int DepthMax = 256;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = DepthMax };
    private static readonly InstantPattern Times = InstantPattern.ExtendedIso;

    /// <summary>Writes the line, without its end.</summary>
    public static void Write(IBufferWriter<byte> line, LogRow row)
    {
        using var json = new Utf8JsonWriter(line, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteNumber("tenant", row.Tenant);
        json.WriteString("customer", row.Customer!.Value.Value);
        json.WriteNumber("position", row.Position);
        json.WriteNumber("kind", (int)row.Kind);
        json.WriteString("name", row.Name);
        json.WriteNumber("version", row.Version);
        json.WriteString("id", row.Id.Value);
        json.WriteString("recorded_at", Times.Format(row.RecordedAt));
        json.WriteString("clock", Times.Format(row.Clock));
        json.WriteString("occurred_at", Times.Format(row.OccurredAt));
        if (row.Imported) json.WriteBoolean("imported", true);
        if (row.Hops != 0) json.WriteNumber("hops", row.Hops);
        if (row.Cause is { } cause) json.WriteString("cause", cause.Value);
        if (row.Ordinal is { } ordinal) json.WriteNumber("ordinal", ordinal);
        if (IsObjectOnOneLine(row.Open.Span))
        {
            json.WritePropertyName("open");
            json.WriteRawValue(row.Open.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String("open_base64", row.Open.Span);
        }
        if (row.Sealed is { } personal) json.WriteBase64String("sealed", personal.Span);
        json.WriteEndObject();
    }

    /// <summary>Whose row a line is, without reading the rest of it.</summary>
    public static CustomerAddress AddressOf(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line, Reading);
        for (var tokens = 0; tokens < 3; tokens++) json.Read();
        var tenant = json.GetInt32();
        for (var tokens = 0; tokens < 2; tokens++) json.Read();
        return new CustomerAddress(tenant, new CustomerKey(json.GetGuid()));
    }

    /// <exception cref="FormatException">The line holds no row.</exception>
    public static LogRow Read(int shard, ReadOnlySpan<byte> line)
    {
        try
        {
            return ReadMembers(shard, line);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or UnparsableValueException)
        {
            throw new FormatException("A line of an archive holds no row of the log.", wrong);
        }
    }

    private static LogRow ReadMembers(int shard, ReadOnlySpan<byte> line)
    {
        var row = new LogRow(shard, 0, default, default, default, 0, null, EventKind.Input, "", 0, false, 0, null, null, default, default, null);
        var json = new Utf8JsonReader(line, Reading);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            row = name switch
            {
                "tenant" => row with { Tenant = json.GetInt32() },
                "customer" => row with { Customer = new CustomerKey(json.GetGuid()) },
                "position" => row with { Position = json.GetInt64() },
                "kind" => row with { Kind = (EventKind)json.GetInt32() },
                "name" => row with { Name = json.GetString()! },
                "version" => row with { Version = json.GetInt16() },
                "id" => row with { Id = new RecordId(json.GetGuid()) },
                "recorded_at" => row with { RecordedAt = TimeOf(json) },
                "clock" => row with { Clock = TimeOf(json) },
                "occurred_at" => row with { OccurredAt = TimeOf(json) },
                "imported" => row with { Imported = json.GetBoolean() },
                "hops" => row with { Hops = json.GetInt32() },
                "cause" => row with { Cause = new RecordId(json.GetGuid()) },
                "ordinal" => row with { Ordinal = json.GetInt32() },
                "open" => row with { Open = Raw(line, ref json) },
                "open_base64" => row with { Open = json.GetBytesFromBase64() },
                "sealed" => row with { Sealed = json.GetBytesFromBase64() },
                _ => throw new FormatException($"A row of the log has no '{name}'."),
            };
        }
        return row;
    }

    private static Instant TimeOf(in Utf8JsonReader json) => Times.Parse(json.GetString()!).Value;

    private static byte[] Raw(ReadOnlySpan<byte> line, ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return line[start..(int)json.BytesConsumed].ToArray();
    }

    private static bool IsObjectOnOneLine(ReadOnlySpan<byte> open)
    {
        if (open is not [(byte)'{', .., (byte)'}'] || open.ContainsAny("\n\r"u8)) return false;
        try
        {
            var json = new Utf8JsonReader(open, new JsonReaderOptions { MaxDepth = DepthMax - 1 });
            while (json.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
