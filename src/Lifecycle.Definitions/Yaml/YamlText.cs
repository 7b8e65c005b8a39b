using System.Globalization;
using System.Text;

namespace Lifecycle.Definitions.Yaml;

/// <summary>Writes texts so that YAML reads them back unchanged: plain where that is safe, else in double quotes.</summary>
internal static class YamlText
{
    /// <summary>A rule that stands alone behind its name, where most signs mean nothing to YAML.</summary>
    public static string Rule(string text) => IsPlain(text, _ => true) ? text : Quote(text);

    /// <summary>Any other text, also within <c>{ }</c> and <c>[ ]</c>. Readers differ in what signs they let pass, so only the plainest go without
    /// quotes.</summary>
    public static string Of(string text) => IsPlain(text, letter => char.IsLetterOrDigit(letter) || letter is ' ' or '_' or '-' or '.' or '/') ? text
        : Quote(text);

    /// <summary><c>[a, b]</c>.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Of))}]";

    /// <summary><c>{ a: b, c: d }</c>; <c>{}</c> where empty.</summary>
    public static string Map(IEnumerable<(string Name, string Text)> members)
    {
        var written = string.Join(", ", members.Select(member => $"{Of(member.Name)}: {Of(member.Text)}"));
        return written.Length == 0 ? "{}" : $"{{ {written} }}";
    }

    private static bool IsPlain(string text, Func<char, bool> allowed)
    {
        if (text.Length == 0 || !(char.IsLetterOrDigit(text[0]) || text[0] == '_') || text[^1] is ' ' or ':') return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsPlain(text[i]) || !allowed(text[i])) return false;
            if (i > 0 && (text[i - 1], text[i]) is (':', ' ') or (' ', '#')) return false;
        }
        return true;
    }

    private static bool IsPlain(char letter) => letter == ' ' || !(char.IsWhiteSpace(letter) || char.IsControl(letter) || IsEscaped(letter));

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var paired = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (paired) quoted.Append(text, i++, 2);
            else quoted.Append(Escape(text[i]));
        }
        return quoted.Append('"').ToString();
    }

    private static string Escape(char letter) => letter switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when letter != ' ' && (char.IsControl(letter) || char.IsWhiteSpace(letter) || IsEscaped(letter)) =>
            "\\u" + ((int)letter).ToString("X4", CultureInfo.InvariantCulture),
        _ => letter.ToString(),
    };

    /// <summary>What YAML takes for a break or a mark, and what is no character by itself.</summary>
    private static bool IsEscaped(char letter) => char.IsSurrogate(letter) || letter is '\ufeff' or '\ufffe' or '\uffff';
}
