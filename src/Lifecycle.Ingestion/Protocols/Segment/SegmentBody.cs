using System.Text.Json;
using Lifecycle.Ingestion.Json;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>A request's body, cut into its messages but not yet read: each is judged by itself afterwards.</summary>
/// <param name="Messages">One JSON value each, in the order they were sent.</param>
/// <param name="WriteKey">The body's own key, if it has one.</param>
/// <param name="SentAt">When the sender says it sent all of them.</param>
/// <param name="Context">What the sender says of all of them; a message's own context goes before it.</param>
/// <param name="ContextIsTooDeep">It could not be read for its depth, and no message goes without it.</param>
/// <param name="ContextSize">The bytes of <paramref name="Context"/>, which count for every message.</param>
public sealed record SegmentBody(IReadOnlyList<ReadOnlyMemory<byte>> Messages, string? WriteKey, JsonItem SentAt, JsonItem Context,
    bool ContextIsTooDeep, int ContextSize)
{
    /// <summary>The body, or why there is none: it is not JSON, or not an object, or a batch without its list.</summary>
    public static (SegmentBody? Body, string? Complaint) Read(ReadOnlyMemory<byte> json, SegmentRoute route)
    {
        json = JsonCleaner.CleanUtf8(json);
        try
        {
            // Depth is judged for each message alone, so that one too deep does not cost its neighbours.
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = int.MaxValue });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return (null, "The body must be a JSON object.");
            var parts = new BodyMembers();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) parts.ReadMember(ref reader, json, inBatch: route.Type is null);
            reader.Read();
            if (route.Type is not null) parts.Messages = [json];
            return parts.Messages is null ? (null, "The body must have a list named batch.") : (parts.ToBody(), null);
        }
        catch (JsonException exception)
        {
            return (null, $"The body is not JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    private sealed class BodyMembers
    {
        private string? _writeKey;
        private JsonItem _sentAt;
        private JsonItem _context;
        private bool _contextIsTooDeep;
        private int _contextSize;

        public List<ReadOnlyMemory<byte>>? Messages { get; set; }

        public SegmentBody ToBody() =>
            new(Messages!, string.IsNullOrEmpty(_writeKey) ? null : _writeKey, _sentAt, _context, _contextIsTooDeep, _contextSize);

        public void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, bool inBatch)
        {
            var name = JsonCleaner.ReadText(ref reader);
            reader.Read();
            switch (name)
            {
                case "batch" when inBatch:
                    Messages = reader.TokenType == JsonTokenType.StartArray ? ReadMessages(ref reader, json) : null;
                    reader.Skip();
                    break;
                case "writeKey":
                    _writeKey = reader.TokenType == JsonTokenType.String ? JsonCleaner.ReadText(ref reader) : null;
                    reader.Skip();
                    break;
                case "sentAt" when inBatch:
                    _sentAt = JsonCleaner.Read(Slice(ref reader, json).Span) ?? JsonItem.Null;
                    break;
                case "context" when inBatch:
                    var context = Slice(ref reader, json);
                    // It counts for every message as if it stood in it, one level deeper.
                    var read = JsonCleaner.Read(context.Span, JsonCleaner.DepthMax - 1);
                    (_context, _contextIsTooDeep) = (read ?? JsonItem.Null, read is null);
                    _contextSize = _context.IsObject ? context.Length : 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        private static List<ReadOnlyMemory<byte>> ReadMessages(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
        {
            var messages = new List<ReadOnlyMemory<byte>>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) messages.Add(Slice(ref reader, json));
            return messages;
        }

        /// <summary>The bytes of the value at which the reader stands; it is past it afterwards.</summary>
        private static ReadOnlyMemory<byte> Slice(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return json[start..(int)reader.BytesConsumed];
        }
    }
}
