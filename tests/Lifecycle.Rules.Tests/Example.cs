namespace Lifecycle.Rules.Tests;

/// <summary>The example by which the language is explained, whole.</summary>
internal static class Example
{
    public const string Definition = """
        definition: tianxia
        title: { en: Tianxia II, zh: 天下贰 }
        zone: Asia/Shanghai
        currency: CNY

        customer: { country: text, renewal_at: time, birthday: date }
        events:                       # contracts: unknown events are kept, known ones are checked
          order_completed: { revenue: money, sku: text }
          session_start: {}

        metrics:
          purchases:      count(order_completed)
          purchases_90d:  count(order_completed in 90 days)
          spend_30d:      sum(order_completed.revenue in 30 days)
          spend_before:   sum(order_completed.revenue from 60 days to 30 days ago)
          big_orders:     count(order_completed in 90 days where revenue >= 100)
          active_days_28: days(session_start in 28 days)
          idle:           default(since(last(session_start)), age)
          last_sku:       latest(order_completed.sku)
          vip_points:     sum(points_earned.points in 365 days)      # facts are events too

        tracks:
          lifecycle:
            - stage: exploration
              title: { zh: 考察期 }
            - stage: returned
              from: [decline]
              when: count(session_start in 7 days) >= 2
            - stage: formation
              title: { zh: 形成期 }
              from: [exploration, returned]
              when: purchases >= 2 and active_days_28 >= 3
            - stage: stability
              title: { zh: 稳定期 }
              when: purchases_90d >= 6 and active_days_28 >= 12
              keep: active_days_28 >= 8
              confirm: 3 days
              minimum stay: 7 days
            - stage: decline
              title: { zh: 退化期 }
              when: idle >= 14 days or (stage == stability and spend_30d < 0.4 * spend_before)
              keep: idle >= 3 days or spend_30d < 0.8 * spend_before
          vip:
            - stage: none
              when: vip_points < 1000
            - stage: silver
              when: vip_points >= 1000
              benefits: [skip_queue]
            - stage: gold
              when: vip_points >= 5000
              keep: vip_points >= 4000
              benefits: [skip_queue, gold_mount]
              grace: 30 days          # benefits last this long after leaving

        points:
          earn:
            - event: order_completed
              points: floor(trigger.revenue * 10)
          expire: 365 days            # a refund takes points back; a shortfall is a debt against later earnings
        """;

    public const string Journey = """"
        journey: win-back
        kind: win-back                  # retention | win-back | vip | onboarding | care | custom
        trigger: enter decline          # see `trigger` above: also 7 days before customer.renewal_at · every day at 20:00 · at 2026-12-03 10:00
        audience: customer.country in ['CN', 'TW'] and purchases >= 1
        holdout: 10%
        again: after 90 days
        goal:
          when: count(order_completed in this journey) >= 1
          within: 30 days
        exit: stage != decline
        priority: 50
        steps:
          - grant: { offer: comeback-pack, valid: 14 days }
          - send: { channel: email, template: miss-you }
          - wait: 3 days
          - when: count(email_opened in 3 days where template == 'miss-you') == 0
            then:
              - send: { channel: push, template: miss-you-push }
            else:
              - task: { queue: care, owner: "{{customer.owner}}", title: "Call {{customer.name}}", due: 2 days, escalate: { after: 3 days, to: care-lead } }
          - split: { a: 50%, b: 50% }
            a:
              - send: { channel: webhook, template: new-server }
            b:
              - wait: { until: "20:00" }
              - send: { channel: inbox, template: comeback-quest }
          - wait: { for: event session_start, at most: 14 days }
            arrived:
              - tell: { customer: "{{arrived.invited_by}}", event: friend_recalled }
            timeout:
              - end: gave-up
        """";
}
