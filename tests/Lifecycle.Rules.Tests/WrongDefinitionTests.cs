using Lifecycle.Definitions;
using Lifecycle.Testing;

namespace Lifecycle.Rules.Tests;

/// <summary>What people really write, and what they are told.</summary>
public sealed class WrongDefinitionTests
{
    public static readonly TheoryData<string, string> Rules = new()
    {
        { "typo in a metric", "purchses >= 2" },
        { "typo in an event", "count(order_complete)" },
        { "typo in a property", "sum(order_completed.revenu)" },
        { "typo in a function", "defualt(purchases, 0)" },
        { "typo in a type of aggregate", "conut(session_start)" },
        { "days compared with money", "since(last(session_start)) > revenue" },
        { "duration compared with a bare number", "14 days > 3" },
        { "missing unit", "since(last(session_start)) >= 14" },
        { "missing unit in a window", "count(session_start in 30)" },
        { "chinese unit", "since(last(session_start)) >= 14 天" },
        { "months as a duration", "count(session_start in 2 months)" },
        { "time compared with a duration", "last(session_start) >= 14 days" },
        { "text compared with a number", "customer.country == 5" },
        { "number in quotes", "purchases >= '2'" },
        { "one equals sign", "purchases = 2" },
        { "signs of other languages", "purchases == 2 && revenue > 5 || !(age > 3 days)" },
        { "full-width punctuation", "count（order_completed） ＞＝ 2" },
        { "full-width comma in a list", "customer.country in ['CN'，'TW']" },
        { "typographic quotes", "customer.country == “CN”" },
        { "text without quotes", "customer.country == CN" },
        { "bracket not closed", "(purchases >= 2 or revenue > 5" },
        { "quote not closed", "customer.country == 'CN" },
        { "operator missing", "purchases 2" },
        { "range", "1 < purchases < 5" },
        { "filter without where", "count(order_completed revenue >= 100)" },
        { "aggregate in a filter", "count(order_completed where revenue > sum(order_completed.revenue))" },
        { "customer in a filter", "count(order_completed where customer.country == 'CN')" },
        { "since in a filter", "count(order_completed where since(event.occurred_at) < 3 days)" },
        { "window turned around", "sum(order_completed.revenue from 30 days to 60 days ago)" },
        { "sum of events", "sum(order_completed)" },
        { "sum of texts", "sum(order_completed.sku)" },
        { "count of a property", "count(order_completed.revenue)" },
        { "undeclared attribute", "customer.contry == 'CN'" },
        { "stage alone", "stage" },
        { "stage that does not exist", "stage == declin" },
        { "stage of another track", "stage == gold" },
        { "track that does not exist", "stage.vpi == gold" },
        { "stage compared by order", "stage >= stability" },
        { "stage without comparison", "stability" },
        { "number as a condition", "purchases and revenue > 5" },
        { "adding a number to a duration", "age + 3 > 5 days" },
        { "property as a metric", "order_completed.revenue > 5" },
        { "not known yet", "p_alive > 0.5 and expected_purchases(30 days) > 2 and clv(30 days) > 100 and count(points_spent) > 1" },
        { "points without a section", "points > 100" },
        { "window of a journey outside", "count(order_completed in this journey) >= 1" },
        { "trigger outside of points", "trigger.revenue > 5" },
        { "facts and touchpoints mixed", "count([points_earned, order_completed])" },
        { "typo in a fact", "count(stage_chnaged where to == 'gold')" },
        { "property of a fact", "sum(points_earned.amount)" },
        { "greatest of texts", "max(order_completed.sku)" },
        { "a list compared", "all(order_completed.sku) == 'a'" },
        { "typical gap of several", "typical_gap([order_completed, session_start])" },
        { "typical gap with a window", "typical_gap(order_completed in 90 days)" },
        { "top without a sign", "top(purchases, 5)" },
        { "top of an aggregate", "top(sum(order_completed.revenue), 5%)" },
        { "top of a metric that reads a stage", "top(long_here, 5%)" },
        { "quantile of a percentage", "quantile(purchases, 5%) == 5" },
        { "quantile of one tile", "quantile(purchases, 1) == 1" },
        { "quantile of an aggregate", "quantile(sum(order_completed.revenue), 5) == 5" },
        { "quantile of a typo", "quantile(purchase, 5) == 5" },
        { "quantile of a quantile", "quantile(fifth, 5) == 5" },
        { "top of a metric with a customer", "top(at_level, 5%)" },
        { "two durations multiplied", "(age / 1 day) * (time_in_stage / 1 day) > 30" },
        { "divided by what passes", "revenue / (age / 1 day) > 5" },
        { "change of what passes", "percent_change(age / 1 day, 5) > 3" },
        { "since an event", "since(session_start) >= 14 days" },
        { "ago after a duration", "since(last(session_start)) > 14 days ago" },
        { "two units", "count(session_start in 1 day 12 hours)" },
        { "words in capitals", "purchases >= 2 AND revenue > 5" },
        { "not in capitals", "NOT purchases >= 2" },
        { "is", "customer.country is 'CN'" },
        { "between", "purchases between 2 and 5" },
        { "amount with its currency", "revenue > 100 CNY" },
        { "amount with a sign", "revenue > ¥100" },
        { "thousands", "revenue > 1,000" },
        { "percent in words", "revenue > 20 percent" },
        { "null", "customer.country != null" },
        { "if", "if(purchases > 2, 1, 0)" },
        { "average", "average(order_completed.revenue) > 5" },
        { "nested aggregate", "count(count(order_completed))" },
        { "product in an aggregate", "sum(order_completed.revenue * 2)" },
        { "last of a property", "last(order_completed.revenue) > 5" },
        { "list without brackets", "customer.country in 'CN', 'TW'" },
        { "list in round brackets", "customer.country in ('CN', 'TW')" },
        { "list of bare names", "customer.country in [CN, TW]" },
        { "this season", "count(order_completed this season)" },
        { "this day", "count(order_completed this day)" },
        { "two windows", "count(order_completed this year in 30 days)" },
        { "calendar years", "count(order_completed in 2 calendar years)" },
        { "half a calendar month", "count(order_completed in 0.5 calendar months)" },
        { "too many calendar months", "count(order_completed in 121 calendar months)" },
        { "first days without a length", "count(order_completed in first week)" },
        { "last thirty days", "count(order_completed last 30 days)" },
        { "calendar weeks", "count(order_completed in 2 calendar weeks)" },
        { "no days", "count(order_completed in 0 days)" },
        { "date in quotes", "customer.birthday == '2000-01-01'" },
        { "time in quotes", "customer.renewal_at > '2026-12-03'" },
        { "property without its event", "revnue >= 2" },
        { "truth compared in quotes", "customer.vip == 'true'" },
        { "twelve months", "since(last(order_completed)) > 12 months" },
        { "twelve months as a window", "count(order_completed in 12 months)" },
        { "eighteen months", "since(last(order_completed)) > 18 months" },
        { "half a year", "since(last(order_completed)) > 0.5 years" },
        { "two quarters", "count(order_completed in 2 quarters)" },
        { "a month in chinese", "since(last(order_completed)) > 1 个月" },
        { "per cent of", "sum(order_completed.revenue in 30 days) < 50% of revenue" },
        { "per cent of in brackets", "not (revenue < 50% of purchases)" },
        { "unknown function with a list", "birthday(customer.birthday) in 7 days" },
        { "unknown function over events", "avrage(order_completed.revenue in 30 days) > 5" },
        { "window behind the filter", "count(order_completed where revenue >= 100 in 30 days) >= 1" },
        { "window behind a truth", "count(order_completed where gift in 30 days) >= 1" },
        { "window behind the comparison", "revenue >= 100 in 30 days" },
        { "window of a metric", "purchases in 30 days >= 2" },
        { "window behind a comma", "count(order_completed, 30 days) >= 2" },
        { "within two weeks", "count(order_completed within 2 weeks) >= 2" },
        { "not in", "customer.country not in ['CN', 'TW']" },
        { "is in brackets", "(customer.country is 'CN') or customer.vip" },
        { "one hour short", "since(last(session_start)) >= 1 hr" },
        { "rest by a sign", "purchases % 7 == 0" },
        { "rest by a word", "purchases mod 7 == 0" },
        { "rest of what passes", "mod(floor(age / 1 day), 7) == 0" },
        { "expiring without a length", "points.expiring > 5" },
        { "misspelt of points", "points.next_expire > last(order_completed)" },
        { "median of a text", "median(order_completed.sku) > 5" },
        { "days added to a time", "last(session_start) + 7 > customer.renewal_at" },
        { "time compared with a number", "last(session_start) >= 14" },
        { "time compared with a date", "last(session_start) > customer.birthday" },
        { "attribute that is a text", "customer.country > revenue" },
    };

    public static readonly TheoryData<string, string> Definitions = new()
    {
        { "empty file", "" },
        { "tabs as indentation", "definition: test\nmetrics:\n\tpurchases: count(order_completed)\n" },
        { "unquoted number sign", "definition: test\ntitle: Level #1\n" },
        { "full-width colon", "definition：test\nzone：Asia/Shanghai\n" },
        { "full-width colon further down", "definition: test\nmetrics:\n  purchases： count(order_completed)\n" },
        { "duplicate metric", "definition: test\nmetrics:\n  a: 1\n  b: 2\n  a: 3\n" },
        { "anchor and alias", "definition: test\nmetrics:\n  a: &x 1\n  b: *x\n" },
        { "tag", "definition: test\nmetrics:\n  a: !!int 1\n" },
        { "two documents", "definition: test\n---\ndefinition: other\n" },
        { "colon in a value", "definition: test\ntitle: Tianxia: the game\n" },
        { "brackets not closed in yaml", "definition: test\ntitle: { en: Test\nzone: Asia/Shanghai\n" },
        { "unknown section", "definition: test\nmetric:\n  a: 1\n" },
        { "no name", "zone: Asia/Shanghai\n" },
        { "list instead of names", "definition: test\nmetrics:\n  - a: 1\n" },
        { "value missing", "definition: test\nmetrics:\n  a:\n  b: 1\n" },
        { "unknown zone", "definition: test\nzone: Asia/Shanghi\n" },
        { "unknown type", "definition: test\ncustomer: { country: string, level: nubmer }\n" },
        { "money without currency", "definition: test\nevents:\n  order_completed: { revenue: money }\n" },
        { "one event twice", "definition: test\nevents:\n  OrderCompleted: {}\n  order_completed: {}\n" },
        { "metric with a hyphen", "definition: test\nmetrics:\n  big-orders: count(order_completed)\n" },
        { "circular metrics", "definition: test\nmetrics:\n  a: b + 1\n  b: c + 1\n  c: a + 1\n  d: d\n" },
        { "metric named like a stage", "definition: test\nmetrics:\n  decline: count(session_start)\ntracks:\n  lifecycle:\n    - stage: exploration\n    - stage: decline\n      when: age >= 3 days\n" },
        { "two stages of one name", "definition: test\ntracks:\n  lifecycle:\n    - stage: a\n    - stage: b\n      when: age >= 3 days\n    - stage: b\n      when: age >= 4 days\n" },
        { "unknown stage in from", "definition: test\ntracks:\n  lifecycle:\n    - stage: exploration\n    - stage: formation\n      from: [exploraton]\n      when: age >= 3 days\n" },
        { "unreachable stages", "definition: test\ntracks:\n  lifecycle:\n    - stage: a\n    - stage: b\n      from: [c]\n      when: age >= 3 days\n    - stage: c\n      from: [b]\n      when: age >= 4 days\n    - stage: d\n" },
        { "reads its own stage without keep", "definition: test\nmetrics:\n  long_here: time_in_stage >= 7 days\ntracks:\n  lifecycle:\n    - stage: a\n    - stage: b\n      when: stage == a and age >= 3 days\n    - stage: c\n      when: long_here\n    - stage: d\n      when: stage == c\n      keep: stage == d\n" },
        { "reads a track below", "definition: test\ntracks:\n  lifecycle:\n    - stage: a\n    - stage: b\n      when: stage.vip == gold\n  vip:\n    - stage: none\n    - stage: gold\n      when: stage.lifecycle == b\n" },
        { "points without earn", "definition: test\npoints:\n  expire: 365 days\n" },
        { "points in one line", "definition: test\npoints: 10\n" },
        { "wrong rules of points", "definition: test\nevents:\n  order_completed: { revenue: number, sku: text }\npoints:\n  earn:\n    - event: order_completed\n    - event: points_earned\n      points: trigger.points\n    - event: order_complete\n      points: 1\n    - event: order_completed\n      where: trigger.revenue > 5\n      points: trigger.revnue * 10\n    - event: order_completed\n      points: trigger.sku\n    - event: order_completed\n      points: age\n    - order_completed\n  expire: 365\n" },
        { "wrong rates of exchange", "definition: test\ncurrency: EUR\nexchange: { usd: 1, EUR: 1, GBP: -1, JPY: 0, CHF: much, CNY: 7.2 }\n" },
        { "exchange without a currency", "definition: test\nexchange: { USD: 7.2 }\n" },
        { "wrong refunds", "definition: test\nevents: { a: {}, b: {}, c: {} }\npoints:\n  earn:\n    - { event: a, points: 1 }\n    - { event: order_refunded, points: 5 }\n    - { event: b, points: 1 }\nrefunds: { order_refunded: a, b: a, c: b, points_earned: a, d: a }\n" },
        { "refunds without points", "definition: test\nevents: { a: {}, b: {} }\nrefunds: { b: a }\n" },
        { "wrong earlier names", "definition: test\ntracks:\n  t:\n    - stage: a\n      was: b\n    - stage: b\n      when: age > 3 days\n      was: old\n    - stage: c\n      when: age > 4 days\n      was: old\n    - stage: d\n      when: age > 5 days\n      was: at risk\n" },
        { "a week in words", "definition: test\ntracks:\n  t:\n    - stage: a\n      minimum stay: one week\n" },
        { "points expire in a year", "definition: test\npoints:\n  earn:\n    - event: order_completed\n      points: 10\n  expire: 1 year\n" },
        { "wrong benefits", "definition: test\ntracks:\n  vip:\n    - stage: none\n      grace: 3 days\n    - stage: gold\n      when: age >= 3 days\n      benefits: [skip queue, mount, mount]\n      grace: 30\nbenefits:\n  mount: {}\n" },
        { "contract of a fact", "definition: test\nevents:\n  stage_changed: { to: text }\n  points_spent: {}\n" },
        { "title in no language", "definition: test\ntitle: { english: Test, 中文: 测试 }\n" },
        { "missing colon", "definition: test\nmetrics:\n  purchases count(order_completed)\n" },
        { "missing colon further down", "definition: test\nmetrics:\n  a: count(order_completed)\n  b count(session_start)\n" },
        { "no blank after the colon", "definition: test\nzone:Asia/Shanghai\n" },
        { "stage without a dash", "definition: test\ntracks:\n  lifecycle:\n    stage: a\n    when: age > 3 days\n" },
        { "stage with wrong indentation", "definition: test\ntracks:\n  lifecycle:\n    - stage: a\n    when: age > 3 days\n" },
        { "rule that begins with a quote", "definition: test\nmetrics:\n  m: 'CN' == customer.country\n" },
        { "colon in a rule", "definition: test\nmetrics:\n  m: count(page_viewed where title == 'Sale: now')\n" },
        { "condition as a list",
            "definition: test\ntracks:\n  vip:\n    - stage: none\n    - stage: gold\n      when: [age > 3 days, age < 9 days]\n" },
        { "currency as a sign", "definition: test\ncurrency: ¥\n" },
        { "metric named like a word", "definition: test\nmetrics:\n  age: count(session_start)\n  points: count(session_start)\n  and: 1\n" },
        { "group named like a stage", "definition: test\ntracks:\n  t:\n    - stage: a\n    - stage: b\n      group: a\n      when: age > 3 days\n" },
        { "from itself", "definition: test\ntracks:\n  t:\n    - stage: a\n    - stage: b\n      from: [a, b]\n      when: age > 3 days\n" },
        { "counts in its own stage without keep",
            "definition: test\ntracks:\n  t:\n    - stage: a\n    - stage: b\n      when: count(session_start in this stage) >= 3\n" },
        { "name with a blank", "definition: my game\ntracks:\n  t:\n    - stage: at risk\n" },
        { "typo in a stage member",
            "definition: test\ntracks:\n  vip:\n    - stage: none\n    - stage: gold\n      wenn: age >= 3 days\n      minimum_stay: 3 days\n" },
        { "confirm without unit", "definition: test\ntracks:\n  vip:\n    - stage: none\n    - stage: gold\n      when: age >= 3 days\n      confirm: 3\n      minimum stay: a week\n" },
        { "track without stages", "definition: test\ntracks:\n  vip: none\n  lifecycle: []\n" },
        { "several at once", "definition: test\nzone: Mars\nmetrics:\n  a: count(sesion_start)\n  b: a >= 3 days\n  c: (a\ntracks:\n  lifecycle:\n    - stage: x\n    - stage: y\n      when: d >= 3\n" },
    };

    public static readonly TheoryData<string, string> Journeys = new()
    {
        { "trigger of an unknown stage", "journey: j\ntrigger: enter declin\nsteps:\n  - wait: 3 days\n" },
        { "trigger misspelt", "journey: j\ntrigger: entr decline\nsteps:\n  - wait: 3 days\n" },
        { "audience in this journey", "journey: j\ntrigger: enter decline\naudience: count(session_start in this journey) >= 1\nexit: trigger.revenue > 5\nsteps:\n  - wait: 3 days\n" },
        { "two things in one step",
            "journey: j\ntrigger: enter decline\nsteps:\n  - wait: 3 days\n    send: { channel: webhook, template: a }\n  - wait 3 days\n" },
        { "triggers not known yet", "journey: j\ntrigger: event order_completed\nsteps:\n  - wait: 3 days\n" },
        { "no steps", "journey: j\ntrigger: enter decline\nsteps: []\n" },
        { "no trigger", "journey: j\nsteps:\n  - wait: 3 days\n" },
        { "steps not known yet", "journey: j\ntrigger: enter decline\nholdout: 10%\nsteps:\n  - task: { queue: care }\n  - wait: { until: \"20:00\" }\n  - send: { channel: webhook }\n  - wait: 3\n" },
        { "again in weeks", "journey: j\ntrigger: enter decline\nagain: 2 weeks\nsteps:\n  - end: done\n" },
        { "again without after",
            "journey: j\nkind: winback\ntrigger: enter decline\nagain: 90 days\npriority: high\nexit: stage != declin\nsteps:\n  - end: done\n" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_wrong_rule_is_explained(string name, string rule) =>
        Approve("rule", name, Written.Read(Written.WithMetrics("purchases: count(order_completed)", "revenue: sum(order_completed.revenue)",
            "m: " + Quoted(rule), "long_here: count(order_completed in this stage)", "at_level: purchases * customer.level", "fifth: quantile(purchases, 5)")));

    [Theory]
    [MemberData(nameof(Definitions))]
    public void A_wrong_definition_is_explained(string name, string definition) => Approve("definition", name, Written.Read(definition));

    [Theory]
    [MemberData(nameof(Journeys))]
    public void A_wrong_journey_is_explained(string name, string journey) => Approve("journey", name, Written.Read(Written.WithMetrics(), journey));

    [Fact]
    public void Wrong_settings_are_explained()
    {
        var settings = "settings: test\ncaps:\n  webhook: 1 per 24 hours\n  email: [1 in 24 hours, 3 in 7]\n  push: 0 in 2 days\nquiet hours: 22:00\n";
        Approve("settings", "caps", ReleaseReader.Read(new ReleaseText(Written.WithMetrics(), [], settings), 1));
    }

    /// <summary>The language's own example: nothing in it may be called wrong, only what this version does not know.</summary>
    [Fact]
    public void The_journey_of_the_example_is_refused_only_for_what_is_not_known_yet()
    {
        var result = ReleaseReader.Read(new ReleaseText(Example.Definition, [Example.Journey], null), 1);
        Assert.All(result.Errors, error => Assert.Equal("not_known_yet", error.Code));
        Approve("example", "of the language", result);
    }

    private static string Quoted(string rule) => rule.Contains('\'') || rule.Contains('"') || rule.Contains('“') || rule.StartsWith('!')
        ? $"\"{rule}\"" : rule;

    private static void Approve(string kind, string name, ReadResult result)
    {
        Assert.Null(result.Release);
        Approved.Matches(string.Join("\n\n", result.Errors), $"{kind} {name}".Replace(' ', '-'), "txt");
    }
}
