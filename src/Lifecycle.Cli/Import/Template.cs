using System.Text;

namespace Lifecycle.Cli.Import;

/// <summary>Text with columns in it: <c>cdnow-{customer_id}</c>.</summary>
public sealed class Template
{
    private readonly IReadOnlyList<(string Text, int Column)> _parts;

    private Template(IReadOnlyList<(string Text, int Column)> parts) => _parts = parts;

    /// <summary>The template, or a sentence saying why there is none.</summary>
    /// <param name="columnOf">The place of a column by its name.</param>
    public static (Template? Template, string? Complaint) Parse(string text, Func<string, int> columnOf)
    {
        var parts = new List<(string, int)>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            if (open < 0) open = text.Length;
            if (open > at) parts.Add((text[at..open], -1));
            if (open == text.Length) break;
            var close = text.IndexOf('}', open);
            if (close < 0) return (null, "A { must be closed by a }.");
            var name = text[(open + 1)..close].Trim();
            if (name.Length == 0) return (null, "Between { and } must stand the name of a column.");
            parts.Add(("", columnOf(name)));
            at = close + 1;
        }
        return parts.Any(part => part.Item2 >= 0) ? (new(parts), null)
            : (null, "At least one {column} must stand in it, else all rows would be one.");
    }

    /// <summary>The text for a row, or the first column that is empty in it.</summary>
    public (string? Text, int EmptyColumn) Fill(ImportedEvent row)
    {
        var text = new StringBuilder();
        foreach (var (literal, column) in _parts)
        {
            if (column >= 0 && string.IsNullOrWhiteSpace(row.Values[column])) return (null, column);
            text.Append(column >= 0 ? row.Values[column] : literal);
        }
        return (text.ToString(), -1);
    }
}
