using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Cli.Import;

/// <summary>Reads a file's rows one by one, whatever its size; a name that ends in .gz is inflated on the way.</summary>
public static class RowReader
{
    private const string NotUtf8 = "It has bytes that are not UTF-8. If the file is in ISO 8859-1, write 'encoding: latin1' into its map.";

    /// <exception cref="ImportFailedException">The file cannot be read, or lacks a column that the map names.</exception>
    public static IEnumerable<ImportedEvent> Read(string file, ImportMap map)
    {
        using var reader = Open(file, map.Encoding);
        using var rows = (map.Format == RowFormat.Ndjson ? ReadObjects(reader, map) : ReadFields(file, reader, map)).GetEnumerator();
        while (MoveNext(rows, file)) yield return rows.Current;
    }

    private static bool MoveNext(IEnumerator<ImportedEvent> rows, string file)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new ImportFailedException($"{file} cannot be read to its end; it is damaged or cut off: {exception.Message}");
        }
    }

    private static StreamReader Open(string file, Encoding encoding)
    {
        try
        {
            Stream stream = File.OpenRead(file);
            if (file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) stream = new GZipStream(stream, CompressionMode.Decompress);
            return new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImportFailedException($"{file} cannot be read: {exception.Message}");
        }
    }

    private static IEnumerable<ImportedEvent> ReadFields(string file, TextReader reader, ImportMap map)
    {
        var records = new RecordReader(reader, map.Format);
        string[]? names = null;
        var places = Array.Empty<int>();
        while (records.Read() is { } record)
        {
            if (names is null)
            {
                if (IsObject(record.Text))
                    throw new ImportFailedException(
                        $"{file} has a JSON object on each line, but its map reads {Name(map.Format)}; write 'format: ndjson' into the map.");
                if (map.Header && IsNotUtf8(record.Text)) throw new ImportFailedException($"{file}:{record.Line}: {NotUtf8}");
                names = map.Header ? record.Fields : [.. Enumerable.Range(1, record.Fields.Length).Select(number => $"c{number}")];
                places = Places(file, names, map);
                if (map.Header) continue;
            }
            var fault = record.Fault ?? (IsNotUtf8(record.Text) ? NotUtf8 : null)
                ?? (record.Fields.Length == names.Length ? null : $"The row has {record.Fields.Length} fields, not {names.Length}.");
            yield return new(fault is null ? Array.ConvertAll(places, place => (string?)record.Fields[place]) : [], record.Text, record.Line, fault);
        }
    }

    private static int[] Places(string file, string[] names, ImportMap map) => [.. map.Columns.Select(column =>
    {
        var place = Array.IndexOf(names, column);
        return place >= 0 ? place : throw new ImportFailedException($"{file} has no column {column}; it has {string.Join(", ", names)}.");
    })];

    private static bool IsNotUtf8(string text) => text.Contains(Encodings.NotUtf8, StringComparison.Ordinal);

    private static string Name(RowFormat format) => format.ToString().ToLowerInvariant();

    private static bool IsObject(string text)
    {
        if (!text.TrimStart().StartsWith('{')) return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<ImportedEvent> ReadObjects(TextReader reader, ImportMap map)
    {
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text)) yield return IsNotUtf8(text) ? new([], text, line, NotUtf8) : ReadObject(text, line, map);
        }
    }

    private static ImportedEvent ReadObject(string text, int line, ImportMap map)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return new([], text, line, "The row is not a JSON object.");
            return new([.. map.Columns.Select(column => Find(document.RootElement, column))], text, line, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new([], text, line, "The row is not JSON.");
        }
    }

    /// <summary>The member of that name, or else the one at the path with dots in it.</summary>
    private static string? Find(JsonElement row, string column)
    {
        if (row.TryGetProperty(column, out var value)) return TextOf(value);
        foreach (var name in column.Split('.'))
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(name, out row)) return null;
        }
        return TextOf(row);
    }

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
