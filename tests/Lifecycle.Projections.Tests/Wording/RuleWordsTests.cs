using System.Text;
using Lifecycle.Testing;
using Lifecycle.Wording;

namespace Lifecycle.Projections.Tests.Wording;

/// <summary>Rules of every kind, told of one customer who came, bought, and fell silent.</summary>
public sealed class RuleWordsTests
{
    private static readonly string[] Counting =
    [
        "count(order_completed in 90 days) >= 3",
        "count(order_completed) == 1",
        "count(order_completed in 7 days) == 0",
        "count([order_completed, order_refunded] this week) > 1",
        "count(order_completed in 30 days where revenue >= 100) >= 2",
        "count(order_completed in 30 days where sku in ['mount', 'hat'] and revenue > 50) >= 2",
        "count(boss_defeated where boss == 'Ice Queen') >= 1",
        "count(boss_defeated from 21 days to 7 days ago) >= 2",
        "count(any today) >= 2",
        "count(stage_changed this month) >= 1",
        "days(session_start in 28 days) >= 12",
        "days(order_completed in 3 calendar days) >= 1",
        "days(boss_defeated in this stage) >= 1",
        "weeks(session_start in 28 days) >= 3",
        "weeks(order_completed in 28 days) >= 2",
        "distinct(order_completed.sku) >= 3",
    ];

    private static readonly string[] Amounts =
    [
        "sum(order_completed.revenue in 30 days) >= 400",
        "spend_net >= 500",
        "sum(order_completed.items in 30 days) > 4.5",
        "avg(order_completed.revenue in 30 days) >= 130",
        "median(order_completed.revenue in 30 days) >= 100",
        "mod(purchases, 3) == 1",
        "points.expiring(30 days) == 0",
        "min(order_completed.revenue) < 50",
        "max(order_completed.revenue in 90 days) >= 250",
        "spend_30d < 0.4 * spend_before and spend_before > 0",
        "spend_30d > 2 * spend_7d and spend_7d > 0",
        "percent_change(spend_before, spend_30d) <= -33.5",
        "change <= -30",
        "sessions_per_purchase >= 5.5",
        "spend_30d - spend_7d >= 300",
        "floor(spend_30d / 100) >= 3",
        "purchases + refunds >= 4",
        "points >= 3000",
        "sum(points_earned.points in 365 days) >= 3000",
        "top(spend_30d, 5%)",
        "not top(spend_30d, 5%)",
        "quantile(spend_30d, 5) == 5",
        "quantile(spend_30d, 5) <= 3",
    ];

    private static readonly string[] Times =
    [
        "idle >= 14 days",
        "since(last(order_completed)) >= 10 days",
        "since(first(order_completed)) >= 30 days and since(last(session_start)) < 3 days",
        "since(first(order_completed)) >= 30 days",
        "since(last(order_completed where revenue >= 200)) > 2 weeks",
        "since(last(chargeback)) >= 1 day or age >= 28 days",
        "time_in_stage >= 36 hours",
        "since(last(order_completed)) >= 2 * typical_gap(order_completed)",
        "since(last(order_completed)) >= patience",
        "since(last(order_completed)) >= least(greatest(2 * typical_gap(order_completed), 12 days), 180 days)",
        "typical_gap(order_completed) <= 4 days",
        "since(customer.renewal_at) >= -7 days",
        "default(points.next_expiry, customer.renewal_at) > last(session_start)",
        "customer.renewal_at - 10 days < last(session_start)",
        "last(order_completed) > last(boss_defeated in 30 days)",
    ];

    private static readonly string[] Others =
    [
        "customer.country == 'CN' and purchases >= 2",
        "customer.country in ['TW', 'CN'] and purchases >= 2",
        "customer.country != 'TW' and not (customer.plan == 'basic plan') and purchases >= 1",
        "customer.country in ['US', 'CA']",
        "customer.nickname == 'Ann'",
        "customer.is_member and purchases >= 1",
        "known(customer.birthday) and not known(last(order_refunded)) and purchases >= 1",
        "known(last(order_refunded))",
        "known(all(order_completed.sku in 30 days))",
        "latest(order_completed.sku) == 'hat'",
        "stage == newcomer and purchases >= 4",
        "stage.vip in [silver, gold] and purchases >= 4",
        "stage.vip != plain",
        "loyal",
        "purchases >= 2 or active_days_28 >= 3",
        "not (purchases < 2 or active_days_28 < 3)",
        "purchases >= 1 and active_days_28 >= 2 and spend_30d > 50 and idle < 1 day and points > 100 and age >= 1 hour",
        "default(customer.renewal_at, last(session_start)) > last(session_start) and purchases >= 1",
    ];

    /// <summary>What a stage may ask for on the way in only.</summary>
    private static readonly string[] ReadsOwnStage = ["stage ==", "time_in_stage", "in this stage"];

    [Fact]
    public void What_is_counted() => Approved.Matches(Gallery(Counting), "counting", "txt");

    [Fact]
    public void Amounts_and_what_is_made_of_them() => Approved.Matches(Gallery(Amounts), "amounts", "txt");

    [Fact]
    public void Time_that_passes() => Approved.Matches(Gallery(Times), "times", "txt");

    [Fact]
    public void Everything_else() => Approved.Matches(Gallery(Others), "others", "txt");

    /// <summary>Each rule with the move it made, the stay at the end, and before and after what it lacked.</summary>
    private static string Gallery(string[] rules)
    {
        var gallery = new StringBuilder();
        foreach (var rule in rules)
        {
            gallery.Append(rule).Append('\n');
            var told = Told.Under(Definition(rule));
            told.At(0).Is("""{"country":"CN","plan":"gold","is_member":true,"birthday":"1990-11-22","renewal_at":"2025-12-20T10:00:00+08:00"}""");
            told.Does("session_start");
            Write("lacks", told.Lacks("engaged"));
            Live(told);
            var moves = told.Moves().Skip(1).ToList();
            if (moves.Count > 0) Write("move ", moves[0]);
            if (moves.Count > 0) Write("stay ", told.Stay());
            else Write("lacks", told.Lacks("engaged"));
            gallery.Append('\n');
        }
        return gallery.ToString();

        void Write(string kind, BilingualText words)
        {
            if (words.English.Length > 0) gallery.Append($"  {kind} {words.English}\n        {words.Chinese}\n");
        }
    }

    private static void Live(Told told)
    {
        told.Daily(1, 2, "session_start").Does("order_completed", """{"revenue":120,"currency":"CNY","sku":"mount","items":2}""");
        told.Daily(3, 4, "boss_defeated", """{"boss":"Ice Queen"}""").Daily(3, 5, "session_start");
        told.Does("order_completed", """{"revenue":30,"currency":"CNY","sku":"sword","items":1}""");
        told.Daily(6, 9, "session_start").Does("order_completed", """{"revenue":250,"currency":"CNY","sku":"mount","items":1}""");
        told.At(10.4).CutsAt(300).Does("session_start");
        told.Daily(11, 14, "session_start").Does("order_completed", """{"revenue":60.5,"currency":"CNY","sku":"hat","items":1}""");
        told.At(15).Does("order_refunded", """{"revenue":-30,"currency":"CNY"}""");
        told.Daily(16, 19, "session_start").Does("order_completed", """{"revenue":90,"currency":"CNY","sku":"sword","items":3}""");
        told.At(75);
    }

    private static string Definition(string rule) => $$"""
        definition: gallery
        zone: Asia/Shanghai
        currency: CNY
        customer: { country: text, plan: text, nickname: text, is_member: truth, birthday: date, renewal_at: time }
        events:
          order_completed: { revenue: money, sku: text, items: number }
          order_refunded: { revenue: money }
          boss_defeated: { boss: text }
        metrics:
          purchases: count(order_completed)
          refunds: count(order_refunded)
          active_days_28: days(session_start in 28 days)
          spend_7d: sum(order_completed.revenue in 7 days)
          spend_30d: sum(order_completed.revenue in 30 days)
          spend_before: sum(order_completed.revenue from 60 days to 30 days ago)
          spend_net: sum([order_completed, order_refunded].revenue)
          change: percent_change(spend_before, spend_30d)
          sessions_per_purchase: count(session_start) / purchases
          idle: default(since(last(session_start)), age)
          patience: least(greatest(2 * default(typical_gap(order_completed), 9 days), 12 days), 180 days)
          loyal: purchases >= 4 and sum(order_completed.revenue) >= 400
        tracks:
          vip:
            - stage: plain
              title: { en: Plain, zh: 普通会员 }
              when: purchases < 3
            - stage: silver
              title: { en: Silver, zh: 白银会员 }
              when: purchases >= 3
            - stage: gold
              title: { en: Gold, zh: 黄金会员 }
              when: purchases >= 30
          lifecycle:
            - stage: newcomer
              title: { en: Newcomer, zh: 新客期 }
            - stage: engaged
              title: { en: Engaged, zh: 活跃期 }
              when: "{{rule}}"
              keep: "{{(ReadsOwnStage.Any(rule.Contains) ? "purchases >= 1" : rule)}}"
        points:
          earn:
            - event: order_completed
              points: floor(trigger.revenue * 10)
        """;
}
