using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Tests;

public sealed class PrinterTests
{
    private static readonly int Cases = int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_CASES") ?? "10000", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void An_expression_printed_and_parsed_is_the_same_expression() => ForAll(seed =>
    {
        var tree = new RandomTree(seed).Expression();
        return Reads(RulePrinter.Print(tree), tree, RuleParser.ParseExpression);
    });

    [Fact]
    public void A_trigger_printed_and_parsed_is_the_same_trigger() => ForAll(seed =>
    {
        var tree = new RandomTree(seed).Trigger();
        return Reads(RulePrinter.Print(tree), tree, RuleParser.ParseTrigger);
    });

    [Fact]
    public void What_is_said_about_starting_again_printed_and_parsed_is_the_same() => ForAll(seed =>
    {
        var tree = new RandomTree(seed).Again();
        return Reads(RulePrinter.Print(tree), tree, RuleParser.ParseAgain);
    });

    private static Property Reads<T>(string printed, T tree, Func<RuleText, Diagnostics, T?> parse) where T : class
    {
        var diagnostics = new Diagnostics();
        var parsed = parse(RuleText.Alone(printed), diagnostics);
        return (tree.Equals(parsed) && diagnostics.Count == 0).Label($"{printed}\n{string.Join('\n', diagnostics.InOrder())}");
    }

    private static void ForAll(Func<int, Property> law) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));
}
