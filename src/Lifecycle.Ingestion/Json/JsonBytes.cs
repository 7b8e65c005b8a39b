using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lifecycle.Ingestion.Json;

/// <summary>The one way in which intake writes JSON: UTF-8, compact, other scripts as themselves. Not for several threads at once.</summary>
public sealed class JsonBytes
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    /// <summary>What <paramref name="write"/> writes. It must not ask for bytes itself.</summary>
    public byte[] Write(Action<Utf8JsonWriter> write)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, Options)) write(writer);
        return _buffer.WrittenSpan.ToArray();
    }

    public byte[] Write(JsonItem item) => Write(item.WriteTo);

    /// <summary>What <paramref name="write"/> writes, for those who write once.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> write) => new JsonBytes().Write(write);

    public static byte[] Of(JsonItem item) => Of(item.WriteTo);
}
