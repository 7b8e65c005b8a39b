using System.Runtime.InteropServices;
using System.Text.Json;
using Lifecycle.Ingestion.Json;

namespace Lifecycle.Ingestion.Protocols.Segment;

/// <summary>A hash of named values that is the same in whichever order they, and the members of the objects in them, were sent.</summary>
/// <remarks>One of these hashes any number of messages, one after another, in the same memory.</remarks>
internal sealed class ContentHash
{
    // What is added, and behind it the members of the objects being written, the inner ones' behind the outer ones'.
    private readonly List<JsonMember> _members = [];

    /// <param name="name">Another one each time, until <see cref="Take"/>.</param>
    public void Add(string name, JsonItem value) => _members.Add(new(name, value));

    /// <summary>The hash of all that was added since the last.</summary>
    /// <param name="bytes">Where to write it in the meantime.</param>
    public Guid Take(JsonBytes bytes)
    {
        WriteSorted(bytes.Begin(), start: 0);
        return MessageHash.Of(bytes.Written);
    }

    private void WriteSorted(Utf8JsonWriter writer, JsonItem item)
    {
        switch (item.Kind)
        {
            case JsonKind.Record:
                var start = _members.Count;
                _members.AddRange(item.Members);
                WriteSorted(writer, start);
                break;
            case JsonKind.List:
                writer.WriteStartArray();
                foreach (var inner in item.Items) WriteSorted(writer, inner);
                writer.WriteEndArray();
                break;
            default:
                item.WriteTo(writer);
                break;
        }
    }

    /// <summary>Writes the object of all members from <paramref name="start"/> on, by name, and takes them away.</summary>
    private void WriteSorted(Utf8JsonWriter writer, int start)
    {
        var end = _members.Count;
        CollectionsMarshal.AsSpan(_members)[start..].Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        writer.WriteStartObject();
        for (var i = start; i < end; i++)
        {
            writer.WritePropertyName(_members[i].Name);
            WriteSorted(writer, _members[i].Value);
        }
        writer.WriteEndObject();
        _members.RemoveRange(start, end - start);
    }
}
