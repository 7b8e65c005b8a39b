using Lifecycle.Domain.Journeys;
namespace Lifecycle.Rules.Syntax;

/// <summary>Reads rules: what the language says as a tree, or errors. No text makes it throw.</summary>
/// <remarks>Whether the names exist and the types fit is for the checker to say; here only the form counts.</remarks>
public static class RuleParser
{
    /// <summary>Parts may be nested in each other so deep.</summary>
    public const int DepthMax = 50;

    /// <summary>A whole expression; null after an error.</summary>
    public static Expression? ParseExpression(RuleText text, Diagnostics diagnostics) =>
        Parse(text, diagnostics, "a condition or a value", tokens => new ExpressionParser(tokens).Expression());

    /// <summary>A duration alone, such as <c>3 days</c>; null after an error.</summary>
    public static DurationLiteral? ParseDuration(RuleText text, Diagnostics diagnostics) =>
        Parse(text, diagnostics, "a duration such as `3 days`", tokens => new ExpressionParser(tokens).Duration());

    /// <summary>What starts a journey; null after an error.</summary>
    public static TriggerSyntax? ParseTrigger(RuleText text, Diagnostics diagnostics) =>
        Parse(text, diagnostics, "a trigger such as `enter decline`", tokens => new TriggerParser(tokens).Trigger());

    /// <summary>Whether a journey may start again; null after an error.</summary>
    public static AgainSyntax? ParseAgain(RuleText text, Diagnostics diagnostics) =>
        Parse(text, diagnostics, "`never`, `always`, `after 90 days` or `one at a time`", tokens => new TriggerParser(tokens).Again());

    /// <summary>A count in a time, such as <c>1 in 24 hours</c>; null after an error.</summary>
    public static CapSyntax? ParseCap(RuleText text, Diagnostics diagnostics) =>
        Parse(text, diagnostics, "a cap such as `1 in 24 hours`", static tokens =>
    {
        var count = tokens.Current.Kind == TokenKind.Number ? tokens.Next().Number : 0;
        if (tokens.Before.Kind != TokenKind.Number || count < 1 || count != decimal.Truncate(count) || count > FrequencyCap.RequestsMax)
            tokens.Fail($"expected a whole number from 1 to {FrequencyCap.RequestsMax}", "write it as `1 in 24 hours`", tokens.Before.Span);
        tokens.ExpectWord("in", "and a duration after it");
        return new CapSyntax(count, new ExpressionParser(tokens).Duration());
    });

    private static T? Parse<T>(RuleText text, Diagnostics diagnostics, string expected, Func<TokenReader, T> read) where T : class
    {
        var before = diagnostics.Count;
        if (Lexer.Read(text, diagnostics) is not { } found) return null;
        var tokens = new TokenReader(text, found, diagnostics);
        if (tokens.AtEnd) tokens.Fail($"expected {expected}, found nothing");
        var result = read(tokens);
        tokens.ExpectEnd();
        return tokens.Failed || diagnostics.Count > before ? null : result;
    }
}
