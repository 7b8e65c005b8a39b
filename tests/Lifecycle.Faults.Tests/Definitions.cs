namespace Lifecycle.Faults.Tests;

/// <summary>A small definition under which much happens within seconds, simple enough to be reckoned in SQL.</summary>
internal static class Definitions
{
    /// <summary>Silence after which a customer is quiet, in seconds.</summary>
    public const int PatienceSeconds = 2;

    public static readonly object Release = new { definition = Definition, journeys = new[] { Journey }, settings = (string?)null };

    private const string Journey = """
        journey: come-back
        kind: win-back
        trigger: enter quiet
        audience: orders >= 2
        again: always
        steps:
          - send: { channel: webhook, template: come-back }

        """;

    private const string Definition = """
        definition: restless
        zone: UTC
        currency: EUR
        customer: { country: text }
        events:
          order_completed: { revenue: money }
        metrics:
          orders: count(order_completed)
          revenue: sum(order_completed.revenue)
          recent: count(order_completed in 3 seconds)
          idle: default(since(last(order_completed)), age)
        tracks:
          lifecycle:
            - stage: active
              when: idle < 2 seconds
            - stage: quiet
              when: idle >= 2 seconds
          worth:
            - stage: small
              when: revenue < 200
            - stage: large
              when: revenue >= 200
            - stage: huge
              when: revenue >= 2000
          pace:
            - stage: slow
              when: recent < 3
            - stage: fast
              when: recent >= 3

        """;
}
