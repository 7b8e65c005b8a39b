using System.Text;

namespace Lifecycle.Cli.Import;

/// <summary>One record of a text file.</summary>
/// <param name="Text">As the file has it, without its line end.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Fault">Why its fields cannot be told apart, or null.</param>
internal sealed record FileRecord(string[] Fields, string Text, int Line, string? Fault);

/// <summary>Cuts a text into records and fields: csv with quotation marks as in RFC 4180, tsv and white space without. Empty lines are no
/// records.</summary>
internal sealed class RecordReader(TextReader reader, RowFormat format)
{
    /// <summary>The most lines that one record may have, and <see cref="LengthMax"/> the most characters: a quotation mark left open would
    /// otherwise swallow the file.</summary>
    private const int LinesMax = 100;

    private const int LengthMax = 64 * 1024;

    // Lines that were read for a record which turned out to be none; the next records begin there.
    private readonly Queue<string> _putBack = new();
    private int _line;

    /// <summary>The next record, or null at the end.</summary>
    public FileRecord? Read()
    {
        while (NextLine() is { } text)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (text.Length > LengthMax) return new([], text, _line, $"The row has more than {LengthMax} characters.");
            return format switch
            {
                RowFormat.Csv => ReadQuoted(text),
                RowFormat.Tsv => new(text.Split('\t'), text, _line, null),
                RowFormat.Spaces or RowFormat.Ndjson => new(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), text, _line, null),
            };
        }
        return null;
    }

    private FileRecord ReadQuoted(string first)
    {
        var line = _line;
        if (!first.Contains('"', StringComparison.Ordinal)) return new(first.Split(','), first, line, null);
        var text = new StringBuilder(first);
        var more = new List<string>();
        while (true)
        {
            var (fields, state) = Split(text.ToString());
            if (state == Quoting.Closed) return new([.. fields], text.ToString(), line, null);
            if (state == Quoting.Misplaced) return GiveUp(first, line, more, "After a closing quotation mark must come a comma.");
            if (more.Count >= LinesMax || text.Length > LengthMax || NextLine() is not { } next)
                return GiveUp(first, line, more, "A quotation mark is not closed.");
            more.Add(next);
            text.Append('\n').Append(next);
        }
    }

    private FileRecord GiveUp(string first, int line, List<string> more, string fault)
    {
        var rest = _putBack.ToArray();
        _putBack.Clear();
        foreach (var next in more.Concat(rest)) _putBack.Enqueue(next);
        _line -= more.Count;
        return new([], first, line, fault);
    }

    private enum Quoting : byte { Closed, Open, Misplaced }

    private static (List<string> Fields, Quoting State) Split(string text)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        for (var at = 0; ;)
        {
            field.Clear();
            if (at < text.Length && text[at] == '"')
            {
                for (at++; ; at++)
                {
                    var quote = text.IndexOf('"', at);
                    if (quote < 0) return (fields, Quoting.Open);
                    field.Append(text, at, quote - at);
                    at = quote + 1;
                    if (at == text.Length || text[at] != '"') break;
                    field.Append('"');
                }
                if (at < text.Length && text[at] != ',') return (fields, Quoting.Misplaced);
            }
            else
            {
                var end = text.IndexOf(',', at);
                if (end < 0) end = text.Length;
                field.Append(text, at, end - at);
                at = end;
            }
            fields.Add(field.ToString());
            if (at == text.Length) return (fields, Quoting.Closed);
            at++;
        }
    }

    private string? NextLine()
    {
        var line = _putBack.TryDequeue(out var again) ? again : reader.ReadLine();
        if (line is not null) _line++;
        return line;
    }
}
