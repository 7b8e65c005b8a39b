using System.Text.Json.Nodes;
using Lifecycle.Definitions.Schema;

namespace Lifecycle.Rules.Tests;

public sealed class SchemaTests
{
    private static readonly SchemaValidator Schema = new(JsonNode.Parse(DefinitionSchema.Json)!.AsObject());

    [Fact]
    public void The_published_schema_is_the_one_that_the_catalog_gives()
    {
        var published = Path.Combine(Written.Root, "docs/schema/lifecycle.schema.json");
        Assert.True(File.Exists(published) && File.ReadAllText(published) == DefinitionSchema.Json,
            "The schema has changed; write it anew: ./lifecycle schema > docs/schema/lifecycle.schema.json");
    }

    public static TheoryData<string> Samples() => [.. Written.SampleFiles()];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_sample_satisfies_the_schema(string path) => Assert.Empty(Schema.Wrong(SchemaValidator.FromYaml(Written.Sample(path))));

    [Fact]
    public void So_do_the_definitions_that_tests_use()
    {
        Assert.Empty(Schema.Wrong(SchemaValidator.FromYaml(Example.Definition)));
        Assert.Empty(Schema.Wrong(SchemaValidator.FromYaml(Written.WithMetrics("a: 1", "b: true", "c: \"'x' == 'y'\""))));
        Assert.Empty(Schema.Wrong(SchemaValidator.FromYaml("definition: 天下\nevents:\n  page_viewed:\n  第一次: { 金额: money }\nmetrics:\n")));
        Assert.Empty(Schema.Wrong(SchemaValidator.FromYaml(
            "journey: j\nkind: vip\ntrigger: enter a\npriority: 50\nagain: never\nsteps:\n  - end\n  - end: done\n  - wait: 1.5 hours\n  - send: { channel: a, template: b-2 }\n")));
        Assert.Empty(Schema.Wrong(SchemaValidator.FromYaml("settings: s\ncaps:\n  webhook: 1 in 24 hours\n  email: [1 in 1 day, 3 in 7 days]\nnames: [apple, google]\n")));
        Assert.Empty(Schema.Wrong(SchemaValidator.FromYaml("settings: s\nnames: stripe\n")));
    }

    /// <summary>What nobody may write, and the place at which an editor marks it.</summary>
    [Theory]
    [InlineData("definition: x\nmetric:\n  a: 1\n", "/metric")]
    [InlineData("title: x\n", "/definition")]
    [InlineData("definition: x\ncurrency: yuan\n", "/currency")]
    [InlineData("definition: x\ncustomer: { a: string }\n", "/customer/a")]
    [InlineData("definition: x\nevents:\n  order_completed: { revenue: euros }\n", "/events/order_completed/revenue")]
    [InlineData("definition: x\nexchange: { usd: 7 }\n", "/exchange/usd")]
    [InlineData("definition: x\nexchange: { USD: much }\n", "/exchange/USD")]
    [InlineData("definition: x\nmetrics:\n  big-orders: 1\n", "/metrics/big-orders")]
    [InlineData("definition: x\nmetrics:\n  a: [1]\n", "/metrics/a")]
    [InlineData("definition: x\ntracks:\n  t: a\n", "/tracks/t")]
    [InlineData("definition: x\ntracks:\n  t: []\n", "/tracks/t")]
    [InlineData("definition: x\ntracks:\n  t:\n    - wenn: a\n      stage: b\n", "/tracks/t/0/wenn")]
    [InlineData("definition: x\ntracks:\n  t:\n    - when: a > 1\n", "/tracks/t/0/stage")]
    [InlineData("definition: x\ntracks:\n  t:\n    - stage: a\n      confirm: 3\n", "/tracks/t/0/confirm")]
    [InlineData("definition: x\ntracks:\n  t:\n    - stage: a\n      grace: 1 month\n", "/tracks/t/0/grace")]
    [InlineData("definition: x\npoints: {}\n", "/points/earn")]
    [InlineData("definition: x\npoints:\n  earn:\n    - event: a\n", "/points/earn/0/points")]
    [InlineData("journey: j\nsteps: [end]\n", "/trigger")]
    [InlineData("journey: j\ntrigger: enter a\nsteps: []\n", "/steps")]
    [InlineData("journey: j\ntrigger: enter a\nsteps:\n  - task: { queue: care }\n", "/steps/0/task")]
    [InlineData("journey: j\ntrigger: enter a\nsteps:\n  - wait: 3 days\n    end: x\n", "/steps/0")]
    [InlineData("journey: j\ntrigger: enter a\nkind: winback\nsteps: [end]\n", "/kind")]
    [InlineData("settings: s\ncaps:\n  webhook: 1 per day\n", "/caps/webhook")]
    [InlineData("settings: s\nnames: [aple]\n", "/names/0")]
    public void A_wrong_member_does_not_satisfy_it(string yaml, string place) =>
        Assert.Contains(place, Schema.Wrong(SchemaValidator.FromYaml(yaml)));

    /// <summary>What the reader refuses for its form the schema refuses too, and what it accepts, the schema accepts.</summary>
    [Fact]
    public void The_schema_agrees_with_the_reader_about_every_member() => Parallel.For(0, 2000, seed =>
    {
        var random = new Random(seed);
        var text = Written.Sample("tianxia/definition.yaml").Split('\n');
        var lines = Enumerable.Range(0, text.Length).Where(i => text[i].Contains(": ", StringComparison.Ordinal)
            && !text[i].TrimStart().StartsWith('#')).ToList();
        var line = lines[random.Next(lines.Count)];
        var colon = text[line].IndexOf(':', StringComparison.Ordinal);
        text[line] = text[line][..colon] + "x" + text[line][colon..];
        var yaml = string.Join('\n', text);
        var unknown = Written.Read(yaml).Errors.Any(error => error.Code == "member"
            && error.Message.Contains("is no part of", StringComparison.Ordinal));
        if (unknown) Assert.NotEmpty(Schema.Wrong(SchemaValidator.FromYaml(yaml)));
    });
}
