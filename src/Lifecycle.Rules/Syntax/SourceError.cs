using System.Text;

namespace Lifecycle.Rules.Syntax;

/// <summary>Something wrong in a text, said so that its writer can put it right.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units.</param>
/// <param name="Length">How much of the line is meant, at least 1.</param>
/// <param name="Code">A stable word for machines, one of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">What is wrong and what was expected.</param>
/// <param name="Hint">What to write instead, where that can be guessed.</param>
/// <param name="SourceLine">The line as it was written.</param>
public sealed record SourceError(
    string File, int Line, int Column, int Length, string Code, string Message, string? Hint, string SourceLine)
{
    /// <summary>As much of a long line as is shown around an error.</summary>
    public const int ShownMax = 140;

    /// <summary>A message that quotes something longer is cut off here.</summary>
    public const int MessageMax = 500;

    public static SourceError At(SourceFile file, Span span, string code, string message, string? hint = null)
    {
        var (line, column) = file.Locate(span.Start);
        var source = file.LineAt(line);
        column = Math.Min(column, source.Length + 1);
        var length = Math.Clamp(span.Length, 1, Math.Max(1, source.Length - column + 1));
        return new SourceError(file.Name, line, column, length, code, Cut(message), hint is null ? null : Cut(hint), source);
    }

    /// <summary><c>file:line:column: message</c>, the line, the place underlined, and the hint.</summary>
    public override string ToString()
    {
        var (shown, from) = Shorten();
        var text = new StringBuilder($"{File}:{Line}:{Column}: {Message}\n");
        if (shown.Trim().Length > 0)
        {
            var start = Math.Min(Column - 1 - from, shown.Length);
            var length = Math.Max(1, Math.Min(Length, shown.Length - start));
            text.Append("  ").Append(shown).Append('\n');
            text.Append("  ").Append(Pad(shown[..start])).Append('~',
                Width(shown.Substring(start, Math.Min(length, shown.Length - start)))).Append('\n');
        }
        if (Hint is not null) text.Append("  hint: ").Append(Hint).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    private static string Cut(string message) => message.Length <= MessageMax ? message : message[..MessageMax] + "…";

    private (string Shown, int From) Shorten()
    {
        if (SourceLine.Length <= ShownMax) return (SourceLine.TrimEnd(), 0);
        var from = Math.Clamp(Column - 1 - ShownMax / 2, 0, SourceLine.Length - ShownMax);
        return (SourceLine.Substring(from, ShownMax), from);
    }

    /// <summary>Blank for every character, in its width, so that the underline stands below what it means in a terminal.</summary>
    private static string Pad(string before) =>
        string.Concat(before.Select(letter => letter == '\t' ? "\t" : new string(' ', WidthOf(letter))));

    private static int Width(string text) => Math.Max(1, text.Sum(WidthOf));

    /// <summary>Chinese, Japanese and Korean characters and full-width forms take two cells.</summary>
    private static int WidthOf(char letter) => letter is (>= '\u1100' and <= '\u115f') or (>= '\u2e80' and <= '\ua4cf')
        or (>= '\uac00' and <= '\ud7a3') or (>= '\uf900' and <= '\ufaff') or (>= '\uff00' and <= '\uff60') ? 2 : 1;
}
