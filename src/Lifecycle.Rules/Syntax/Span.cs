namespace Lifecycle.Rules.Syntax;

/// <summary>A stretch of text: where it starts, counted from 0, and how many characters it has.</summary>
public readonly record struct Span(int Start, int Length)
{
    public int End => Start + Length;

    /// <summary>From the beginning of this one to the end of the other.</summary>
    public Span To(Span last) => new(Start, Math.Max(0, last.End - Start));
}
