using Lifecycle.Definitions;

namespace Lifecycle.Projections.Tests;

/// <summary>A small shop whose customers decline after a fortnight without an order and are then written to.</summary>
internal static class SmallShop
{
    public static readonly ReleaseText Release = new(Definition(decline: 14), [WinBack], null);

    /// <summary>The same shop with less patience.</summary>
    public static readonly ReleaseText Impatient = new(Definition(decline: 7), [WinBack], null);

    private const string WinBack = """
        journey: win-back
        kind: win-back
        trigger: enter decline
        again: always
        exit: stage != decline
        steps:
          - send: { channel: webhook, template: miss-you }
          - wait: 3 days
          - send: { channel: webhook, template: miss-you-still }

        """;

    private static string Definition(int decline) => $$"""
        definition: small-shop
        zone: UTC
        currency: USD
        customer: { country: text }
        events:
          order_completed: { revenue: money }
        metrics:
          purchases: count(order_completed)
          revenue: sum(order_completed.revenue)
          purchases_30d: count(order_completed in 30 days)
          idle: default(since(last(order_completed)), age)
        tracks:
          lifecycle:
            - stage: newcomer
            - stage: regular
              when: purchases >= 2
            - stage: decline
              group: leaving
              when: idle >= {{decline}} days
              keep: idle >= 3 days
          vip:
            - stage: plain
              when: revenue < 100
            - stage: gold
              when: revenue >= 100

        """;
}
