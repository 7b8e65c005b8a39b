using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Writes a model event's properties as the sender would have.</summary>
public static class Json
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(IReadOnlyList<(string Name, object? Value)> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options)) Write(members, writer);
        return stream.ToArray();
    }

    private static void Write(object? value, Utf8JsonWriter writer)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case IReadOnlyList<(string Name, object? Value)> members:
                writer.WriteStartObject();
                foreach (var (name, content) in members)
                {
                    writer.WritePropertyName(name);
                    Write(content, writer);
                }
                writer.WriteEndObject();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(value));
        }
    }
}
