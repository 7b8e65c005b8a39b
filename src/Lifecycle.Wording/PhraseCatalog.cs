using System.Collections.Frozen;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Wording;

/// <summary>How something that is counted is told.</summary>
/// <param name="Noun">It without a number.</param>
/// <param name="Fact">That there were so many.</param>
/// <param name="None">That there were none.</param>
/// <param name="Number">So many of them, where it is clear of what.</param>
/// <param name="More">So many more, as something that is lacking.</param>
/// <param name="Fewer">So many fewer.</param>
internal sealed record CountPhrases(PhraseText Noun, PhraseText Fact, PhraseText None, PhraseText Number, PhraseText More, PhraseText Fewer);

/// <summary>A period of the calendar: the running one as it is told of now and of another instant, and the one before it likewise.</summary>
internal sealed record PeriodPhrases(PhraseText This, PhraseText That, PhraseText Last, PhraseText Before);

/// <summary>Which way a move goes, as it is told of one that was and of one that is to come.</summary>
internal sealed record MovePhrases(PhraseText Was, PhraseText WillBe);

/// <summary>A comparison with a threshold, as it is told of what is counted, of amounts, of durations and of times.</summary>
internal sealed record ComparisonPhrases(PhraseText Count, PhraseText Amount, PhraseText Duration, PhraseText Time);

/// <summary>Every phrase in which moves and stays are told, the languages side by side. Nothing is said that does not stand here.</summary>
internal static class PhraseCatalog
{
    // How a move begins. {stage} is a title.
    public static readonly PhraseText Began = new("Began in {stage}.", "从{stage}开始。");
    public static readonly MovePhrases Rise = new(new("Rose to {stage}", "升至{stage}"), new("Will rise to {stage}", "将升至{stage}"));
    public static readonly MovePhrases Fall = new(new("Fell to {stage}", "降至{stage}"), new("Will fall to {stage}", "将降至{stage}"));
    public static readonly MovePhrases Return = new(new("Returned to {stage}", "回到{stage}"), new("Will return to {stage}", "将回到{stage}"));
    public static readonly MovePhrases Move = new(new("Moved to {stage}", "转入{stage}"), new("Will move to {stage}", "将转入{stage}"));

    // How it goes on.
    public static readonly PhraseText ByPerson = new("{moved} by decision of a person.", "{moved}，由人工决定。");
    public static readonly PhraseText WithRelease = new("{moved} when release {release} came into force.", "版本 {release} 生效时{moved}。");
    public static readonly PhraseText UnderRelease = new("{moved} under release {release}", "按版本 {release} {moved}");
    public static readonly PhraseText Because = new("{moved} because {clauses}{held}.", "{moved}，因为{clauses}{held}。");
    public static readonly PhraseText WillBecause = new("{moved} because {clauses}{held}.", "{moved}，因为届时{clauses}{held}。");
    public static readonly PhraseText Held = new(", and this had held for {duration}", "，且已持续 {duration}");
    public static readonly PhraseText WillHaveHeld = new(", and this will have held for {duration}", "，且已持续 {duration}");
    public static readonly PhraseText Plain = new("{moved}.", "{moved}。");

    // Stays.
    public static readonly PhraseText StillUnclaimed = new("Still in {stage}: no rule has claimed them yet.", "仍在{stage}：尚无规则将其移出。");
    public static readonly PhraseText StillKept = new("Still in {stage}: {clauses}.", "仍在{stage}：{clauses}。");
    public static readonly PhraseText StillThough = new("Still in {stage} only because no other stage has claimed them: {clauses}.",
        "仍在{stage}，仅因尚无其他阶段将其接纳：{clauses}。");

    // How clauses are joined.
    public static readonly PhraseText Between = new(", ", "，");
    public static readonly PhraseText And = new(" and ", "，且");
    public static readonly PhraseText Listed = new("; ", "；");
    public static readonly PhraseText Or = new(" or ", "，或");
    public static readonly PhraseText BetweenWords = new(", ", "、");
    public static readonly PhraseText AndWords = new(" and ", "和");
    public static readonly PhraseText OrWords = new(" or ", "或");
    public static readonly PhraseText AmongWords = new(" and ", "或");
    public static readonly PhraseText FurtherOne = new("{clauses}, and 1 more", "{clauses}，另有 1 项");
    public static readonly PhraseText Further = new("{clauses}, and {count} more", "{clauses}，另有 {count} 项");
    public static readonly PhraseText Noted = new("{fact} ({notes})", "{fact}（{notes}）");
    public static readonly PhraseText NotedClose = new(")", "）");
    public static readonly PhraseText NotedFurther = new("; ", "，");
    public static readonly PhraseText Quoted = new("“{text}”", "“{text}”");

    // What a bound is for.
    public static readonly PhraseText Needed = new("{bound} needed", "需{bound}");
    public static readonly PhraseText ToStay = new("{bound} to stay", "保持需{bound}");

    // Tense: of the instant of a move, of now, of the instant of a move to come.
    public static readonly PhraseText Was = new("was", "为");
    public static readonly PhraseText Is = new("is", "为");
    public static readonly PhraseText WillBe = new("will be", "为");
    public static readonly PhraseText WasNot = new("was not", "不为");
    public static readonly PhraseText IsNot = new("is not", "不为");
    public static readonly PhraseText WillNotBe = new("will not be", "不为");
    public static readonly PhraseText Were = new("were", "处于");
    public static readonly PhraseText Are = new("are", "处于");
    public static readonly PhraseText WillBeIn = new("will be", "处于");
    public static readonly PhraseText WereNot = new("were not", "不处于");
    public static readonly PhraseText AreNot = new("are not", "不处于");
    public static readonly PhraseText WillNotBeIn = new("will not be", "不处于");
    public static readonly PhraseText Had = new("had", "曾");
    public static readonly PhraseText Has = new("has", "曾");
    public static readonly PhraseText WillHave = new("will have", "曾");
    public static readonly PhraseText There = new("there was|there were", "有");
    public static readonly PhraseText ThereWillBe = new("there will be", "有");

    // Windows.
    public static readonly PhraseText Ever = new("in all", "累计");
    public static readonly PhraseText Last = new("in the last {duration}", "最近 {duration}");
    public static readonly PhraseText Past = new("from {from} to {to} ago", "{from}前至 {to}前");
    public static readonly PhraseText PastOfOneUnit = new("from {count} to {to} ago", "{from}前至 {to}前");
    public static readonly PhraseText CalendarDays = new("in the last {count} calendar days", "最近 {count} 个自然日");
    public static readonly PhraseText CalendarMonths = new("in the last {count} calendar months", "最近 {count} 个自然月");
    public static readonly PhraseText First = new("in the first {duration}", "最初 {duration}内");
    public static readonly PhraseText SinceStage = new("since the move to {stage}", "进入{stage}以来");
    public static readonly PhraseText InThisStage = new("in this stage", "进入此阶段以来");
    public static readonly PhraseText SinceMoveIn = new("since the last move in {track}", "上次{track}变动以来");
    public static readonly PhraseText InThisJourney = new("since the journey began", "旅程开始以来");

    /// <summary>What is running and what was before it, as it is told of now and of another instant.</summary>
    public static readonly FrozenDictionary<CalendarPeriod, PeriodPhrases> Periods = new Dictionary<CalendarPeriod, PeriodPhrases>
    {
        [CalendarPeriod.Today] = new(new("today", "今天"), new("that day", "当天"), new("yesterday", "昨天"), new("the day before", "前一天")),
        [CalendarPeriod.Week] = new(new("this week", "本周"), new("that week", "当周"), new("last week", "上周"), new("the week before", "前一周")),
        [CalendarPeriod.Month] = new(new("this month", "本月"), new("that month", "当月"), new("last month", "上月"), new("the month before", "前一个月")),
        [CalendarPeriod.Quarter] = new(new("this quarter", "本季度"), new("that quarter", "当季"), new("last quarter", "上季度"),
            new("the quarter before", "前一季度")),
        [CalendarPeriod.Year] = new(new("this year", "今年"), new("that year", "当年"), new("last year", "去年"), new("the year before", "前一年")),
    }.ToFrozenDictionary();

    // What an aggregate is over.
    public static readonly PhraseText AnyEvent = new("event of any kind|events of any kind", "各类行为");
    public static readonly PhraseText OtherEvent = new("“{name}” event|“{name}” events", "“{name}”");
    public static readonly PhraseText Filtered = new("{event} with {filter}", "{filter}的{event}");
    public static readonly PhraseText FilteredByRule = new("{event} where `{rule}`", "符合 `{rule}` 的{event}");
    public static readonly PhraseText PropertyIs = new("{property} {value}", "{property}为{value}");
    public static readonly PhraseText PropertyCompares = new("{property} of {bound}", "{property}{bound}");
    public static readonly PhraseText BetweenFilters = new(", ", "、");
    public static readonly PhraseText AndFilters = new(" and ", "且");
    public static readonly PhraseText A = new("a {noun}", "{noun}");
    public static readonly PhraseText An = new("an {noun}", "{noun}");
    public static readonly PhraseText OtherProperty = new("{name}", "“{name}”");
    public static readonly PhraseText ActiveDay = new("active day|active days", "活跃日");
    public static readonly PhraseText ActiveWeek = new("active week|active weeks", "活跃周");
    public static readonly PhraseText DayWith = new("day with {event}|days with {event}", "{event}日");
    public static readonly PhraseText WeekWith = new("week with {event}|weeks with {event}", "{event}周");
    public static readonly PhraseText Different = new("different value of {property} among {events}|different values of {property} among {events}",
        "{property}");

    public static readonly FrozenDictionary<AggregateKind, CountPhrases> Counts = new Dictionary<AggregateKind, CountPhrases>
    {
        [AggregateKind.Count] = new(
            new("the number of {things} {window}", "{window}{events}次数"),
            new("{there} {count} {things} {window}", "{window}{events} {count} 次"),
            new("{there} no {things} {window}", "{window}没有{events}"),
            new("{count}", "{count} 次"),
            new("{count} more {things} {window}", "{window}再有 {count} 次{events}"),
            new("{count} fewer {things} {window}", "{window}{events}减少 {count} 次")),
        [AggregateKind.Days] = new(
            new("the number of {things} {window}", "{window}{things}数"),
            new("{there} {count} {things} {window}", "{window}有 {count} 个{things}"),
            new("{there} no {things} {window}", "{window}没有{things}"),
            new("{count}", "{count} 个"),
            new("{count} more {things} {window}", "{window}再有 {count} 个{things}"),
            new("{count} fewer {things} {window}", "{window}{things}减少 {count} 个")),
        [AggregateKind.Weeks] = new(
            new("the number of {things} {window}", "{window}{things}数"),
            new("{there} {count} {things} {window}", "{window}有 {count} 个{things}"),
            new("{there} no {things} {window}", "{window}没有{things}"),
            new("{count}", "{count} 个"),
            new("{count} more {things} {window}", "{window}再有 {count} 个{things}"),
            new("{count} fewer {things} {window}", "{window}{things}减少 {count} 个")),
        [AggregateKind.Distinct] = new(
            new("the number of {things} {window}", "{window}{events}涉及的{things}种数"),
            new("{there} {count} {things} {window}", "{window}{events}涉及 {count} 种{things}"),
            new("{there} no {things} {window}", "{window}{events}未涉及任何{things}"),
            new("{count}", "{count} 种"),
            new("{count} more {things} {window}", "{window}{events}再涉及 {count} 种{things}"),
            new("{count} fewer {things} {window}", "{window}{events}涉及的{things}减少 {count} 种")),
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<AggregateKind, PhraseText> Nouns = new Dictionary<AggregateKind, PhraseText>
    {
        [AggregateKind.Sum] = new("the total {property} of {events} {window}", "{window}{events}的{property}合计"),
        [AggregateKind.Avg] = new("the average {property} of {events} {window}", "{window}{events}的平均{property}"),
        [AggregateKind.Median] = new("the median {property} of {events} {window}", "{window}{events}的{property}中位数"),
        [AggregateKind.Min] = new("the lowest {property} of {events} {window}", "{window}{events}的最低{property}"),
        [AggregateKind.Max] = new("the highest {property} of {events} {window}", "{window}{events}的最高{property}"),
        [AggregateKind.Latest] = new("the {property} of the last {event} {window}", "{window}最后一次{events}的{property}"),
        [AggregateKind.All] = new("the {property} list of {events} {window}", "{window}{events}的{property}清单"),
        [AggregateKind.First] = new("the first {event} {window}", "{window}首次{events}"),
        [AggregateKind.Last] = new("the last {event} {window}", "{window}最后一次{events}"),
        [AggregateKind.TypicalGap] = new("the usual gap between {events}", "{events}的通常间隔"),
    }.ToFrozenDictionary();

    public static readonly PhraseText LastEver = new("the last {event}", "上次{events}");
    public static readonly PhraseText Spending = new("spending {window}", "{window}消费额");
    public static readonly PhraseText SpendingNet = new("spending after refunds {window}", "{window}扣除退款后的消费额");
    public static readonly PhraseText PointsEarned = new("the total of points earned {window}", "{window}获得的积分");

    // Values and what they are made from.
    public static readonly PhraseText ValueWas = new("{noun} {was} {value}", "{noun}为{value}");
    public static readonly PhraseText TimeWas = new("{noun} {was} at {value}", "{noun}在{value}");
    public static readonly PhraseText NotKnown = new("{noun} {was not} known", "{noun}未知");
    public static readonly PhraseText Known = new("{noun} {was} known", "{noun}已知");
    public static readonly PhraseText NotEmpty = new("{noun} {was not} empty", "{noun}不为空");
    public static readonly PhraseText Empty = new("{noun} {was} empty", "{noun}为空");
    public static readonly PhraseText Marked = new("they {were} marked “{name}”", "客户带有“{name}”标记");
    public static readonly PhraseText NotMarked = new("they {were not} marked “{name}”", "客户没有“{name}”标记");
    public static readonly PhraseText NeverYet = new("there {had} been no {event} yet", "尚无{event}");
    public static readonly PhraseText NoneWithin = new("there {had} been no {event} {window}", "{window}没有{event}");
    public static readonly PhraseText SomeEver = new("there {had} been {event}", "已有{event}");
    public static readonly PhraseText GapNotKnown =
        new("there {had} been too few {events} to know the usual gap between them", "{event}次数太少，尚不知其通常间隔");
    public static readonly PhraseText Attribute = new("their {name}", "客户的{name}");
    public static readonly PhraseText NextExpiry = new("the next expiry of points", "积分下次到期时间");
    public static readonly PhraseText PointsBalance = new("the points balance", "积分余额");
    public static readonly PhraseText FirstContact = new("the first contact", "首次接触");
    public static readonly PhraseText MoveTo = new("the move to {stage}", "进入{stage}");
    public static readonly PhraseText MoveToThis = new("the move to this stage", "进入此阶段");
    public static readonly PhraseText MoveIn = new("the last move in {track}", "上次{track}变动");
    public static readonly PhraseText Share = new("{share} of {noun}", "{noun}的 {share}");
    public static readonly PhraseText Times = new("{factor} times {noun}", "{noun}的 {factor} 倍");
    public static readonly PhraseText That = new("{bound}, {noun}", "{bound}，即{noun}");
    public static readonly PhraseText Sum = new("{left} plus {right}", "{left}与{right}之和");
    public static readonly PhraseText Difference = new("{left} less {right}", "{left}减去{right}");
    public static readonly PhraseText Quotient = new("{left} divided by {right}", "{left}除以{right}");
    public static readonly PhraseText Product = new("{left} times {right}", "{left}与{right}之积");
    public static readonly PhraseText Rule = new("`{rule}`", "`{rule}`");
    public static readonly PhraseText RuleHeld = new("`{rule}` held", "`{rule}` 成立");
    public static readonly PhraseText RuleHeldNot = new("`{rule}` did not hold", "`{rule}` 不成立");
    public static readonly PhraseText RuleWillHold = new("`{rule}` will hold", "`{rule}` 成立");
    public static readonly PhraseText RuleWillNotHold = new("`{rule}` will not hold", "`{rule}` 不成立");
    public static readonly PhraseText True = new("true", "是");
    public static readonly PhraseText Sealed = new("sealed", "已加密");
    public static readonly PhraseText False = new("false", "否");
    public static readonly PhraseText OneOf = new("one of {list}", "{list}之一");
    public static readonly PhraseText NotOneOf = new("not one of {list}", "不在{list}之列");

    /// <summary>The functions of the language that are told as a noun, and those that make a clause of their own.</summary>
    public static readonly FrozenDictionary<FunctionKind, PhraseText> Functions = new Dictionary<FunctionKind, PhraseText>
    {
        [FunctionKind.Since] = new("the time since {part}", "距{part}的时间"),
        [FunctionKind.Default] = new("{part}", "{part}"),
        [FunctionKind.Known] = new("{part} {was} known", "{part}已知"),
        [FunctionKind.Floor] = new("{part}, rounded down,", "{part}（向下取整）"),
        [FunctionKind.Ceil] = new("{part}, rounded up,", "{part}（向上取整）"),
        [FunctionKind.Round] = new("{part}, rounded,", "{part}（四舍五入）"),
        [FunctionKind.Abs] = new("{part}, whatever its sign,", "{part}的绝对值"),
        [FunctionKind.Least] = new("the least of {parts}", "{parts}中的最小者"),
        [FunctionKind.Greatest] = new("the greatest of {parts}", "{parts}中的最大者"),
        [FunctionKind.PercentChange] = new("the change from {before} to {after}", "{before}到{after}的变化"),
        [FunctionKind.Mod] = new("the rest of {before} divided by {after}", "{before}除以{after}的余数"),
        [FunctionKind.PointsExpiring] = new("the points expiring within {part}", "{part}内到期的积分"),
        [FunctionKind.TypicalGap] = Nouns[AggregateKind.TypicalGap],
        [FunctionKind.Top] = new("among the top {share} of customers", "位列客户前{share}"),
        [FunctionKind.Quantile] = new("the group by {part} (1 lowest, {count} highest)", "按{part}的分组（1 最低，{count} 最高）"),
    }.ToFrozenDictionary();

    public static readonly PhraseText NotTop = new("not among the top {share} of customers", "未进入客户前{share}");
    public static readonly PhraseText TopFrom = new("{top}, which begins at {value}", "{top}，门槛为{value}");
    public static readonly PhraseText TopNotYet = new("the customers have not been ranked yet", "客户尚未排名");
    public static readonly PhraseText InGroup =
        new("{noun} {was} {value}, which {was} group {group} of {count}", "{noun}为{value}，属{count}组中的第{group}组");
    public static readonly PhraseText Lower = new("{after} {was} {percent} lower than {before}", "{after}比{before}低{percent}");
    public static readonly PhraseText Higher = new("{after} {was} {percent} higher than {before}", "{after}比{before}高{percent}");
    public static readonly PhraseText Same = new("{after} {was} the same as {before}", "{after}与{before}持平");

    // Time that passes. {at} is the instant of {since}.
    public static readonly PhraseText Passed = new("{duration} passed since {since} ({at})", "距{since}（{at}）已过 {duration}");
    public static readonly PhraseText OnlyPassed = new("only {duration} had passed since {since} ({at})", "距{since}（{at}）仅过 {duration}");
    public static readonly PhraseText WillHavePassed = new("{duration} will have passed since {since} ({at})", "距{since}（{at}）已过 {duration}");
    public static readonly PhraseText OnlyWillHavePassed =
        new("only {duration} will have passed since {since} ({at})", "距{since}（{at}）仅过 {duration}");
    public static readonly PhraseText JustThen = new("{since} {was} just then ({at})", "{since}就在此刻（{at}）");
    public static readonly PhraseText JustAgain = new("{event} {had} just taken place ({at})", "刚刚有过{event}（{at}）");
    public static readonly PhraseText Ago = new("{since} was {duration} ago ({at})", "{since}在 {duration}前（{at}）");
    public static readonly PhraseText JustNow = new("{since} was just now ({at})", "{since}就在刚才（{at}）");
    public static readonly PhraseText Away = new("{since} {was} {duration} away ({at})", "距{since}（{at}）还有 {duration}");

    // Stages.
    public static readonly PhraseText InStage = new("they {were} in {stage}", "客户处于{stage}");
    public static readonly PhraseText InStageOf = new("they {were} in {stage} ({track})", "客户处于{stage}（{track}）");
    public static readonly PhraseText NotInStage = new("not in {stages}", "不处于{stages}");

    // What is lacking.
    public static readonly PhraseText HigherBy = new("{noun} higher by {value}", "{noun}再增加{value}");
    public static readonly PhraseText LowerBy = new("{noun} lower by {value}", "{noun}再减少{value}");
    public static readonly PhraseText ToBe = new("{noun}: {bound}", "{noun}：{bound}");
    public static readonly PhraseText ToBeKnown = new("{noun} to be known", "需已知{noun}");
    public static readonly PhraseText InTime = new("in {duration}", "再过 {duration}");
    public static readonly PhraseText InTimeWithout = new("in {duration}, if no {event}", "再过 {duration}，期间没有{event}");
    public static readonly PhraseText ANew = new("a new {event}", "一次新的{event}");
    public static readonly PhraseText AFirst = new("{event}", "一次{event}");
    public static readonly PhraseText ToBeIn = new("to be in {stages}", "处于{stages}");
    public static readonly PhraseText ToBeOutOf = new("not to be in {stages}", "不处于{stages}");
    public static readonly PhraseText ToBeTop = new("to be {top}", "{top}");
    public static readonly PhraseText ToHold = new("`{rule}` to hold", "`{rule}` 成立");
    public static readonly PhraseText ToHoldNot = new("`{rule}` not to hold", "`{rule}` 不成立");

    public static readonly FrozenDictionary<Comparison, ComparisonPhrases> Comparisons = new Dictionary<Comparison, ComparisonPhrases>
    {
        [Comparison.Equal] = new(new("exactly {value}", "恰好{value}"), new("exactly {value}", "等于{value}"),
            new("exactly {value}", "恰好{value}"), new("at {value}", "恰在{value}")),
        [Comparison.NotEqual] = new(new("not {value}", "不是{value}"), new("not {value}", "不是{value}"),
            new("not {value}", "不是{value}"), new("not at {value}", "不在{value}")),
        [Comparison.Less] = new(new("fewer than {value}", "少于{value}"), new("less than {value}", "低于{value}"),
            new("less than {value}", "不到{value}"), new("before {value}", "早于{value}")),
        [Comparison.LessOrEqual] = new(new("at most {value}", "至多{value}"), new("at most {value}", "不高于{value}"),
            new("at most {value}", "不超过{value}"), new("not after {value}", "不晚于{value}")),
        [Comparison.Greater] = new(new("more than {value}", "超过{value}"), new("more than {value}", "高于{value}"),
            new("more than {value}", "超过{value}"), new("after {value}", "晚于{value}")),
        [Comparison.GreaterOrEqual] = new(new("at least {value}", "至少{value}"), new("at least {value}", "不低于{value}"),
            new("at least {value}", "至少{value}"), new("not before {value}", "不早于{value}")),
    }.ToFrozenDictionary();

    public static readonly FrozenDictionary<TimeUnit, PhraseText> Units = new Dictionary<TimeUnit, PhraseText>
    {
        [TimeUnit.Second] = new("{count} second|{count} seconds", "{count} 秒"),
        [TimeUnit.Minute] = new("{count} minute|{count} minutes", "{count} 分钟"),
        [TimeUnit.Hour] = new("{count} hour|{count} hours", "{count} 小时"),
        [TimeUnit.Day] = new("{count} day|{count} days", "{count} 天"),
        [TimeUnit.Week] = new("{count} week|{count} weeks", "{count} 周"),
    }.ToFrozenDictionary();

    public static readonly PhraseText Finer = new("{larger} {smaller}", "{larger} {smaller}");

    // Patterns in which instants and days are written, those of another year with it.
    public static readonly PhraseText AtPattern = new("d MMM HH:mm", "M'月'd'日' HH:mm");
    public static readonly PhraseText AtPatternOfYear = new("d MMM uuuu HH:mm", "uuuu'年'M'月'd'日' HH:mm");
    public static readonly PhraseText DayPattern = new("d MMM", "M'月'd'日'");
    public static readonly PhraseText DayPatternOfYear = new("d MMM uuuu", "uuuu'年'M'月'd'日'");

    public static readonly PhraseText Money = new("{amount} {currency}", "{amount} {currency}");

    /// <summary>Currencies that a language has a word for; others go by their code.</summary>
    public static readonly FrozenDictionary<string, PhraseText> Currencies = new Dictionary<string, PhraseText>
    {
        ["CNY"] = new("CNY", "元"), ["USD"] = new("USD", "美元"), ["EUR"] = new("EUR", "欧元"), ["GBP"] = new("GBP", "英镑"),
        ["JPY"] = new("JPY", "日元"), ["HKD"] = new("HKD", "港元"), ["TWD"] = new("TWD", "新台币"),
    }.ToFrozenDictionary();

    /// <summary>Events that every definition shares, and facts; others go by the words of their names.</summary>
    public static readonly FrozenDictionary<string, PhraseText> Events = new Dictionary<string, PhraseText>
    {
        ["signed_up"] = new("sign-up|sign-ups", "注册"), ["logged_in"] = new("login|logins", "账号登录"),
        ["session_start"] = new("session|sessions", "登录"), ["session_end"] = new("session end|session ends", "下线"),
        ["trial_started"] = new("trial start|trial starts", "开始试用"), ["trial_ended"] = new("trial end|trial ends", "试用到期"),
        ["subscription_started"] = new("new subscription|new subscriptions", "开通订阅"), ["subscription_renewed"] = new("renewal|renewals", "续订"),
        ["payment_failed"] = new("failed payment|failed payments", "付款失败"),
        ["payment_recovered"] = new("recovered payment|recovered payments", "补款成功"),
        ["cancel_scheduled"] = new("scheduled cancellation|scheduled cancellations", "申请退订"),
        ["cancel_reverted"] = new("withdrawn cancellation|withdrawn cancellations", "撤回退订"),
        ["subscription_ended"] = new("subscription end|subscription ends", "订阅终止"),
        ["subscription_paused"] = new("subscription pause|subscription pauses", "暂停订阅"),
        ["subscription_resumed"] = new("resumed subscription|resumed subscriptions", "恢复订阅"),
        ["plan_changed"] = new("plan change|plan changes", "变更套餐"), ["order_completed"] = new("purchase|purchases", "购买"),
        ["order_refunded"] = new("refund|refunds", "退款"), ["chargeback"] = new("chargeback|chargebacks", "拒付"),
        ["checkout_started"] = new("started checkout|started checkouts", "发起结账"),
        ["currency_earned"] = new("currency gain|currency gains", "获得货币"), ["currency_spent"] = new("currency spend|currency spends", "消耗货币"),
        ["level_up"] = new("level-up|level-ups", "升级"), ["progress_completed"] = new("completed challenge|completed challenges", "完成挑战"),
        ["progress_failed"] = new("failed challenge|failed challenges", "挑战失败"),
        ["coupon_redeemed"] = new("redeemed coupon|redeemed coupons", "使用优惠券"), ["email_sent"] = new("e-mail sent|e-mails sent", "发送邮件"),
        ["email_delivered"] = new("delivered e-mail|delivered e-mails", "邮件送达"),
        ["email_opened"] = new("opened e-mail|opened e-mails", "打开邮件"), ["email_clicked"] = new("clicked e-mail|clicked e-mails", "点击邮件"),
        ["email_bounced"] = new("bounced e-mail|bounced e-mails", "邮件退回"), ["unsubscribed"] = new("opt-out|opt-outs", "退订邮件"),
        ["complaint_filed"] = new("complaint|complaints", "投诉"),
        ["complaint_resolved"] = new("resolved complaint|resolved complaints", "投诉解决"),
        ["survey_answered"] = new("answered survey|answered surveys", "填写问卷"),
        ["consent_updated"] = new("consent change|consent changes", "更新授权"),
        ["account_deleted"] = new("account deletion|account deletions", "注销账号"), ["page_viewed"] = new("page view|page views", "浏览页面"),
        ["screen_viewed"] = new("screen view|screen views", "浏览界面"), ["stage_changed"] = new("stage change|stage changes", "阶段变化"),
        ["stage_conflict"] = new("stage conflict|stage conflicts", "阶段冲突"), ["journey_started"] = new("journey start|journey starts", "旅程开始"),
        ["journey_moved"] = new("journey step|journey steps", "旅程推进"), ["journey_ended"] = new("journey end|journey ends", "旅程结束"),
        ["action_requested"] = new("requested action|requested actions", "发起触达"),
        ["action_withheld"] = new("withheld action|withheld actions", "触达被拦截"),
        ["points_earned"] = new("award of points|awards of points", "获得积分"),
        ["points_expired"] = new("expiry of points|expiries of points", "积分过期"),
        ["benefit_granted"] = new("granted benefit|granted benefits", "获得权益"),
        ["benefit_revoked"] = new("revoked benefit|revoked benefits", "失去权益"),
    }.ToFrozenDictionary();

    /// <summary>Properties and attributes that most definitions have; others go by the words of their names.</summary>
    public static readonly FrozenDictionary<string, PhraseText> Properties = new Dictionary<string, PhraseText>
    {
        ["revenue"] = new("revenue", "金额"), ["amount"] = new("amount", "数额"), ["price"] = new("price", "价格"), ["sku"] = new("SKU", "商品"),
        ["items"] = new("number of items", "件数"), ["quantity"] = new("quantity", "数量"), ["category"] = new("category", "品类"),
        ["plan"] = new("plan", "套餐"), ["country"] = new("country", "国家或地区"), ["language"] = new("language", "语言"),
        ["level"] = new("level", "等级"), ["points"] = new("points", "积分"), ["channel"] = new("channel", "渠道"),
        ["template"] = new("template", "模板"), ["journey"] = new("journey", "旅程"), ["stage"] = new("stage", "阶段"),
        ["track"] = new("track", "轨道"), ["benefit"] = new("benefit", "权益"), ["rating"] = new("rating", "评分"), ["score"] = new("score", "得分"),
        ["minutes"] = new("minutes", "分钟数"), ["birthday"] = new("birthday", "生日"), ["renewal_at"] = new("renewal date", "续订日"),
        ["from"] = new("origin", "来源阶段"), ["to"] = new("destination", "目标阶段"), ["cause"] = new("cause", "原因"),
        ["because"] = new("reason", "理由"), ["step"] = new("step", "步骤"), ["event"] = new("event", "行为"),
    }.ToFrozenDictionary();

    /// <summary>Events of which a day with one is called an active day.</summary>
    public static readonly FrozenSet<string> Activity = FrozenSet.ToFrozenSet(["session_start", "logged_in", "page_viewed", "screen_viewed"]);

    /// <summary>Stages and groups that customers fall into, by name.</summary>
    public static readonly FrozenSet<string> Downward = FrozenSet.ToFrozenSet(
        ["decline", "declining", "degenerating", "at_risk", "lapsed", "lost", "dormant", "inactive", "churned", "sleeping", "leaving",
            "退化", "退化期", "流失"]);

    /// <summary>Stages whose own name says that customers come back.</summary>
    public static readonly FrozenSet<string> Comeback = FrozenSet.ToFrozenSet(
        ["returned", "returning", "reactivated", "recovered", "won_back", "回归", "回归期"]);
}
