using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Rules.Checking;
using Lifecycle.Rules.Syntax;
using Lifecycle.Wording;

namespace Lifecycle.Projections.Tests.Wording;

/// <summary>The catalog says everything that there is to say, in every language.</summary>
public sealed class CatalogTests
{
    /// <summary>Written alike in both languages, being signs, forms or names.</summary>
    private static readonly string[] Alike =
        [nameof(PhraseCatalog.Quoted), nameof(PhraseCatalog.Rule), nameof(PhraseCatalog.Money), nameof(PhraseCatalog.Finer), "Functions.Default"];

    [Fact]
    public void Every_phrase_is_said_in_every_language()
    {
        var phrases = Phrases().ToList();
        Assert.True(phrases.Count > 200);
        Assert.All(phrases, phrase =>
        {
            Assert.NotEmpty(phrase.Said.English);
            Assert.NotEmpty(phrase.Said.Chinese);
            if (!Alike.Contains(phrase.Name)) Assert.NotEqual(phrase.Said.English, phrase.Said.Chinese);
        });
    }

    [Fact]
    public void English_has_no_Chinese_in_it() =>
        Assert.All(Phrases(), phrase => Assert.DoesNotContain(phrase.Said.English, letter => letter is >= '\u3000' and <= '\uffef'));

    [Fact]
    public void Chinese_has_no_English_in_it() => Assert.All(Phrases().Where(phrase => !phrase.Name.Contains("Pattern", StringComparison.Ordinal)),
        phrase => Assert.DoesNotMatch("[A-Za-z]", Regex.Replace(phrase.Said.Chinese, "\\{[a-z]+\\}", "")));

    [Fact]
    public void Every_aggregate_is_told() =>
        Assert.All(Enum.GetValues<AggregateKind>(),
            kind => Assert.True(PhraseCatalog.Counts.ContainsKey(kind) || PhraseCatalog.Nouns.ContainsKey(kind), $"{kind}"));

    [Fact]
    public void Every_comparison_is_told() =>
        Assert.All(Enum.GetValues<Comparison>(), comparison => Assert.True(PhraseCatalog.Comparisons.ContainsKey(comparison)));

    [Fact]
    public void Every_unit_is_told() => Assert.All(Enum.GetValues<TimeUnit>(), unit => Assert.True(PhraseCatalog.Units.ContainsKey(unit)));

    [Fact]
    public void Every_period_is_told() => Assert.All(Enum.GetValues<CalendarPeriod>(), period => Assert.True(PhraseCatalog.Periods.ContainsKey(period)));

    [Fact]
    public void Every_function_is_told() =>
        Assert.Equal(Enum.GetValues<FunctionKind>(), PhraseCatalog.Functions.Keys.Order());

    [Fact]
    public void Every_shared_event_and_every_fact_has_a_word() =>
        Assert.Equal(Vocabulary.CanonicalEvents.Concat(FactEvents.Properties.Keys).Order(StringComparer.Ordinal),
            PhraseCatalog.Events.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_property_of_a_fact_has_a_word() =>
        Assert.All(FactEvents.Properties.Values.SelectMany(fact => fact.Keys),
            property => Assert.True(PhraseCatalog.Properties.ContainsKey(property), property));

    [Theory]
    [InlineData("", "")]
    [InlineData(" in 30 days", "in the last 30 days|最近 30 天")]
    [InlineData(" from 60 days to 30 days ago", "from 60 to 30 days ago|60 天前至 30 天前")]
    [InlineData(" from 2 weeks to 3 days ago", "from 2 weeks to 3 days ago|2 周前至 3 天前")]
    [InlineData(" in 3 calendar days", "in the last 3 calendar days|最近 3 个自然日")]
    [InlineData(" in 1 calendar day", "today|今天")]
    [InlineData(" today", "today|今天")]
    [InlineData(" this week", "this week|本周")]
    [InlineData(" this month", "this month|本月")]
    [InlineData(" in 3 calendar months", "in the last 3 calendar months|最近 3 个自然月")]
    [InlineData(" in 1 calendar month", "this month|本月")]
    [InlineData(" this quarter", "this quarter|本季度")]
    [InlineData(" this year", "this year|今年")]
    [InlineData(" last week", "last week|上周")]
    [InlineData(" last month", "last month|上月")]
    [InlineData(" last quarter", "last quarter|上季度")]
    [InlineData(" last year", "last year|去年")]
    [InlineData(" in first 7 days", "in the first 7 days|最初 7 天内")]
    [InlineData(" in this stage", "in this stage|进入此阶段以来")]
    [InlineData(" in this journey", "since the journey began|旅程开始以来")]
    public void Every_window_is_told(string window, string told)
    {
        var aggregate = (AggregateExpression)RuleParser.ParseExpression(RuleText.Alone($"count(order_completed{window})"), new Diagnostics())!;
        var context = WordingContext.Of(Lifecycle.Domain.Release.None, NodaTime.Instant.FromUtc(2026, 1, 1, 0, 0));
        var said = Enum.GetValues<Language>()
            .Select(language => new EventWords(new Renderer(language, context, Tense.Present)).Window(aggregate.Window));
        Assert.Equal(told, string.Join('|', said.Where(words => words.Length > 0)));
    }

    private static IEnumerable<(string Name, PhraseText Said)> Phrases() => typeof(PhraseCatalog).GetFields(BindingFlags.Public | BindingFlags.Static)
        .SelectMany(field => In(field.Name, field.GetValue(null)!));

    private static IEnumerable<(string Name, PhraseText Said)> In(string name, object part) => part switch
    {
        PhraseText phrase => [(name, phrase)],
        IDictionary table => table.Keys.Cast<object>().SelectMany(key => In($"{name}.{key}", table[key]!)),
        CountPhrases or ComparisonPhrases or MovePhrases or PeriodPhrases => part.GetType().GetProperties().Where(property => property.PropertyType == typeof(PhraseText))
            .SelectMany(property => In($"{name}.{property.Name}", property.GetValue(part)!)),
        _ => [],
    };
}
