namespace Lifecycle.Projections.Tests.Wording;

/// <summary>What is beyond all counting can still be told.</summary>
public sealed class VastNumberWordsTests
{
    public static TheoryData<string> Conditions =>
    [
        "spend > customer.score",
        "spend <= customer.score",
        "spend < percent_change(customer.score, spend)",
        "percent_change(spend, customer.score) >= 20%",
        "count(order_completed in 7 days) > customer.score",
        "count(order_completed in 7 days) < customer.score",
        "age / 1 day > customer.score",
        "since(last(order_completed)) > customer.patience",
        "since(customer.renewal_at) > customer.patience",
        "age * customer.score > 3 days",
        "customer.score > 0.3 * spend",
        "top(spend, 5%)",
    ];

    [Theory, MemberData(nameof(Conditions))]
    public void Moves_and_what_is_lacking_are_told_of_any_number(string condition)
    {
        foreach (var score in (string[])["79228162514264337593543950335", "-79228162514264337593543950335", "0.0000000000000000000000000001", "0"])
            foreach (var patience in (string[])["PT9223372036854775807S", "P3650000D", "-P3650000D", "PT0.001S"])
                foreach (var renewal in (string[])["0001-01-01T00:00:00.001Z", "9998-12-31T23:59:59.999Z"])
                {
                    var told = Told.Under(Vast(condition)).At(0).Is($$"""{"score":{{score}},"patience":"{{patience}}","renewal_at":"{{renewal}}"}""");
                    told.At(1).Does("order_completed", $$"""{"revenue":{{score}},"currency":"EUR"}""").CutsAt(decimal.MaxValue).At(9);
                    Assert.All(told.Moves(), words => Assert.NotEmpty(words.ToString()));
                    Assert.NotEmpty(told.Stay().ToString());
                    Assert.NotEmpty(told.Lacks("special").ToString());
                    Assert.NotEmpty(told.Lacks("usual").ToString());
                }
    }

    private static string Vast(string condition) => $$"""
        definition: vast
        zone: Asia/Shanghai
        currency: EUR
        customer: { score: number, patience: duration, renewal_at: time }
        events:
          order_completed: { revenue: money }
        metrics:
          spend: sum(order_completed.revenue)
        tracks:
          lifecycle:
            - stage: usual
              when: not ({{condition}})
            - stage: special
              when: {{condition}}
        """;
}
