using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Events;

/// <summary>The properties of an event: one JSON object, kept as the UTF-8 text it came as and read where a rule asks.</summary>
/// <remarks>The text has been cleaned on intake: valid JSON, no duplicate keys, no lone surrogates. What is personal lies in an object of its own
/// beside the rest, and together they hold every member once. Equality is that of both texts.</remarks>
public sealed class Properties : IEquatable<Properties>
{
    public static readonly Properties None = new("{}"u8.ToArray());

    private readonly ReadOnlyMemory<byte> _json;
    private readonly ReadOnlyMemory<byte> _personal;

    /// <param name="json">One JSON object in UTF-8. The memory must not change afterwards.</param>
    public Properties(ReadOnlyMemory<byte> json) => _json = json;

    /// <param name="personal">The members that were sealed, as another JSON object.</param>
    public Properties(ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> personal) => (_json, _personal) = (json, personal);

    public static Properties Parse(string json) => new(Encoding.UTF8.GetBytes(json));

    /// <summary>Without what is personal.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>Another open part beside the same personal one; a member that both have is read from the open one.</summary>
    public Properties WithOpen(ReadOnlyMemory<byte> json) => new(json, _personal);

    /// <summary>Whether some of it was sealed.</summary>
    public bool HasPersonal => !_personal.IsEmpty;

    /// <summary>The value at a path of member names, or <see cref="Value.Missing"/>: also for null, objects, arrays and numbers not below
    /// <see cref="Numbers.Bound"/>.</summary>
    public Value Get(ReadOnlySpan<string> path)
    {
        var value = Get(_json.Span, path);
        return value.IsMissing && HasPersonal ? Get(_personal.Span, path) : value;
    }

    /// <summary>Whether the object has a member of this name, null included.</summary>
    public bool Has(string name) => Has(_json.Span, name) || IsPersonal([name]);

    /// <summary>Whether what lies at a path was sealed, or some of it.</summary>
    public bool IsPersonal(ReadOnlySpan<string> path) => HasPersonal && !path.IsEmpty && Has(_personal.Span, path[0])
        && Get(_json.Span, path).IsMissing;

    /// <summary>Every member of the object whose value is a scalar, in order.</summary>
    public IEnumerable<KeyValuePair<string, Value>> Scalars()
    {
        using var document = JsonDocument.Parse(_json, StoredJson.Parsing);
        var scalars = new List<KeyValuePair<string, Value>>();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var value = ReadScalar(member.Value);
            if (!value.IsMissing) scalars.Add(new(member.Name, value));
        }
        return scalars;
    }

    /// <summary>Every member of the object by its name, in both parts; <see cref="Value.Missing"/> for what is no scalar.</summary>
    public IEnumerable<KeyValuePair<string, Value>> Members()
    {
        var members = new List<KeyValuePair<string, Value>>();
        foreach (var part in (ReadOnlySpan<ReadOnlyMemory<byte>>)[_json, _personal])
        {
            if (part.IsEmpty) continue;
            using var document = JsonDocument.Parse(part, StoredJson.Parsing);
            foreach (var member in document.RootElement.EnumerateObject()) members.Add(new(member.Name, ReadScalar(member.Value)));
        }
        return members;
    }

    public bool Equals(Properties? other) =>
        other is not null && _json.Span.SequenceEqual(other._json.Span) && _personal.Span.SequenceEqual(other._personal.Span);

    public override bool Equals(object? obj) => Equals(obj as Properties);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_json.Span);
        hash.AddBytes(_personal.Span);
        return hash.ToHashCode();
    }

    /// <summary>Without what is personal, which belongs in no message.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_json.Span);

    private static Value Get(ReadOnlySpan<byte> json, ReadOnlySpan<string> path)
    {
        var reader = new Utf8JsonReader(json, StoredJson.Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return Value.Missing;
        for (var depth = 0; depth < path.Length; depth++)
        {
            if (!MoveToMember(ref reader, path[depth])) return Value.Missing;
            var last = depth == path.Length - 1;
            if (!last && reader.TokenType != JsonTokenType.StartObject) return Value.Missing;
        }
        return ReadScalar(ref reader);
    }

    private static bool Has(ReadOnlySpan<byte> json, string name)
    {
        var reader = new Utf8JsonReader(json, StoredJson.Reading);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject && MoveToMember(ref reader, name);
    }

    private static bool MoveToMember(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }

    private static Value ReadScalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetDecimal(out var number) => Value.Entering(number),
        JsonTokenType.String => Value.Of(reader.GetString()!),
        JsonTokenType.True => Value.True,
        JsonTokenType.False => Value.False,
        _ => Value.Missing,
    };

    private static Value ReadScalar(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDecimal(out var number) => Value.Entering(number),
        JsonValueKind.String => Value.Of(element.GetString()!),
        JsonValueKind.True => Value.True,
        JsonValueKind.False => Value.False,
        _ => Value.Missing,
    };
}
