using Lifecycle.Definitions;
using Lifecycle.Domain.Values;

namespace Lifecycle.Rules.Tests;

public sealed class PersonalDeclarationTests
{
    [Fact]
    public void A_type_may_be_said_to_be_personal_and_rules_read_it_all_the_same()
    {
        var release = Written.Compile("""
            definition: x
            currency: CNY
            customer: { birthday: personal date, country: text }
            events: { order_completed: { phone: personal text, revenue: personal money, sku: text } }
            metrics: { m: known(customer.birthday), n: latest(order_completed.phone), s: sum(order_completed.revenue) }

            """);
        Assert.Equal((RuleType.Date, RuleType.Text), (release.Attributes["birthday"], release.Attributes["country"]));
        Assert.Equal((true, false), (release.Personal.IsPersonalAttribute("birthday"), release.Personal.IsPersonalAttribute("country")));
        Assert.Equal((true, true, false), (release.Personal.IsPersonalProperty("order_completed", "phone"), release.Personal.IsPersonalProperty("order_completed", "revenue"),
            release.Personal.IsPersonalProperty("order_completed", "sku")));
        Assert.False(release.Personal.SealUndeclared);
    }

    [Theory]
    [InlineData("personal", "`personal` is followed by a type", "write `personal text`")]
    [InlineData("date personal", "`date personal` is no type; known are number, money, text, truth, time, date, duration", "write `personal date`")]
    [InlineData("personal string", "`personal string` is no type; known are number, money, text, truth, time, date, duration", "write `personal text`")]
    [InlineData("personal dat", "`personal dat` is no type; known are number, money, text, truth, time, date, duration", "did you mean `date`?")]
    [InlineData("personally", "`personally` is no type; known are number, money, text, truth, time, date, duration", null)]
    public void What_is_not_a_type_is_refused_with_the_right_hint(string type, string message, string? hint)
    {
        var error = Assert.Single(Written.Read($"definition: x\ncustomer: {{ a: {type} }}\n").Errors);
        Assert.Equal((message, hint), (error.Message, error.Hint));
    }

    [Fact]
    public void Personal_money_needs_a_currency_like_any_other() =>
        Assert.Equal("a definition with money needs `currency`", Assert.Single(Written.Read("definition: x\ncustomer: { a: personal money }\n").Errors).Message);

    [Theory]
    [InlineData("sealed", true)]
    [InlineData("open", false)]
    public void Settings_say_what_becomes_of_what_is_undeclared(string word, bool isSealed) =>
        Assert.Equal(isSealed, Read($"settings: s\nundeclared: {word}\n").Release!.Personal.SealUndeclared);

    [Fact]
    public void Another_word_is_refused() =>
        Assert.Equal("`undeclared` is `sealed` or `open`, found `closed`", Assert.Single(Read("settings: s\nundeclared: closed\n").Errors).Message);

    [Fact]
    public void Both_are_printed_as_they_were_written()
    {
        const string Definition = "definition: x\n\ncustomer:\n  birthday: personal date\n\nevents:\n  order_completed: { phone: personal text }\n";
        Assert.Equal(Definition, Format(Definition));
        Assert.Equal("settings: s\nundeclared: sealed\n", Format("settings: s\nundeclared: sealed\n"));
    }

    private static ReadResult Read(string settings) => ReleaseReader.Read(new ReleaseText("definition: x\n", [], settings), 1);

    private static string? Format(string text) => Formatter.Format(new DefinitionFile("x.yaml", text)).Text;
}
