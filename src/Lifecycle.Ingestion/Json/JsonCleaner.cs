using System.Globalization;
using System.Text;
using System.Text.Json;
using Lifecycle.Domain.Texts;

namespace Lifecycle.Ingestion.Json;

/// <summary>Reads JSON from strangers into values that are safe to store.</summary>
/// <remarks>Cleaning never loses an event: text is brought into Unicode's form C, U+0000 and lone surrogates become U+FFFD, of members with one name
/// the last wins, a number beyond decimal becomes text. Only depth beyond <see cref="DepthMax"/> and what is no JSON at all are refused.</remarks>
public static class JsonCleaner
{
    /// <summary>How deep objects and lists may lie in each other.</summary>
    public const int DepthMax = 64;

    private const char Replacement = '\uFFFD';

    /// <summary>Without a byte order mark, and with U+FFFD in place of bytes that are not UTF-8.</summary>
    public static ReadOnlyMemory<byte> CleanUtf8(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        return System.Text.Unicode.Utf8.IsValid(bytes.Span) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
    }

    /// <summary>The value, or null when it lies deeper than <paramref name="depthMax"/>.</summary>
    /// <param name="json">One JSON value in UTF-8 without errors; a reader has already been over it.</param>
    public static JsonItem? Read(ReadOnlySpan<byte> json, int depthMax = DepthMax) => new JsonItemReader().Read(json, depthMax);

    /// <summary>The text of a string or of a member's name at which the reader stands, cleaned.</summary>
    public static string ReadText(ref Utf8JsonReader reader)
    {
        var raw = Encoding.UTF8.GetString(reader.ValueSpan);
        return Nfc.Of(reader.ValueIsEscaped ? ReplaceUnstorable(Unescape(raw)) : raw);
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
