namespace Lifecycle.Domain.Rules.Syntax;

/// <summary>Goes through a rule's tokens once. After the first failure it stands at the end and stays silent, so that one mistake is told
/// once.</summary>
internal sealed class TokenReader(RuleText source, IReadOnlyList<Token> tokens, Complaints complaints)
{
    private int _at;

    public bool Failed { get; private set; }

    public Token Current => tokens[Failed ? tokens.Count - 1 : _at];

    public Token Ahead(int count) => tokens[Failed ? tokens.Count - 1 : Math.Min(_at + count, tokens.Count - 1)];

    /// <summary>The token before the current one; the first where there is none.</summary>
    public Token Before => tokens[Math.Max(0, _at - 1)];

    public bool AtEnd => Current.Kind == TokenKind.End;

    public Token Next()
    {
        var token = Current;
        if (!Failed && _at < tokens.Count - 1) _at++;
        return token;
    }

    public bool Take(string sign)
    {
        if (!Current.Is(sign)) return false;
        Next();
        return true;
    }

    public bool TakeWord(string word)
    {
        if (!Current.IsWord(word)) return false;
        Next();
        return true;
    }

    public void Expect(string sign, string purpose, string? hint = null)
    {
        if (!Take(sign)) Fail($"expected `{sign}` {purpose}, found {Describe(Current)}", hint);
    }

    public void ExpectWord(string word, string purpose)
    {
        if (!TakeWord(word)) Fail($"expected `{word}` {purpose}, found {Describe(Current)}", Nearest.Hint(Current.Text, [word]));
    }

    /// <summary>Nothing may follow.</summary>
    public void ExpectEnd()
    {
        if (AtEnd) return;
        var hint = Current switch
        {
            { Kind: TokenKind.Name, Text: var word } when Words.OperatorsMeant.TryGetValue(word.ToLowerInvariant(), out var meant) => meant,
            { Kind: TokenKind.Name, Text: var word } when Nearest.To(word, ["and", "or", "in"]) is { } near && near != word =>
                $"did you mean `{near}`?",
            { Kind: not TokenKind.Sign } when Words.Reserved.Contains(Before.Text.ToLowerInvariant()) =>
                $"words of the language are written small: `{Before.Text.ToLowerInvariant()}`",
            { Kind: TokenKind.Sign, Text: ")" } => "there is one `)` too many",
            { Kind: TokenKind.Sign, Text: "," } when Before.Kind == TokenKind.Number && Ahead(1).Kind == TokenKind.Number =>
                $"a number has no signs between its digits: {Before.Text}{Ahead(1).Text}",
            { Kind: TokenKind.Sign, Text: "," } => "join two conditions with `and` or `or`",
            { Kind: TokenKind.Name or TokenKind.Number or TokenKind.Text } => "is there an operator missing before it, such as `and`, `==` or `>=`?",
            _ => null,
        };
        Fail($"expected an operator or the end, found {Describe(Current)}", hint);
    }

    /// <summary>Complains and reads no further.</summary>
    public void Fail(string message, string? hint = null, Span? at = null, string code = ErrorCodes.Syntax)
    {
        if (Failed) return;
        complaints.Add(source, at ?? Current.Span, code, message, hint);
        Failed = true;
    }

    /// <summary>Complains and goes on.</summary>
    public void Complain(Span at, string code, string message, string? hint = null)
    {
        if (!Failed) complaints.Add(source, at, code, message, hint);
    }

    public Span From(Span first) => _at == 0 ? first : first.To(Before.Span);

    public static string Describe(Token token) => token.Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text '{(token.Text.Length > 40 ? token.Text[..40] + "…" : token.Text)}'",
        _ => $"`{(token.Text.Length > 40 ? token.Text[..40] + "…" : token.Text)}`",
    };
}
