using System.Text.RegularExpressions;
using Lifecycle.Definitions;
using Lifecycle.Rules.Checking;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Tests;

/// <summary>What docs/rules.md shows is what the language is.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Written.Root, "docs/rules.md"));

    private static readonly string[] Blocks = [.. Block().Matches(Text).Select(match => match.Groups["yaml"].Value)];

    [Fact]
    public void The_definition_the_journey_and_the_settings_are_a_release()
    {
        var result = ReleaseReader.Read(new ReleaseText(Starting("definition:"), [Starting("journey:")], Starting("settings:")), 1);
        Assert.Equal("", string.Join('\n', result.Errors));
    }

    [Fact]
    public void The_stage_and_the_points_stand_in_a_definition()
    {
        var definition = "definition: test\nevents:\n  order_completed: { revenue: number }\nmetrics:\n  vip_points: points\ntracks:\n  lifecycle:\n    - stage: decline\n    - stage: silver\n      when: age > 1 day\n"
            + Starting("    - stage: gold") + Starting("points:");
        Assert.Equal("", string.Join('\n', Written.Read(definition).Errors));
    }

    /// <summary>Every expression that the text shows, where it is one and not a form with blanks to fill.</summary>
    [Fact]
    public void Every_expression_is_known()
    {
        var shown = Text[Text.IndexOf("## Expressions", StringComparison.Ordinal)..Text.IndexOf("## A journey", StringComparison.Ordinal)];
        var expressions = Code().Matches(shown).Select(match => match.Groups["code"].Value).Distinct()
            .Where(code => code.Contains('(') || code.Contains(" in [") || Operators().IsMatch(code))
            .Where(code => !code.Contains('…') && !Form().IsMatch(code)
                && RuleParser.ParseExpression(RuleText.Alone(code), new Diagnostics()) is not null).ToList();
        Assert.InRange(expressions.Count, 30, 100);
        foreach (var expression in expressions) Assert.Equal((expression, ""), (expression, Errors(expression)));
    }

    [Fact]
    public void Its_lists_are_complete()
    {
        Assert.All(Vocabulary.CanonicalEvents, name => Assert.Contains($"`{name}`", Text, StringComparison.Ordinal));
        Assert.All(Vocabulary.Functions, name => Assert.Matches($@"\b{name}\b", Text));
        Assert.All(Vocabulary.TypeWords, word => Assert.Contains($"| `{word.Name}` |", Text, StringComparison.Ordinal));
        Assert.All(Lifecycle.Domain.Events.FactEvents.Properties, fact =>
        {
            Assert.Contains($"`{fact.Key}`", Text, StringComparison.Ordinal);
            Assert.All(fact.Value.Keys, property => Assert.Contains($"`{property}`", Text, StringComparison.Ordinal));
        });
        Assert.All(Keywords.Aggregates.Keys, name => Assert.Matches($@"`{name}\(", Text));
        foreach (var limit in new[] { Limits.Metrics, Limits.Stages, Limits.EarnRules, Limits.Journeys, Limits.Steps, Limits.Caps, Limits.Benefits,
            Limits.Depth, Limits.Title })
            Assert.Matches($@"\b{limit}\b", Text);
        Assert.Contains($"{Limits.Parts:N0}", Text, StringComparison.Ordinal);
        Assert.Contains($"| {Limits.CalendarDays:N0} and {Limits.CalendarMonths} |", Text, StringComparison.Ordinal);
    }

    private static string Errors(string expression) => string.Join('\n', Written.Read($$"""
        definition: test
        currency: CNY
        customer: { country: text, renewal_at: time, vip: truth }
        events:
          order_completed: { revenue: money, sku: text, ships_at: time, shipping: text, unit price: money }
          any: {}
        metrics:
          purchases: count(order_completed)
          idle: age
          spend_30d: sum(order_completed.revenue in 30 days)
          spend_before: sum(order_completed.revenue from 60 days to 30 days ago)
          spend_90d: sum(order_completed.revenue in 90 days)
          m: "{{expression.Replace("\"", "\\\"", StringComparison.Ordinal)}}"
        tracks:
          lifecycle: [stage: exploration, { stage: decline, when: age > 1 day }, { stage: lost, when: age > 2 days }]
          vip: [stage: none, { stage: gold, when: age > 1 day }]
        points:
          earn: [{ event: order_completed, points: "1" }]
        """).Errors.Where(error => !(expression.Contains("trigger.", StringComparison.Ordinal) && error.Message.StartsWith("`trigger`", StringComparison.Ordinal))));

    private static string Starting(string line) => Blocks.Single(block => block.StartsWith(line, StringComparison.Ordinal));

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`(?<code>[^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@" [-+*/<>=]|[!=<>]= ")]
    private static partial Regex Operators();

    [GeneratedRegex(@"^(since\(time\)|default\(x, y\)|known\(x\)|mod\(x, n\)|percent_change\(a, b\)|least\(x|greatest\(x)")]
    private static partial Regex Form();
}
