using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Outlook;
using Lifecycle.Domain.Values;
using Xunit;

namespace Lifecycle.Domain.Tests;

/// <summary>Whatever number comes in, no rule throws: a customer would be set aside for what somebody else's program sent.</summary>
public sealed class VastNumberTests
{
    private static readonly string[] Conditions =
    [
        "age / 1 day > customer.score",
        "age / 1 day - customer.score < 0",
        "age * customer.score >= 3 days",
        "customer.score * age + customer.score * age >= 1 day",
        "age * customer.score < age * -customer.score",
        "customer.score * age - -customer.score * age > 2 days",
        "floor(age / 1 day * customer.score) == 7",
        "round(age / 1 day + customer.score) != 7",
        "ceil(customer.score - age / 1 day) > 7",
        "abs(customer.score - age / 1 day) > abs(age / 1 hour + customer.score)",
        "least(age, age * customer.score) > 1 day",
        "greatest(age / 1 day, customer.score - age / 1 day, customer.score) > 3",
        "floor(customer.score + age / 1 day) - floor(customer.score + age / 1 week) > 3",
        "count(session_start in 7 days) > customer.score",
        "count(session_start in 7 days) < customer.score",
        "sum(order_completed.revenue) - customer.score > sum(order_completed.revenue in 3 days) + 1",
        "percent_change(sum(order_completed.revenue from 14 days to 7 days ago), sum(order_completed.revenue in 7 days)) > customer.score",
        "age > customer.patience",
        "age + customer.patience > 3 days",
        "floor(age / 1 day + customer.score) > customer.score",
        "since(customer.renewal_at) + customer.patience > 1 day",
        "since(customer.renewal_at + customer.patience) > 1 day",
        "since(customer.renewal_at + age * customer.score) > 1 day",
        "since(last(session_start)) > customer.patience * customer.score",
    ];

    private static readonly string[] Numbers =
    [
        "79228162514264337593543950335", "-79228162514264337593543950335", "79228162514264337593543950334.5", "-7922816251426433759354395033.5",
        "0.0000000000000000000000000001", "-0.0000000000000000000000000001", "9223372036854775808", "-86400000", "0",
    ];

    private static readonly string[] Durations = ["PT9223372036854775807S", "PT-9223372036854775808S", "P2147483647D", "PT0.001S", "PT0S", "-P1D"];

    private static readonly string[] Times = ["0001-01-01T00:00:00.001Z", "9998-12-31T23:59:59.999Z", "2026-01-05"];

    public static TheoryData<string> AllConditions => [.. Conditions];

    [Theory, MemberData(nameof(AllConditions))]
    public void No_number_makes_a_rule_throw(string condition)
    {
        for (var i = 0; i < Numbers.Length * Durations.Length * Times.Length; i++)
        {
            var (score, rest) = (Numbers[i % Numbers.Length], i / Numbers.Length);
            var (patience, renewal) = (Durations[rest % Durations.Length], Times[rest / Durations.Length]);
            var life = Live(condition, score, patience, renewal);
            Assert.True(life.NextReview > life.State.Clock);
            var outlook = StageOutlook.Of(new CustomerMachine("tests", _ => life.Release), life.State, life.Release, life.State.Clock);
            var reasons = life.All<StageChanged>().Concat(outlook.Moves.Select(move => move.Change)).Select(move => move.Because).OfType<Explanation>();
            // What is told of it is written when it is read.
            Assert.All(reasons.SelectMany(Values), value => Assert.NotNull(value.ToString()));
        }
    }

    private static Life Live(string condition, string score, string patience, string renewal)
    {
        var life = WithCondition(condition).At(0).Takes(new ProfileChanged(Properties.Parse(
            $$"""{"score":{{score}},"patience":"{{patience}}","renewal_at":"{{renewal}}"}""")));
        foreach (var day in (ReadOnlySpan<double>)[0, 1, 8, 9])
            life.At(day).Does("session_start").Does("order_completed", $$"""{"revenue":{{score}}}""");
        return life.Until(40);
    }

    private static IEnumerable<Value> Values(Explanation explanation) => explanation.Parts.SelectMany(Values).Prepend(explanation.Value);

    private static Life WithCondition(string condition) => Life.Under($$"""
        definition: vast
        zone: UTC
        customer: { score: number, patience: duration, renewal_at: time }
        events:
          session_start: {}
          order_completed: { revenue: number }
        tracks:
          lifecycle:
            - stage: usual
              when: not ({{condition}})
            - stage: special
              when: "{{condition}}"
        """);
}
