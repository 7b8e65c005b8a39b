using System.Text;

namespace Lifecycle.Wording;

/// <summary>The languages of the product. Each is a column of the <see cref="PhraseCatalog"/>.</summary>
internal enum Language { English, Chinese }

/// <summary>One thing to say, in every language, with <c>{places}</c> to be filled.</summary>
/// <remarks>Where a language tells one from many, the form for one stands first: <c>day|days</c>.</remarks>
internal sealed record PhraseText(string English, string Chinese)
{
    public string In(Language language) => language == Language.English ? English : Chinese;

    /// <summary>The form for one or for many.</summary>
    public string In(Language language, bool many)
    {
        var text = In(language);
        var divided = text.IndexOf('|', StringComparison.Ordinal);
        return divided < 0 ? text : many ? text[(divided + 1)..] : text[..divided];
    }

    public string Fill(Language language, params ReadOnlySpan<(string Place, string Content)> contents) => Fill(In(language), contents);

    /// <summary>Fills the places of a text. An empty content takes the blank before it away; Chinese writing and another are parted by a blank where
    /// they meet at a place.</summary>
    public static string Fill(string template, params ReadOnlySpan<(string Place, string Content)> contents)
    {
        var filled = new StringBuilder();
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            Append(filled, template[at..(open < 0 ? template.Length : open)]);
            if (open < 0) break;
            var close = template.IndexOf('}', open);
            Append(filled, Find(contents, template[(open + 1)..close]));
            at = close + 1;
        }
        return filled.ToString().Trim();
    }

    private static string Find(ReadOnlySpan<(string Place, string Content)> contents, string place)
    {
        foreach (var (name, content) in contents)
            if (name == place) return content;
        throw new ArgumentException($"Nothing was given for {place}.", nameof(contents));
    }

    /// <summary>Adds to a text what follows in it.</summary>
    public static void Append(StringBuilder filled, string text)
    {
        if (text.Length == 0)
        {
            if (filled.Length > 0 && filled[^1] == ' ') filled.Length--;
            return;
        }
        if (filled.Length > 0 && (IsHan(filled[^1]) && IsLatin(text[0]) || IsLatin(filled[^1]) && IsHan(text[0]))) filled.Append(' ');
        filled.Append(text);
    }

    private static bool IsLatin(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '`' or '-' or '%';

    private static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff';
}
