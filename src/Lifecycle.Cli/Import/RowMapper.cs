using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lifecycle.Domain.Events;
using Lifecycle.Ingestion.Protocols.Segment;
using NodaTime;

namespace Lifecycle.Cli.Import;

/// <summary>Makes track calls of rows, and remembers what it has seen of the whole import.</summary>
/// <remarks>A row without an id of its own is known by its text and by how often that text came before: two equal rows are two events, and the
/// same file again is the same events.</remarks>
internal sealed class RowMapper(ImportTenant tenant)
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Dictionary<string, int> _customers = [];
    private readonly Dictionary<Guid, int> _occurrences = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private int _sequence;

    /// <summary>The customers of all rows so far.</summary>
    public IReadOnlyCollection<string> Customers => _customers.Keys;

    /// <summary>The event of a row, or why it is bad; neither when the map's <c>where</c> leaves it out.</summary>
    public (ImportRow? Row, BadRow? Bad) Map(ImportedEvent row, ImportSource source, int sourceIndex)
    {
        var map = source.Map;
        BadRow Bad(int column, string reason) => new(source.File, row.Line, column < 0 ? null : map.Columns[column], reason);

        if (row.Fault is { } fault) return (null, Bad(-1, fault));
        if (map.Where is { } where)
        {
            var (counts, notANumber) = where.Judge(row);
            if (notANumber >= 0) return (null, Bad(notANumber, NotOfType(row.Values[notANumber], "number")));
            if (!counts) return default;
        }
        var (customer, emptyColumn) = map.Customer.Fill(row);
        if (customer is null) return (null, Bad(emptyColumn, "It is empty, and the customer's id is made of it."));
        if (EventName(map.Event, row) is not { } name) return (null, Bad(map.Event.Column, "It is empty, and the event's name comes from it."));
        var stamp = row.Values[map.Time.Column]?.Trim();
        if (stamp is null || !PropertyValues.TryInstant(stamp, map.Time, tenant.Zone, out var at))
            return (null, Bad(map.Time.Column, NotOfType(stamp, "time of the map's format")));
        if (at > tenant.Clock + Stamps.FutureTolerance) return (null, Bad(map.Time.Column, $"\"{Shortened(stamp)}\" has not come yet."));
        var (id, missing) = map.Id is { } template ? template.Fill(row) : (DefaultId(row), -1);
        if (id is null) return (null, Bad(missing, "It is empty, and the event's id is made of it."));

        _buffer.ResetWrittenCount();
        if (WriteMessage(row, map, name, customer, id, at) is { } wrong)
            return (null, Bad(wrong.Column, NotOfType(row.Values[wrong.Column], wrong.Type.ToString().ToLowerInvariant())));
        return (new ImportRow(NumberOf(customer), at.ToUnixTimeMilliseconds(), _buffer.WrittenSpan.ToArray(), sourceIndex, row.Line, _sequence++),
            null);
    }

    /// <summary>Writes the call; the property whose text is not of its type, if there is one.</summary>
    private PropertyColumn? WriteMessage(ImportedEvent row, ImportMap map, string name, string customer, string id, Instant at)
    {
        using var writer = new Utf8JsonWriter(_buffer, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("type", "track");
        writer.WriteString("messageId", id);
        writer.WriteString("userId", customer);
        writer.WriteString("event", name);
        writer.WriteString("timestamp", at.ToIso());
        writer.WriteStartObject("properties");
        foreach (var property in map.Properties)
        {
            var text = property.Constant ?? row.Values[property.Column];
            if (property.Type != ImportType.Text) text = text?.Trim();
            if (string.IsNullOrEmpty(text)) continue;
            if (!PropertyValues.TryWrite(writer, property.Name, text, property.Type, map.Time, tenant.Zone)) return property;
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        return null;
    }

    private static string? EventName(EventColumn column, ImportedEvent row)
    {
        if (column.Constant is { } constant) return constant;
        var value = row.Values[column.Column]?.Trim();
        return string.IsNullOrEmpty(value) ? null : column.Names.GetValueOrDefault(value, value);
    }

    private string DefaultId(ImportedEvent row)
    {
        var text = StableHash.Of(row.Text);
        var occurrence = _occurrences[text] = _occurrences.GetValueOrDefault(text) + 1;
        return StableHash.Of(row.Text, occurrence.ToString(CultureInfo.InvariantCulture)).ToString("n");
    }

    private int NumberOf(string customer)
    {
        if (!_customers.TryGetValue(customer, out var number)) _customers.Add(customer, number = _customers.Count);
        return number;
    }

    private static string NotOfType(string? text, string type) =>
        string.IsNullOrEmpty(text) ? "It is empty." : $"\"{Shortened(text)}\" is not a {type}.";

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
