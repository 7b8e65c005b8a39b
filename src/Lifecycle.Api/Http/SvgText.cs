using System.Globalization;
using System.Net;
using System.Text;

namespace Lifecycle.Api.Http;

/// <summary>Text on its way into an SVG image.</summary>
public static class SvgText
{
    /// <summary>The text with what XML means otherwise escaped, and with U+FFFD for what XML 1.0 cannot hold at all: most control characters, lone
    /// surrogates.</summary>
    public static string Safe(string text)
    {
        StringBuilder? cleaned = null;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair) i++;
            else if (!CanStand(text[i])) (cleaned ??= new StringBuilder(text))[i] = '\uFFFD';
        }
        return WebUtility.HtmlEncode(cleaned?.ToString() ?? text);
    }

    /// <summary>The first characters of a text that is too long for its place, none of them cut in two.</summary>
    public static string Shorten(string text, int lengthMax)
    {
        if (text.Length <= lengthMax) return text;
        var length = 0;
        for (var next = 0; next < lengthMax; next += StringInfo.GetNextTextElementLength(text, next)) length = next;
        return text[..length] + "…";
    }

    private static bool CanStand(char unit) => unit switch
    {
        '\t' or '\n' or '\r' => true,
        < ' ' or '\uFFFE' or '\uFFFF' => false,
        _ => !char.IsSurrogate(unit),
    };
}
