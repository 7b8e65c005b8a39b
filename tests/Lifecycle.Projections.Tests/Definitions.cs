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

/// <summary>A shop that gives points for orders, and benefits to those who come again and to those with many points.</summary>
internal static class RewardingShop
{
    public static readonly ReleaseText Release = new(Definition(""), [], null);

    /// <summary>The same shop, which now also counts what it has given and how often a customer has moved.</summary>
    public static readonly ReleaseText Counting = new(Definition("""
          earned: sum(points_earned.points)
          earned_30d: sum(points_earned.points in 30 days)
          lost: sum(points_expired.points)
          moves: count(stage_changed)
          declines: count(stage_changed in 90 days where to == 'decline')
          orders_here: count(order_completed in this stage)
        """), [], null);

    private static string Definition(string more) => $$"""
        definition: rewarding-shop
        zone: UTC
        currency: USD
        events:
          order_completed: { revenue: money }
          order_refunded: { revenue: money }
        metrics:
        {{more}}
          orders: count(order_completed)
          idle: default(since(last(order_completed)), age)
          sizes: all(order_completed.revenue)
        tracks:
          lifecycle:
            - stage: newcomer
            - stage: regular
              when: count(order_completed) >= 2
              benefits: [gift_wrap]
              grace: 10 days
            - stage: decline
              when: idle >= 14 days
              keep: idle >= 3 days
          vip:
            - stage: plain
              when: points < 500
            - stage: gold
              when: points >= 500
              benefits: [gift_wrap, skip_queue]
        points:
          earn:
            - event: order_completed
              points: floor(trigger.revenue * 10)
          expire: 60 days

        """;
}

/// <summary>A shop whose journey ends when gifts of some size were opened on the way, and its successors, which ask nothing of the kind.</summary>
internal static class ToldShop
{
    public static readonly ReleaseText Release = new("""
        definition: told-shop
        zone: UTC
        customer: { plan: text }
        events:
          order_completed: {}
          gift_opened: { size: number }
        tracks:
          lifecycle:
            - stage: newcomer
            - stage: buyer
              when: count(order_completed) >= 1

        """, ["""
        journey: thanks
        trigger: enter buyer
        exit: sum(gift_opened.size in this journey) >= 2 and customer.plan == 'gold'
        steps:
          - send: { channel: webhook, template: thanks }
          - wait: 30 days

        """], null);

    public static ReleaseText Other(int number) => new($"""
        definition: told-shop
        title: Number {number}
        zone: UTC
        events:
          session_start: {"{}"}
        tracks:
          lifecycle:
            - stage: newcomer
            - stage: buyer
              when: count(session_start) >= {number}

        """, [], null);
}

/// <summary>A shop that tells the twentieth of its customers who spend most.</summary>
internal static class TopShop
{
    public static readonly ReleaseText Release = new(Definition("top(revenue, 5%)"), [], null);

    /// <summary>The same shop, which tells them when they have been among the top for three hours.</summary>
    public static readonly ReleaseText Patient = new(Definition("top(revenue, 5%)") + "      confirm: 3 hours\n", [], null);

    /// <summary>The same shop, which is content with anyone who spends 100.</summary>
    public static readonly ReleaseText WithoutTop = new(Definition("revenue >= 100"), [], null);

    private static string Definition(string best) => $$"""
        definition: top-shop
        zone: Asia/Shanghai
        currency: USD
        events:
          order_completed: { revenue: money }
        metrics:
          revenue: sum(order_completed.revenue in 90 days)
        tracks:
          value:
            - stage: ordinary
              when: not {{best}}
            - stage: best
              when: {{best}}

        """.TrimEnd('\n') + "\n";
}
