namespace Lifecycle.Rules.Syntax;

/// <summary>Gathers the errors of one reading, in the order in which they are found.</summary>
public sealed class Diagnostics
{
    /// <summary>After so many errors a reader has enough to do, and further ones are dropped.</summary>
    public const int ErrorsMax = 100;

    private readonly List<SourceError> _errors = [];
    private readonly HashSet<(string, int, int, string)> _seen = [];

    public int Count => _errors.Count;

    /// <summary>The errors by file and place.</summary>
    public IReadOnlyList<SourceError> InOrder(IReadOnlyList<string>? files = null) =>
        [.. _errors.OrderBy(error => files is null ? 0 : IndexOf(files, error.File)).ThenBy(error => error.Line).ThenBy(error => error.Column)];

    public void Add(RuleText text, Span span, string code, string message, string? hint = null) =>
        Add(text.File, text.InFile(span), code, message, hint);

    public void Add(RuleText text, string code, string message, string? hint = null) => Add(text, text.All, code, message, hint);

    public void Add(SourceFile file, Span span, string code, string message, string? hint = null)
    {
        if (_errors.Count >= ErrorsMax) return;
        var error = SourceError.At(file, span, code, message, hint);
        if (_seen.Add((error.File, error.Line, error.Column, error.Message))) _errors.Add(error);
    }

    private static int IndexOf(IReadOnlyList<string> files, string file)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i] == file) return i;
        }
        return files.Count;
    }
}
