using System.Text.Json;

namespace Lifecycle.Ingestion.Json;

/// <summary>What a JSON value is.</summary>
public enum JsonKind : byte { Null, False, True, Number, Text, List, Record }

/// <summary>One named value of an object.</summary>
public readonly record struct JsonMember(string Name, JsonItem Value);

/// <summary>A JSON value that is safe to store: text without U+0000 and lone surrogates, names of an object all different, numbers within
/// decimal.</summary>
/// <remarks>Numbers keep the digits they were sent with. <see cref="JsonCleaner"/> makes these from bytes.</remarks>
public readonly struct JsonItem
{
    private readonly object? _content;

    private JsonItem(JsonKind kind, object? content = null) => (Kind, _content) = (kind, content);

    public static readonly JsonItem Null;
    public static readonly JsonItem True = new(JsonKind.True);
    public static readonly JsonItem False = new(JsonKind.False);
    public static readonly JsonItem NoMembers = new(JsonKind.Record, Array.Empty<JsonMember>());

    public static JsonItem OfText(string text) => new(JsonKind.Text, text);

    /// <param name="digits">A number as JSON writes it.</param>
    public static JsonItem OfNumber(string digits) => new(JsonKind.Number, digits);
    public static JsonItem OfList(JsonItem[] items) => new(JsonKind.List, items);

    /// <param name="members">All names different.</param>
    public static JsonItem OfObject(JsonMember[] members) => new(JsonKind.Record, members);

    public JsonKind Kind { get; }
    public bool IsNull => Kind == JsonKind.Null;
    public bool IsObject => Kind == JsonKind.Record;

    /// <summary>The text, or the digits of a number; empty for anything else.</summary>
    public string Text => _content as string ?? "";

    /// <summary>The values of a list; empty for anything else.</summary>
    public ReadOnlySpan<JsonItem> Items => _content as JsonItem[];

    /// <summary>The members of an object; empty for anything else.</summary>
    public ReadOnlySpan<JsonMember> Members => _content as JsonMember[];

    /// <summary>Whether there is a member of this name, be it null.</summary>
    public bool Has(string name)
    {
        foreach (var member in Members)
        {
            if (member.Name == name) return true;
        }
        return false;
    }

    /// <summary>The member's value, or null's where there is none.</summary>
    public JsonItem this[string name]
    {
        get
        {
            foreach (var member in Members)
            {
                if (member.Name == name) return member.Value;
            }
            return Null;
        }
    }

    /// <summary>Writes the value with its members in their own order.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case JsonKind.Null: writer.WriteNullValue(); break;
            case JsonKind.False: writer.WriteBooleanValue(false); break;
            case JsonKind.True: writer.WriteBooleanValue(true); break;
            case JsonKind.Number: writer.WriteRawValue(Text, skipInputValidation: true); break;
            case JsonKind.Text: writer.WriteStringValue(Text); break;
            case JsonKind.List:
                writer.WriteStartArray();
                foreach (var item in Items) item.WriteTo(writer);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                WriteMembersTo(writer);
                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>Writes the members of an object into one that is already open.</summary>
    public void WriteMembersTo(Utf8JsonWriter writer)
    {
        foreach (var member in Members)
        {
            writer.WritePropertyName(member.Name);
            member.Value.WriteTo(writer);
        }
    }
}
