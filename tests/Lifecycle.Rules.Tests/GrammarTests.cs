using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Tests;

public sealed class GrammarTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("007.50", "7.5")]
    [InlineData("40%", "40%")]
    [InlineData("true", "true")]
    [InlineData("'it''s'", "'it''s'")]
    [InlineData("\"CN\"", "'CN'")]
    [InlineData("14 days", "14 days")]
    [InlineData("1 days", "1 day")]
    [InlineData("1.5 hour", "1.5 hours")]
    [InlineData("customer.country", "customer.country")]
    [InlineData("customer.'home town'", "customer.'home town'")]
    [InlineData("等级 >= 3", "等级 >= 3")]
    [InlineData("-x", "-x")]
    [InlineData("--x", "--x")]
    [InlineData("a-b-c", "a - b - c")]
    [InlineData("a-(b-c)", "a - (b - c)")]
    [InlineData("a+b*c", "a + b * c")]
    [InlineData("(a+b)*c", "(a + b) * c")]
    [InlineData("a/b/c", "a / b / c")]
    [InlineData("((a))", "a")]
    [InlineData("a == b", "a == b")]
    [InlineData("a+1 < b*2", "a + 1 < b * 2")]
    [InlineData("not a or b", "not a or b")]
    [InlineData("not (a or b)", "not (a or b)")]
    [InlineData("not not a", "not not a")]
    [InlineData("not a == b", "not a == b")]
    [InlineData("a or b and c", "a or b and c")]
    [InlineData("(a or b) and c", "(a or b) and c")]
    [InlineData("a or (b or c)", "a or (b or c)")]
    [InlineData("(a == b) == c", "(a == b) == c")]
    [InlineData("country in ['CN','TW']", "country in ['CN', 'TW']")]
    [InlineData("stage in [decline, lost]", "stage in [decline, lost]")]
    [InlineData("x in [-1, 2 days, -3 hours, 5%]", "x in [-1, 2 days, -3 hours, 5%]")]
    [InlineData("default(since(last(session_start)), age)", "default(since(last(session_start)), age)")]
    [InlineData("f()", "f()")]
    [InlineData("count(any)", "count(any)")]
    [InlineData("count('any')", "count('any')")]
    [InlineData("count('where')", "count('where')")]
    [InlineData("count([a, 'in', b] in 90 days)", "count([a, 'in', b] in 90 days)")]
    [InlineData("sum(order_completed.revenue from 60 days to 30 days ago)", "sum(order_completed.revenue from 60 days to 30 days ago)")]
    [InlineData("count(e in 90 days where revenue >= 100 and not test)", "count(e in 90 days where revenue >= 100 and not test)")]
    [InlineData("count(e in 3 calendar days)", "count(e in 3 calendar days)")]
    [InlineData("count(e today)", "count(e today)")]
    [InlineData("count(e this week)", "count(e this week)")]
    [InlineData("count(e this month)", "count(e this month)")]
    [InlineData("count(e in this stage)", "count(e in this stage)")]
    [InlineData("count(e in this journey) >= 1", "count(e in this journey) >= 1")]
    [InlineData("distinct(e.a.'b c')", "distinct(e.a.'b c')")]
    [InlineData("all(invitation.from in 30 days)", "all(invitation.from in 30 days)")]
    [InlineData("count (e)", "count(e)")]
    [InlineData("0.4*spend_before > spend_30d", "0.4 * spend_before > spend_30d")]
    [InlineData("latest(e.'Ａ') == 'x'", "latest(e.'Ａ') == 'x'")]
    [InlineData("top(spend, 5%)", "top(spend, 5%)")]
    [InlineData("quantile( spend,5 )>=4", "quantile(spend, 5) >= 4")]
    [InlineData("a\n  and b", "a and b")]
    public void An_expression_is_read_as_the_grammar_says(string written, string printed)
    {
        var diagnostics = new Diagnostics();
        var expression = RuleParser.ParseExpression(RuleText.Alone(written), diagnostics);
        Assert.Empty(diagnostics.InOrder());
        Assert.Equal(printed, RulePrinter.Print(expression!));
    }

    [Theory]
    [InlineData("enter decline")]
    [InlineData("leave vip.gold")]
    [InlineData("event order_completed")]
    [InlineData("event 'any' where revenue >= 100")]
    [InlineData("7 days before customer.renewal_at")]
    [InlineData("1 day after customer.signed_up_at")]
    [InlineData("every day at 20:00")]
    [InlineData("every monday at 08:30")]
    [InlineData("every year on customer.birthday")]
    [InlineData("every year on 02-29")]
    [InlineData("at 2026-12-03 10:00")]
    public void A_trigger_is_read_as_the_grammar_says(string written)
    {
        var diagnostics = new Diagnostics();
        var trigger = RuleParser.ParseTrigger(RuleText.Alone(written), diagnostics);
        Assert.Empty(diagnostics.InOrder());
        Assert.Equal(written, RulePrinter.Print(trigger!));
    }

    [Theory]
    [InlineData("never")]
    [InlineData("always")]
    [InlineData("after 90 days")]
    [InlineData("one at a time")]
    [InlineData("one at a time per trigger.order_id")]
    public void Starting_again_is_read_as_the_grammar_says(string written)
    {
        var diagnostics = new Diagnostics();
        var again = RuleParser.ParseAgain(RuleText.Alone(written), diagnostics);
        Assert.Empty(diagnostics.InOrder());
        Assert.Equal(written, RulePrinter.Print(again!));
    }

    [Theory]
    [InlineData("", 1, "expected a condition or a value, found nothing")]
    [InlineData("a and", 6, "expected a value or a name, found the end")]
    [InlineData("a b", 3, "expected an operator or the end, found `b`")]
    [InlineData("a < b < c", 7, "a comparison cannot be compared again with `<`")]
    [InlineData("(a", 3, "expected `)` to close the bracket, found the end")]
    [InlineData("a)", 2, "expected an operator or the end, found `)`")]
    [InlineData("'abc", 1, "this text is not ended; expected a closing '")]
    [InlineData(".5", 1, "expected a value or a name, found `.`")]
    [InlineData("x in 'CN'", 6, "expected `[` to begin a list, found the text 'CN'")]
    [InlineData("count(e in 30)", 12, "`30` has no unit; expected seconds, minutes, hours, days or weeks")]
    [InlineData("count(e 30 days)", 9, "expected `)` to close `count(`, found `30`")]
    [InlineData("2 months", 1, "`months` has no fixed length, so it is no unit of time here")]
    [InlineData("x >= 14 dyas", 6, "`dyas` is not a unit; expected seconds, minutes, hours, days or weeks")]
    [InlineData("a # b", 3, "`#` does not belong in an expression")]
    [InlineData("count(where)", 7, "expected an event, found `where`")]
    [InlineData("99999999999999999999999999999999", 1, "`99999999999999999999999999999999` is too long a number; at most 28 digits are kept")]
    public void What_is_wrong_is_told_with_its_place(string written, int column, string message)
    {
        var diagnostics = new Diagnostics();
        Assert.Null(RuleParser.ParseExpression(RuleText.Alone(written), diagnostics));
        var error = Assert.Single(diagnostics.InOrder());
        Assert.Equal((1, column, message), (error.Line, error.Column, error.Message));
    }

    [Theory]
    [InlineData("a = b", "write `==`")]
    [InlineData("a && b", "write `and`")]
    [InlineData("a || b", "write `or`")]
    [InlineData("!a", "write `not`")]
    [InlineData("a ≥ b", "write `>=`")]
    [InlineData("a <> b", "write `!=`")]
    [InlineData("count（e）", "write `(` half-width")]
    [InlineData("least(a，b)", "write `,` half-width")]
    [InlineData("a ＝＝ b", "write `==` half-width")]
    [InlineData("a ＝ b", "write `==`")]
    [InlineData("a >= １００", "write `100` half-width")]
    [InlineData("a == “CN”", "write 'CN'")]
    [InlineData("a >= 14 天", "write `14 days`")]
    [InlineData("a >= 14d", "write `14 days`")]
    public void A_sign_from_elsewhere_is_recognised(string written, string hint)
    {
        var diagnostics = new Diagnostics();
        Assert.Null(RuleParser.ParseExpression(RuleText.Alone(written), diagnostics));
        Assert.Equal(hint, diagnostics.InOrder()[0].Hint);
    }

    [Fact]
    public void Several_mistakes_of_one_rule_are_told_at_once()
    {
        var diagnostics = new Diagnostics();
        RuleParser.ParseExpression(RuleText.Alone("a = 1 && b（2）"), diagnostics);
        Assert.Equal([3, 7, 11, 13], diagnostics.InOrder().Select(error => error.Column));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("f(", ")")]
    public void Fifty_is_deep_enough(string open, string close)
    {
        Assert.Empty(Errors(50));
        Assert.Equal(ErrorCodes.Limit, Assert.Single(Errors(51)).Code);
        Assert.Equal(ErrorCodes.Limit, Assert.Single(Errors(20_000)).Code);

        IReadOnlyList<SourceError> Errors(int depth)
        {
            var diagnostics = new Diagnostics();
            RuleParser.ParseExpression(RuleText.Alone(string.Concat(Enumerable.Repeat(open, depth)) + "a"
                + string.Concat(Enumerable.Repeat(close, depth))), diagnostics);
            return diagnostics.InOrder();
        }
    }

    [Fact]
    public void An_error_shows_the_line_with_the_place_underlined()
    {
        var diagnostics = new Diagnostics();
        RuleParser.ParseExpression(RuleText.Alone("天数 >= 14 dyas", "rules.yaml"), diagnostics);
        Assert.Equal("""
            rules.yaml:1:7: `dyas` is not a unit; expected seconds, minutes, hours, days or weeks
              天数 >= 14 dyas
                      ~~~~~~~
              hint: write `14 days`
            """.ReplaceLineEndings("\n"), Assert.Single(diagnostics.InOrder()).ToString());
    }
}
