using Lifecycle.Definitions;

namespace Lifecycle.Rules.Tests;

/// <summary>What is legal and surely not meant.</summary>
public sealed class WarningTests
{
    public static readonly TheoryData<string, string> Tracks = new()
    {
        { "vip: [stage: none, { stage: gold, when: points >= 100 }]", "nobody can leave `gold`" },
        { "vip: [stage: none, { stage: silver, when: sum(order_completed.revenue in 90 days) >= 100 }, "
            + "{ stage: gold, when: sum(order_completed.revenue in 90 days) >= 500 }]", "who no longer qualifies for `silver` stays in it" },
        { "t: [stage: a, { stage: b, when: count(order_completed) >= 0 }, { stage: c, when: idle > 3 days }]", "`count(order_completed) >= 0` holds for everybody" },
        { "t: [stage: a, { stage: b, when: days(session_start in 7 days) >= 12 }, { stage: c, when: idle > 3 days }]", "`days(session_start in 7 days) >= 12` never holds" },
        { "t: [stage: a, { stage: b, when: count(order_completed) >= 5 and count(order_completed) < 3 }, { stage: c, when: idle > 3 days }]", "never holds" },
        { "t: [stage: a, { stage: b, when: since(last(session_start)) >= 14 days }, { stage: c, when: idle < 3 days }]", "is never true of who never did that" },
    };

    [Theory]
    [MemberData(nameof(Tracks))]
    public void It_is_warned_of(string track, string message)
    {
        var result = Read(track);
        Assert.Empty(result.Errors);
        Assert.Contains(message, Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t: [stage: a, { stage: b, when: count(order_completed) >= 2 }, { stage: c, when: idle >= 14 days, keep: idle >= 3 days }]")]
    [InlineData("t: [{ stage: none, when: points < 100 }, { stage: gold, when: points >= 100 }]")]
    [InlineData("t: [stage: a, { stage: b, when: idle > 3 days, keep: 'true' }, { stage: c, when: age > 9 days }]")]
    [InlineData("t: [stage: a, { stage: b, when: since(last(session_start)) >= 14 days and count(session_start) >= 1 }, { stage: c, when: idle < 3 days }]")]
    [InlineData("t: [stage: a, { stage: b, when: count(order_completed) >= 3 and count(order_completed) < 5 }, { stage: c, when: idle > 3 days }]")]
    public void What_may_be_meant_is_not(string track) => Assert.Equal("", string.Join('\n', Read(track).Warnings));

    /// <summary>A declared event counts however it is written; it comes in under one name.</summary>
    [Theory]
    [InlineData("Account Removed", "account_removed", true)]
    [InlineData("login", "login", false)]
    [InlineData("3", "3", false)]
    public void A_declared_event_is_the_one_that_comes_in(string written, string stored, bool warned)
    {
        var result = ReleaseReader.Read(new ReleaseText($"definition: x\nevents: {{ '{written}': {{}} }}\nmetrics: {{ m: \"count('{written}')\" }}\n", [], null), 1);
        Assert.Equal(stored, Assert.Single(Assert.Single(result.Release!.Aggregates).Events));
        Assert.Equal(warned ? 1 : 0, result.Warnings.Count);
    }

    /// <summary>Who sends an amount in a currency with a rate is not warned that it is left out.</summary>
    [Fact]
    public void Senders_may_use_the_currencies_that_are_converted()
    {
        var release = ReleaseReader.Read(new ReleaseText("definition: x\ncurrency: EUR\nexchange: { USD: 0.5 }\n", [], null), 1).Release!;
        Assert.Equal(["EUR", "USD"], release.Contract.Currencies.Order());
    }

    public static TheoryData<string> Samples() => ["tianxia", "magazine", "shop"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_samples_are_free_of_warnings(string sample) =>
        Assert.Equal("", string.Join('\n', ReleaseReader.ReadFiles([.. Sample.FilesOf(sample)], 1).Result.Warnings));

    private static ReadResult Read(string track) => ReleaseReader.Read(new ReleaseText($$"""
        definition: test
        currency: CNY
        events: { order_completed: { revenue: money }, session_start: {} }
        metrics:
          idle: default(since(last(session_start)), age)
        tracks:
          {{track}}
        points: { earn: [{ event: order_completed, points: 1 }], expire: 365 days }
        """, [], null), 1);
}
