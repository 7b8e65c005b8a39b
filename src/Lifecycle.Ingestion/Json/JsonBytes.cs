using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lifecycle.Ingestion.Json;

/// <summary>The one way in which intake writes JSON: UTF-8, compact, other scripts as themselves. Not for several threads at once.</summary>
/// <remarks>One of these writes any number of values, one after another, in the same memory.</remarks>
public sealed class JsonBytes : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonBytes() => _writer = new(_buffer, Options);

    /// <summary>The writer for the next value; what was written before is given up.</summary>
    public Utf8JsonWriter Begin()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        return _writer;
    }

    /// <summary>What was written since <see cref="Begin"/>; good until that is called again.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            _writer.Flush();
            return _buffer.WrittenSpan;
        }
    }

    /// <summary>What was written since <see cref="Begin"/>, for good.</summary>
    public byte[] End() => Written.ToArray();

    public byte[] Write(JsonItem item)
    {
        item.WriteTo(Begin());
        return End();
    }

    /// <summary>What <paramref name="write"/> writes, for those who write once.</summary>
    public static byte[] Of(Action<Utf8JsonWriter> write)
    {
        using var bytes = new JsonBytes();
        write(bytes.Begin());
        return bytes.End();
    }

    public static byte[] Of(JsonItem item) => Of(item.WriteTo);

    public void Dispose() => _writer.Dispose();
}
