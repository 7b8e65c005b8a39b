namespace Lifecycle.Rules.Syntax;

/// <summary>A text that somebody wrote, under the name that errors call it by.</summary>
public sealed class SourceFile
{
    private readonly List<int> _lineStarts = [0];

    public SourceFile(string name, string text)
    {
        (Name, Text) = (name, text);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') _lineStarts.Add(i + 1);
        }
    }

    public string Name { get; }
    public string Text { get; }

    /// <summary>Line and column of a character, both counted from 1; columns count UTF-16 units, as editors do.</summary>
    public (int Line, int Column) Locate(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var found = _lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line + 1, offset - _lineStarts[line] + 1);
    }

    /// <summary>The offset of a line and column, both counted from 1; the nearest there is where the file has no such place.</summary>
    public int OffsetOf(int line, int column)
    {
        var start = _lineStarts[Math.Clamp(line, 1, _lineStarts.Count) - 1];
        return Math.Clamp(start + column - 1, 0, Text.Length);
    }

    /// <summary>The text of a line, counted from 1, without its end.</summary>
    public string LineAt(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Count ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }
}
