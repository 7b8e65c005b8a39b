using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Lifecycle.Ingestion.Json;

/// <summary>Reads JSON from strangers into values that are safe to store.</summary>
/// <remarks>Cleaning never loses an event: U+0000 and lone surrogates become U+FFFD, of members with one name the last wins, a number beyond
/// decimal becomes text. Only depth beyond <see cref="DepthMax"/> and what is no JSON at all are refused.</remarks>
public static class JsonCleaner
{
    /// <summary>How deep objects and lists may lie in each other.</summary>
    public const int DepthMax = 64;

    private const int SmallObjectMax = 24;
    private const char Replacement = '\uFFFD';

    /// <summary>Without a byte order mark, and with U+FFFD in place of bytes that are not UTF-8.</summary>
    public static ReadOnlyMemory<byte> CleanUtf8(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        return System.Text.Unicode.Utf8.IsValid(bytes.Span) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
    }

    /// <summary>The value, or null when it lies deeper than <see cref="DepthMax"/>.</summary>
    /// <param name="json">One JSON value in UTF-8 without errors; a reader has already been over it.</param>
    public static JsonItem? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            return reader.Read() ? ReadValue(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The text of a string or of a member's name at which the reader stands, cleaned.</summary>
    public static string ReadText(ref Utf8JsonReader reader)
    {
        var raw = Encoding.UTF8.GetString(reader.ValueSpan);
        return reader.ValueIsEscaped ? ReplaceUnstorable(Unescape(raw)) : raw;
    }

    private static JsonItem ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadList(ref reader),
        JsonTokenType.String => JsonItem.OfText(ReadText(ref reader)),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.True => JsonItem.True,
        JsonTokenType.False => JsonItem.False,
        _ => JsonItem.Null,
    };

    private static JsonItem ReadNumber(ref Utf8JsonReader reader)
    {
        var digits = Encoding.ASCII.GetString(reader.ValueSpan);
        return decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonItem.OfNumber(digits) : JsonItem.OfText(digits);
    }

    private static JsonItem ReadList(ref Utf8JsonReader reader)
    {
        var items = new List<JsonItem>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue(ref reader));
        return JsonItem.OfList([.. items]);
    }

    private static JsonItem ReadObject(ref Utf8JsonReader reader)
    {
        var members = new List<JsonMember>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadText(ref reader);
            reader.Read();
            members.Add(new(name, ReadValue(ref reader)));
        }
        return JsonItem.OfObject(LastOfEachName(members));
    }

    private static JsonMember[] LastOfEachName(List<JsonMember> members)
    {
        if (!HasRepetitions(members)) return [.. members];
        var places = new Dictionary<string, int>(members.Count, StringComparer.Ordinal);
        var kept = new List<JsonMember>(members.Count);
        foreach (var member in members)
        {
            if (places.TryGetValue(member.Name, out var place))
            {
                kept[place] = member;
                continue;
            }
            places.Add(member.Name, kept.Count);
            kept.Add(member);
        }
        return [.. kept];
    }

    /// <summary>Whether a name may be there twice: surely for the small objects that nearly all are, without allocating anything.</summary>
    private static bool HasRepetitions(List<JsonMember> members)
    {
        if (members.Count > SmallObjectMax) return true;
        for (var i = 1; i < members.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (members[i].Name == members[j].Name) return true;
            }
        }
        return false;
    }

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            var escape = raw[++i];
            if (escape == 'u')
            {
                text.Append((char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }
            text.Append(escape switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => escape });
        }
        return text.ToString();
    }

    private static string ReplaceUnstorable(string text)
    {
        char[]? cleaned = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }
            if (text[i] != '\0' && !char.IsSurrogate(text[i])) continue;
            cleaned ??= text.ToCharArray();
            cleaned[i] = Replacement;
        }
        return cleaned is null ? text : new string(cleaned);
    }
}
