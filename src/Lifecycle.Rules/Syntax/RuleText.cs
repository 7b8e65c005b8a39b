namespace Lifecycle.Rules.Syntax;

/// <summary>A piece of text inside a file, as its reader is to understand it, that still knows where each of its characters was written.</summary>
/// <remarks>YAML takes quotes and folded lines away, so an offset in the rule is not simply an offset in the file. Two are equal when they read the
/// same, wherever they were written.</remarks>
public sealed class RuleText : IEquatable<RuleText>
{
    private readonly Span _whole;
    private readonly int[] _places;

    /// <summary>A text with the stretch of the file that it was read from, quotes and all.</summary>
    public RuleText(SourceFile file, string text, Span whole)
    {
        (File, Text, _whole) = (file, text, whole);
        _places = Align(file.Text, text, whole);
    }

    /// <summary>A rule that stands alone, being the whole of its file.</summary>
    public static RuleText Alone(string text, string name = "rule") => new(new SourceFile(name, text), text, new Span(0, text.Length));

    public SourceFile File { get; }
    public string Text { get; }

    /// <summary>The whole of it.</summary>
    public Span All => new(0, Text.Length);

    /// <summary>Where in the file a stretch of this text was written.</summary>
    public Span InFile(Span span)
    {
        if (Text.Length == 0) return _whole;
        if (span.Start >= Text.Length) return new Span(_places[^1] + 1, Math.Max(1, span.Length));
        var start = _places[Math.Max(0, span.Start)];
        var last = _places[Math.Clamp(span.End - 1, span.Start, Text.Length - 1)];
        return new Span(start, last - start + 1);
    }

    public bool Equals(RuleText? other) => other is not null && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as RuleText);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>Walks both texts together: what the file has and the rule has not is quotes, escapes, indentation and folded line ends.</summary>
    private static int[] Align(string file, string text, Span whole)
    {
        var places = new int[text.Length];
        var (at, end) = (whole.Start, Math.Min(whole.End, file.Length));
        for (var i = 0; i < text.Length; i++)
        {
            var white = char.IsWhiteSpace(text[i]);
            while (at < end && (white ? !char.IsWhiteSpace(file[at]) : file[at] != text[i])) at++;
            places[i] = Math.Min(at, Math.Max(whole.Start, end - 1));
            if (at < end) at++;
        }
        return places;
    }
}
