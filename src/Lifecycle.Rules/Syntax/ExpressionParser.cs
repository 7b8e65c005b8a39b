using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Rules.Checking;

namespace Lifecycle.Rules.Syntax;

/// <summary>Recursive descent over the grammar of expressions, one method per rule of it.</summary>
internal sealed class ExpressionParser(TokenReader tokens)
{
    private static readonly Expression Broken = new TruthLiteral(false);

    private static readonly ImmutableArray<(string Sign, Comparison Comparison)> Comparisons =
    [
        ("==", Comparison.Equal), ("!=", Comparison.NotEqual), ("<", Comparison.Less), ("<=", Comparison.LessOrEqual),
        (">", Comparison.Greater), (">=", Comparison.GreaterOrEqual),
    ];

    private int _depth, _filters;
    private bool _inWindow;

    public Expression Expression() => Or();

    private Expression Or()
    {
        var first = And();
        if (!tokens.Current.IsWord("or")) return first;
        var parts = new List<Expression> { first };
        while (tokens.TakeWord("or")) parts.Add(And());
        return new OrExpression([.. parts]) { Span = tokens.From(first.Span) };
    }

    private Expression And()
    {
        var first = Not();
        if (!tokens.Current.IsWord("and")) return first;
        var parts = new List<Expression> { first };
        while (tokens.TakeWord("and")) parts.Add(Not());
        return new AndExpression([.. parts]) { Span = tokens.From(first.Span) };
    }

    private Expression Not()
    {
        var start = tokens.Current.Span;
        if (!tokens.TakeWord("not")) return Compare();
        var operand = Deeper(Not);
        return new NotExpression(operand) { Span = tokens.From(start) };
    }

    private Expression Compare()
    {
        var left = Sum();
        if (tokens.TakeWord("in")) return Membership(left);
        if (ComparisonHere() is not { } comparison) return left;
        tokens.Next();
        var right = Sum();
        if (ComparisonHere() is not null)
            tokens.Fail($"a comparison cannot be compared again with `{tokens.Current.Text}`", "write `a < b and b < c`");
        return new CompareExpression(comparison, left, right) { Span = tokens.From(left.Span) };
    }

    private Comparison? ComparisonHere()
    {
        foreach (var (sign, comparison) in Comparisons)
        {
            if (tokens.Current.Is(sign)) return comparison;
        }
        return null;
    }

    private MembershipExpression Membership(Expression operand)
    {
        if (!tokens.Current.Is("[") && operand is CallExpression call && UnknownFunction(call) is { } unknown)
            tokens.Fail(unknown.Message, unknown.Hint, unknown.At, unknown.Code);
        tokens.Expect("[", "to begin a list", tokens.Current.Kind != TokenKind.Number ? "write the list as ['CN', 'TW']"
            : _filters > 0 ? "a window stands before the filter: `count(order_completed in 30 days where …)`"
            : "a window stands within an aggregate: `count(order_completed in 30 days)`");
        var items = new List<Expression>();
        do
        {
            items.Add(Constant());
        }
        while (tokens.Take(","));
        tokens.Expect("]", "to end the list");
        return new MembershipExpression(operand, [.. items]) { Span = tokens.From(operand.Span) };
    }

    private Expression Constant()
    {
        var start = tokens.Current.Span;
        var minus = tokens.Take("-");
        switch (tokens.Current.Kind)
        {
            case TokenKind.Number when NumberOrDuration() is var literal:
                return literal switch
                {
                    NumberLiteral number when minus => number with { Number = -number.Number, Span = tokens.From(start) },
                    DurationLiteral duration when minus => duration with { Count = -duration.Count, Span = tokens.From(start) },
                    _ => literal,
                };
            case TokenKind.Percent when !minus && tokens.Next() is var token:
                return new PercentLiteral(token.Number) { Span = token.Span };
            case TokenKind.Text when !minus && tokens.Next() is var token:
                return new TextLiteral(token.Text) { Span = token.Span };
            case TokenKind.Name when !minus && !Keywords.Reserved.Contains(tokens.Current.Text) && tokens.Next() is var token:
                return new PathExpression([token.Text]) { Span = token.Span };
            default:
                tokens.Fail($"expected a number, a duration, a text in quotes or a stage, found {TokenReader.Describe(tokens.Current)}");
                return Broken;
        }
    }

    private Expression Sum() => Chain(Product, ("+", ArithmeticOperation.Add), ("-", ArithmeticOperation.Subtract));

    private Expression Product() => Chain(Unary, ("*", ArithmeticOperation.Multiply), ("/", ArithmeticOperation.Divide));

    /// <summary>Operators of one rank, grouped from the left. Every link makes the tree one deeper, hence the same limit.</summary>
    private Expression Chain(Func<Expression> operand, (string Sign, ArithmeticOperation Operator) first,
        (string Sign, ArithmeticOperation Operator) second)
    {
        var left = operand();
        for (var links = 1; tokens.Current.Is(first.Sign) || tokens.Current.Is(second.Sign); links++)
        {
            if (links > RuleParser.DepthMax)
                tokens.Fail($"more than {RuleParser.DepthMax} operators in a row", "name parts of it as metrics of their own",
                    code: ErrorCodes.Limit);
            var @operator = tokens.Next().Is(first.Sign) ? first.Operator : second.Operator;
            var right = operand();
            left = new ArithmeticExpression(@operator, left, right) { Span = tokens.From(left.Span) };
        }
        return left;
    }

    private Expression Unary()
    {
        var start = tokens.Current.Span;
        if (!tokens.Take("-")) return Primary();
        var operand = Deeper(Unary);
        return new NegateExpression(operand) { Span = tokens.From(start) };
    }

    private Expression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return NumberOrDuration();
            case TokenKind.Percent:
                tokens.Next();
                return new PercentLiteral(token.Number) { Span = token.Span };
            case TokenKind.Text:
                tokens.Next();
                return new TextLiteral(token.Text) { Span = token.Span };
            case TokenKind.Name when token.Text is "true" or "false":
                tokens.Next();
                return new TruthLiteral(token.Text == "true") { Span = token.Span };
            case TokenKind.Name when !Keywords.Reserved.Contains(token.Text):
                return NameOrCall();
            case TokenKind.Sign when token.Is("("):
                tokens.Next();
                var inner = Deeper(Or);
                tokens.Expect(")", "to close the bracket", tokens.OperatorHint());
                return inner;
            default:
                tokens.Fail($"expected a value or a name, found {TokenReader.Describe(token)}", HintForPrimary(token));
                return Broken;
        }
    }

    private static string? HintForPrimary(Token token) => token switch
    {
        { Kind: TokenKind.Sign, Text: "." } => "a number below one begins with 0: 0.5",
        { Kind: TokenKind.Sign, Text: "[" } => "a list stands only after `in`",
        { Kind: TokenKind.Name, Text: "where" } => "`where` stands only within an aggregate such as `count(… where …)`",
        { Kind: TokenKind.Name, Text: "not" } => "put brackets around it: (not …)",
        _ => null,
    };

    private Expression NumberOrDuration()
    {
        var number = tokens.Next();
        if (UnitHere(number) is not { } unit) return new NumberLiteral(number.Number) { Span = number.Span };
        tokens.Next();
        return new DurationLiteral(number.Number, unit) { Span = tokens.From(number.Span) };
    }

    /// <summary>The unit after a number, if a name follows that is or is meant to be one.</summary>
    private TimeUnit? UnitHere(Token number)
    {
        if (tokens.Current is not { Kind: TokenKind.Name, Text: var word } || Keywords.Reserved.Contains(word.ToLowerInvariant())) return null;
        if (Keywords.Units.TryGetValue(word, out var unit)) return unit;
        if (Keywords.OperatorsMeant.ContainsKey(word) && word != "percent") return null;
        if (word is "to" or "ago" or "calendar" or "before" or "after") return null;
        var span = number.Span.To(tokens.Current.Span);
        if (Keywords.DaysOf(word, number.Number) is { } days)
        {
            tokens.Fail($"`{word}` has no fixed length, so it is no unit of time here", $"write `{Keywords.Days(days)}`"
                + (_inWindow && Keywords.MonthsOf(word, number.Number) is { } months
                ? $", or by the calendar `in {months} calendar month{(months == 1 ? "" : "s")}`" : ""),
                span, ErrorCodes.Unit);
        }
        else if ((Keywords.UnitsMeant.GetValueOrDefault(word) ?? SpellingHint.To(word, Keywords.Units.Keys)) is { } meant)
        {
            tokens.Fail($"`{word}` is not a unit; expected seconds, minutes, hours, days or weeks",
                $"write `{number.Text} {Keywords.Counted(meant, number.Number)}`", span,
                ErrorCodes.Unit);
        }
        else
        {
            tokens.Fail($"expected an operator or a unit after the number, found `{word}`",
                word.Length == 3 && word.All(char.IsAsciiLetterUpper) ? $"amounts are plain numbers in the definition's currency: {number.Text}"
                : word is "percent" or "pct" ? $"write `{number.Text}%`" : null, tokens.Current.Span);
        }
        return null;
    }

    /// <summary>A duration, where nothing else will do.</summary>
    public DurationLiteral Duration()
    {
        var start = tokens.Current;
        if (start.Kind != TokenKind.Number)
        {
            tokens.Fail($"expected a duration such as `3 days`, found {TokenReader.Describe(start)}",
                start.Text is "a" or "an" or "one" && Keywords.Units.ContainsKey(tokens.Ahead(1).Text) ? $"write `1 {tokens.Ahead(1).Text}`" : null,
                code: ErrorCodes.Unit);
            return new DurationLiteral(0, TimeUnit.Day);
        }
        if (NumberOrDuration() is DurationLiteral duration) return duration;
        tokens.Fail($"`{start.Text}` has no unit; expected seconds, minutes, hours, days or weeks", $"write `{Keywords.Days(start.Number)}`",
            start.Span,
            ErrorCodes.Unit);
        return new DurationLiteral(0, TimeUnit.Day);
    }

    private Expression NameOrCall()
    {
        var name = tokens.Current;
        if (!tokens.Ahead(1).Is("(")) return PathOrCall();
        return Keywords.Aggregates.TryGetValue(name.Text, out var kind) ? Deeper(() =>
            new AggregateParser(tokens, Filter, WindowLength).Aggregate(kind)) : Call(tokens.Next());
    }

    private Expression Filter()
    {
        _filters++;
        var condition = Or();
        _filters--;
        return condition;
    }

    private DurationLiteral WindowLength()
    {
        _inWindow = true;
        var length = Duration();
        _inWindow = false;
        return length;
    }

    private CallExpression Call(Token name)
    {
        tokens.Next();
        var arguments = new List<Expression>();
        var blame = tokens.ErrorPlace;
        tokens.ErrorPlace ??= UnknownFunction(name);
        if (name.Text == "typical_gap")
        {
            if (tokens.Current.Kind is TokenKind.Name or TokenKind.Text) arguments.Add(Primary());
            if (!tokens.Current.Is(")")) tokens.Fail($"`typical_gap` takes one event, over all of time; found {TokenReader.Describe(tokens.Current)}",
                "write `typical_gap(order_completed)`");
        }
        else if (!tokens.Current.Is(")"))
        {
            do
            {
                arguments.Add(Deeper(Or));
            }
            while (tokens.Take(","));
        }
        tokens.Expect(")", $"to close `{name.Text}(`", tokens.OperatorHint());
        tokens.ErrorPlace = blame;
        return new CallExpression(name.Text, [.. arguments]) { Span = tokens.From(name.Span) };
    }

    /// <summary>What is said of a call of a function that there is not; null for one that there is.</summary>
    private static Blame? UnknownFunction(Token name) => Vocabulary.IsFunction(name.Text) ? null
        : new Blame(name.Span, ErrorCodes.UnknownName, Vocabulary.NoFunction(name.Text), Vocabulary.FunctionHint(name.Text));

    private static Blame? UnknownFunction(CallExpression call) =>
        UnknownFunction(new Token(TokenKind.Name, new Span(call.Span.Start, call.Function.Length), call.Function));

    /// <summary>A name, or several with points between.</summary>
    public PathExpression Path()
    {
        var start = tokens.Current;
        if (start.Kind != TokenKind.Name || Keywords.Reserved.Contains(start.Text))
        {
            tokens.Fail($"expected a name, found {TokenReader.Describe(start)}");
            return new PathExpression(["broken"]);
        }
        var names = new List<string> { tokens.Next().Text };
        while (tokens.Take("."))
        {
            if (tokens.Current.Kind is TokenKind.Name or TokenKind.Text) names.Add(tokens.Next().Text);
            else tokens.Fail($"expected a name after the point, found {TokenReader.Describe(tokens.Current)}");
        }
        return new PathExpression([.. names]) { Span = tokens.From(start.Span) };
    }

    /// <summary>A path, or a function of what a path names: <c>points.expiring(30 days)</c>.</summary>
    private Expression PathOrCall()
    {
        var path = Path();
        return tokens.Current.Is("(") ? Call(new Token(TokenKind.Name, path.Span, string.Join('.', path.Names))) : path;
    }

    private Expression Deeper(Func<Expression> read)
    {
        if (_depth >= RuleParser.DepthMax)
        {
            tokens.Fail($"nested more than {RuleParser.DepthMax} deep", "name parts of it as metrics of their own", code: ErrorCodes.Limit);
            return Broken;
        }
        _depth++;
        var expression = read();
        _depth--;
        return expression;
    }
}
