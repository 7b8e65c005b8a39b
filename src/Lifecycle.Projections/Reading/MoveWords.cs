using System.Globalization;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Projections;

/// <summary>The sentences in which a move is told. They are made when read and stored nowhere, so they may be improved at any time.</summary>
internal static class MoveWords
{
    /// <summary>As many conditions as one sentence names.</summary>
    private const int ClausesMax = 4;

    private static readonly (string, string, string) ToldInEnglish = ("missing", "true", "false");
    private static readonly (string, string, string) ToldInChinese = ("空缺", "真", "假");

    /// <param name="titles">Of a stage by language; null or without a language for a stage that is called by its name.</param>
    public static Words Of(StageChanged change, Func<string, IReadOnlyDictionary<string, string>?> titles)
    {
        var to = Title(change.To);
        if (change.From is null) return new Words($"Began in {to.English}.", Chinese("起始于", to.Chinese, "。"));
        var from = Title(change.From);
        var moved = new Words($"Moved from {from.English} to {to.English}", Chinese("从", from.Chinese, "进入", to.Chinese));
        var release = change.Release.ToString(CultureInfo.InvariantCulture);
        switch (change.Cause)
        {
            case MoveCause.Override:
                return new Words($"{moved.English} by decision of a person.", $"{moved.Chinese}，由人工决定。");
            case MoveCause.Activation when change.Because is null:
                return new Words($"{moved.English} when release {release} came into force.", Chinese("版本", release, "生效时，", moved.Chinese, "。"));
        }
        var clauses = change.Because is { } because ? Clauses(because).Take(ClausesMax).ToList() : [];
        if (clauses.Count == 0) return new Words(moved.English + ".", moved.Chinese + "。");
        var under = change.Cause == MoveCause.Activation ? new Words($" under release {release}", Chinese("按版本", release, "，")) : new Words("", "");
        return new Words($"{moved.English}{under.English} because {string.Join(" and ", clauses.Select(clause => clause.English))}.",
            Chinese([under.Chinese, moved.Chinese, .. clauses.SelectMany((clause, index) => (string[])[index == 0 ? "，因为" : "；并且", clause.Chinese]), "。"]));

        Words Title(string stage) => new(titles(stage)?.GetValueOrDefault("en") ?? stage, titles(stage)?.GetValueOrDefault("zh") ?? stage);
    }

    /// <summary>The conditions that decided: all of an <c>and</c>, the first true one of an <c>or</c>.</summary>
    private static IEnumerable<Words> Clauses(Explanation node) => node switch
    {
        { Op: "and", Parts.Length: > 0 } => node.Parts.SelectMany(Clauses),
        { Op: "or", Parts.Length: > 0 } => Clauses(node.Parts.FirstOrDefault(part => part.Value.IsTrue) ?? node.Parts[0]),
        { Op: "move", Parts: [var entered, var kept] } => Clauses(entered).Append(NoLonger(kept)),
        { Op: "metric", Parts: [var inner] } when inner.Value.Type == ValueType.Truth => Clauses(inner),
        { Op: "compare", Parts: [var left, var right] } => [Compared(node, left, right)],
        _ => [new Words($"{node.Text} held", Chinese(node.Text, "成立"))],
    };

    private static Words NoLonger(Explanation kept) => new($"{kept.Text} no longer held", Chinese(kept.Text, "不再成立"));

    private static Words Compared(Explanation node, Explanation left, Explanation right)
    {
        if (LastSight(left) is { } last && node.Text.StartsWith(left.Text + " >", StringComparison.Ordinal))
        {
            var name = last.Text["last(".Length..^1];
            return new Words($"{Told(right.Value, Passed, ToldInEnglish)} passed since the last {name} ({last.Value})",
                Chinese("距上次", name, $"（{last.Value}）", "已过", Told(right.Value, PassedInChinese, ToldInChinese)));
        }
        return new Words($"{left.Text} was {Told(left.Value, Passed, ToldInEnglish)} where {node.Text} is asked",
            Chinese(left.Text, "为", Told(left.Value, PassedInChinese, ToldInChinese), "，规则要求", node.Text));
    }

    /// <summary>The aggregate behind <c>since(last(…))</c>, also within a metric and as the first choice of <c>default</c>.</summary>
    private static Explanation? LastSight(Explanation node) => node switch
    {
        { Op: "metric", Parts: [var inner] } => LastSight(inner),
        { Op: "call", Parts: [{ Value.IsMissing: false } first, _] } when node.Text.StartsWith("default(", StringComparison.Ordinal) => LastSight(first),
        { Op: "call", Parts: [var time] } when node.Text.StartsWith("since(", StringComparison.Ordinal) => LastAggregate(time),
        _ => null,
    };

    private static Explanation? LastAggregate(Explanation node) => node switch
    {
        { Op: "metric", Parts: [var inner] } => LastAggregate(inner),
        { Op: "aggregate", Value.IsMissing: false } when node.Text.StartsWith("last(", StringComparison.Ordinal) && !node.Text.Contains(' ') => node,
        _ => null,
    };

    private static string Told(Value value, Func<long, string> duration, (string Missing, string True, string False) words) => value switch
    {
        { IsMissing: true } => words.Missing,
        { Type: ValueType.Truth } => value.IsTrue ? words.True : words.False,
        { Type: ValueType.Duration } => duration((long)value.Magnitude),
        _ => value.ToString(),
    };

    private static string Passed(long milliseconds) => Durations.ToWords(milliseconds);

    private static string PassedInChinese(long milliseconds) => milliseconds switch
    {
        _ when milliseconds % Durations.Day == 0 => $"{milliseconds / Durations.Day} 天",
        _ when milliseconds % Durations.Hour == 0 => $"{milliseconds / Durations.Hour} 小时",
        _ when milliseconds % Durations.Minute == 0 => $"{milliseconds / Durations.Minute} 分钟",
        _ => $"{Numbers.ToText(milliseconds / 1000m)} 秒",
    };

    /// <summary>One text of parts, with a space wherever Chinese writing meets another.</summary>
    private static string Chinese(params IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts.Where(part => part.Length > 0))
        {
            if (text.Length > 0 && (IsHan(text[^1]) && char.IsAscii(part[0]) || char.IsAscii(text[^1]) && IsHan(part[0]))) text.Append(' ');
            text.Append(part);
        }
        return text.ToString();
    }

    private static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff';
}
