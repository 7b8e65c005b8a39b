using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Lifecycle.Rules.Syntax;

public enum TokenKind : byte { Name, Number, Percent, Text, Sign, End }

/// <summary>A word, number, text or sign of a rule.</summary>
/// <param name="Text">The name, the sign, the number's digits as written, or a text without its quotes.</param>
public readonly record struct Token(TokenKind Kind, Span Span, string Text, decimal Number = 0)
{
    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;
    public bool IsWord(string word) => Kind == TokenKind.Name && Text == word;
}

/// <summary>Cuts a rule into tokens. Signs from a Chinese keyboard or from other languages are errors, but understood, so that the rest is read
/// too.</summary>
public sealed class Lexer
{
    private static readonly ImmutableArray<string> Signs = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", ".", ":"];

    /// <summary>What other languages write, what is meant, and how that is written here; the longest first.</summary>
    private static readonly ImmutableArray<(string Written, TokenKind Kind, string Meant)> Foreign =
    [
        ("===", TokenKind.Sign, "=="), ("!==", TokenKind.Sign, "!="), ("=>", TokenKind.Sign, ">="), ("=<", TokenKind.Sign, "<="), ("<>",
            TokenKind.Sign, "!="),
        ("&&", TokenKind.Name, "and"), ("||", TokenKind.Name, "or"), ("&", TokenKind.Name, "and"), ("|", TokenKind.Name, "or"),
        ("=", TokenKind.Sign, "=="), ("!", TokenKind.Name, "not"), ("≥", TokenKind.Sign, ">="), ("≤", TokenKind.Sign, "<="),
        ("≠", TokenKind.Sign, "!="), ("×", TokenKind.Sign, "*"), ("÷", TokenKind.Sign, "/"), ("−", TokenKind.Sign, "-"),
        ("–", TokenKind.Sign, "-"), ("—", TokenKind.Sign, "-"),
    ];

    private readonly RuleText _source;
    private readonly string _text;
    private readonly Diagnostics _diagnostics;
    private readonly List<Token> _tokens = [];
    private int _at;

    private Lexer(RuleText source, Diagnostics diagnostics) => (_source, _text, _diagnostics) = (source, source.Text, diagnostics);

    /// <summary>All tokens, the last of kind <see cref="TokenKind.End"/>; null when the text cannot be cut at all.</summary>
    public static IReadOnlyList<Token>? Read(RuleText source, Diagnostics diagnostics)
    {
        var lexer = new Lexer(source, diagnostics);
        while (lexer._at < lexer._text.Length)
        {
            if (!lexer.ReadOne()) return null;
        }
        lexer.Add(TokenKind.End, source.Text.Length, "");
        return lexer._tokens;
    }

    private bool ReadOne()
    {
        var start = _at;
        var letter = Plain(_text[start]);
        if (char.IsWhiteSpace(letter))
        {
            _at++;
            return true;
        }
        if (letter is '\'' or '"' || Closing(_text[start]) is not null) return ReadText(start);
        if (char.IsAsciiDigit(letter)) return ReadNumber(start);
        if (Keywords.StartsName(letter)) return ReadName(start);
        return ReadSign(start);
    }

    private bool ReadName(int start)
    {
        while (_at < _text.Length && Keywords.ContinuesName(Plain(_text[_at]))) _at++;
        return Add(TokenKind.Name, start, PlainText(start));
    }

    private bool ReadNumber(int start)
    {
        Digits();
        if (_at + 1 < _text.Length && Plain(_text[_at]) == '.' && char.IsAsciiDigit(Plain(_text[_at + 1])))
        {
            _at++;
            Digits();
        }
        var written = PlainText(start);
        if (!decimal.TryParse(written, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return Complain(start, ErrorCodes.Limit, $"`{Shorten(written)}` is too long a number; at most 28 digits are kept");
        if (_at < _text.Length && Plain(_text[_at]) == '%')
        {
            _at++;
            return Add(TokenKind.Percent, start, PlainText(start), number);
        }
        return Add(TokenKind.Number, start, written, number);
    }

    private void Digits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(Plain(_text[_at]))) _at++;
    }

    /// <summary>A text ends at its quote; a doubled quote stands for itself. Typographic quotes are pointed out, then understood.</summary>
    private bool ReadText(int start)
    {
        var opening = _text[start];
        var typographic = Closing(opening);
        var closing = typographic ?? opening;
        var content = new StringBuilder();
        for (_at = start + 1; _at < _text.Length; _at++)
        {
            if (_text[_at] != closing)
            {
                content.Append(_text[_at]);
                continue;
            }
            if (_at + 1 < _text.Length && _text[_at + 1] == closing && typographic is null)
            {
                content.Append(closing);
                _at++;
                continue;
            }
            _at++;
            if (typographic is not null)
                Complain(start, ErrorCodes.Sign, $"`{opening}` and `{closing}` are typographic quotes", $"write '{content}'");
            return Add(TokenKind.Text, start, content.ToString(), check: false);
        }
        return Complain(start, ErrorCodes.Syntax, $"this text is not ended; expected a closing {closing}");
    }

    private bool ReadSign(int start)
    {
        if (Foreign.FirstOrDefault(sign => StartsWith(start, sign.Written) && !(sign.Written == "!" && StartsWith(start, "!="))
                && !(sign.Written == "=" && StartsWith(start, "=="))) is { Written: { } written } foreign)
        {
            _at = start + written.Length;
            Complain(start, ErrorCodes.Sign, $"`{_text[start.._at]}` is not a sign of this language; expected `{foreign.Meant}`",
                $"write `{foreign.Meant}`");
            return Add(foreign.Kind, start, foreign.Meant, check: false);
        }
        if (Signs.FirstOrDefault(sign => StartsWith(start, sign)) is { } found)
        {
            _at = start + found.Length;
            return Add(TokenKind.Sign, start, found);
        }
        _at = start + (char.IsSurrogatePair(_text, start) ? 2 : 1);
        var character = _text[start] switch
        {
            < ' ' or (>= '\ud800' and <= '\udfff') when _at - start == 1 => $"the character U+{(int)_text[start]:X4}",
            _ => $"`{_text[start.._at]}`",
        };
        return Complain(start, ErrorCodes.Syntax, $"{character} does not belong in an expression", _text[start] switch
        {
            '{' or '}' => "a list of values is written with [ and ]",
            ';' => "join two conditions with `and` or `or`",
            '$' or '¥' or '￥' or '€' or '£' => "amounts are plain numbers in the definition's currency",
            '%' => "a percentage is written after its number, 40%, and the rest of a division `mod(x, n)`",
            _ => null,
        });
    }

    private bool StartsWith(int start, string sign)
    {
        if (start + sign.Length > _text.Length) return false;
        for (var i = 0; i < sign.Length; i++)
        {
            if (Plain(_text[start + i]) != sign[i]) return false;
        }
        return true;
    }

    private bool Add(TokenKind kind, int start, string text, decimal number = 0, bool check = true)
    {
        var span = new Span(start, _at - start);
        if (kind == TokenKind.End) span = new Span(start, 1);
        else if (check && HasFullWidth(start))
            Complain(start, ErrorCodes.Sign, $"`{_text[start.._at]}` is written full-width, as a Chinese keyboard does",
                $"write `{text}` half-width");
        _tokens.Add(new Token(kind, span, text, number));
        return true;
    }

    /// <returns>False: the rule is not read further.</returns>
    private bool Complain(int start, string code, string message, string? hint = null)
    {
        _diagnostics.Add(_source, new Span(start, Math.Max(1, _at - start)), code, message, hint);
        return false;
    }

    private bool HasFullWidth(int start)
    {
        for (var i = start; i < _at; i++)
        {
            if (Plain(_text[i]) != _text[i]) return true;
        }
        return false;
    }

    private string PlainText(int start) => string.Create(_at - start, (_text, start), static (target, state) =>
    {
        for (var i = 0; i < target.Length; i++) target[i] = Plain(state._text[state.start + i]);
    });

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static char? Closing(char opening) => opening switch
    {
        '“' or '”' => '”',
        '‘' or '’' => '’',
        '「' => '」',
        '『' => '』',
        _ => null,
    };

    /// <summary>The half-width form of what Chinese and Japanese keyboards write; any other character as it is.</summary>
    private static char Plain(char letter) => letter switch
    {
        >= '\uff01' and <= '\uff5e' => (char)(letter - '\uff01' + '!'),
        '。' => '.',
        '、' => ',',
        '【' or '〔' => '[',
        '】' or '〕' => ']',
        _ => letter,
    };
}
