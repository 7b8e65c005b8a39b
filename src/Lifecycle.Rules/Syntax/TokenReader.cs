namespace Lifecycle.Rules.Syntax;

/// <summary>Goes through a rule's tokens once. After the first failure it stands at the end and stays silent, so that one mistake is told
/// once.</summary>
internal sealed class TokenReader(RuleText source, IReadOnlyList<Token> tokens, Diagnostics diagnostics)
{
    private int _at;

    public bool Failed { get; private set; }

    /// <summary>What a failure is told as while it is set: what went wrong is rather this. Null: each failure is told by itself.</summary>
    public Blame? ErrorPlace { get; set; }

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
        if (!TakeWord(word)) Fail($"expected `{word}` {purpose}, found {Describe(Current)}", SpellingHint.Hint(Current.Text, [word]));
    }

    /// <summary>Nothing may follow.</summary>
    public void ExpectEnd()
    {
        if (!AtEnd) Fail($"expected an operator or the end, found {Describe(Current)}", OperatorHint() ?? OneTooMany());
    }

    /// <summary>What to write where an operator was expected and something else stands; null where nothing strikes.</summary>
    public string? OperatorHint() => Current switch
    {
        { Kind: TokenKind.Name, Text: "of" } when Before.Kind == TokenKind.Percent =>
            $"write `{Before.Text} * {(Ahead(1).Kind == TokenKind.Name ? Ahead(1).Text : "…")}`",
        { Kind: TokenKind.Name, Text: "not" } when Ahead(1).IsWord("in") => "`not` stands before all of it: `not customer.country in ['CN', 'TW']`",
        { Kind: TokenKind.Name, Text: "in" or "today" or "this" or "from" } =>
            "a window stands within an aggregate: `count(order_completed in 30 days)`",
        { Kind: TokenKind.Name, Text: var word } when Keywords.OperatorsMeant.TryGetValue(word.ToLowerInvariant(), out var meant) => meant,
        { Kind: TokenKind.Name, Text: var word } when SpellingHint.To(word, ["and", "or", "in"]) is { } near
            && near != word => $"did you mean `{near}`?",
        { Kind: not TokenKind.Sign and not TokenKind.End } when Keywords.Reserved.Contains(Before.Text.ToLowerInvariant()) =>
            $"words of the language are written small: `{Before.Text.ToLowerInvariant()}`",
        { Kind: TokenKind.Name or TokenKind.Number or TokenKind.Text } => "is there an operator missing before it, such as `and`, `==` or `>=`?",
        _ => null,
    };

    private string? OneTooMany() => Current switch
    {
        { Kind: TokenKind.Sign, Text: ")" } => "there is one `)` too many",
        { Kind: TokenKind.Sign, Text: "," } when Before.Kind == TokenKind.Number && Ahead(1).Kind == TokenKind.Number =>
            $"a number has no signs between its digits: {Before.Text}{Ahead(1).Text}",
        { Kind: TokenKind.Sign, Text: "," } => "join two conditions with `and` or `or`",
        _ => null,
    };

    /// <summary>Complains and reads no further.</summary>
    public void Fail(string message, string? hint = null, Span? at = null, string code = ErrorCodes.Syntax)
    {
        if (Failed) return;
        if (ErrorPlace is { } blame && code != ErrorCodes.Limit) diagnostics.Add(source, blame.At, blame.Code, blame.Message, blame.Hint);
        else diagnostics.Add(source, at ?? Current.Span, code, message, hint);
        Failed = true;
    }

    /// <summary>Complains and goes on.</summary>
    public void Complain(Span at, string code, string message, string? hint = null)
    {
        if (!Failed) diagnostics.Add(source, at, code, message, hint);
    }

    public Span From(Span first) => _at == 0 ? first : first.To(Before.Span);

    public static string Describe(Token token) => token.Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text '{(token.Text.Length > 40 ? token.Text[..40] + "…" : token.Text)}'",
        TokenKind.Name or TokenKind.Number or TokenKind.Percent or TokenKind.Sign =>
            $"`{(token.Text.Length > 40 ? token.Text[..40] + "…" : token.Text)}`",
    };
}

/// <summary>A mistake that explains whatever fails after it.</summary>
internal readonly record struct Blame(Span At, string Code, string Message, string? Hint);
