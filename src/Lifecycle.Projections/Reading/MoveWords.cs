using System.Xml;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Rules;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Projections;

/// <summary>The sentences in which a move is told. They are made when read and stored nowhere, so they may be improved at any time.</summary>
internal static class MoveWords
{
    /// <summary>As many conditions as one sentence names.</summary>
    private const int ClausesMax = 4;

    public static Words Of(StageChanged change)
    {
        if (change.From is null) return new Words($"Began in {change.To}.", $"起始于 {change.To}。");
        var english = $"Moved from {change.From} to {change.To}";
        var chinese = $"从 {change.From} 进入 {change.To}";
        switch (change.Cause)
        {
            case MoveCause.Override:
                return new Words($"{english} by decision of a person.", $"{chinese}，由人工决定。");
            case MoveCause.Activation when change.Because is null:
                return new Words($"{english} when release {change.Release} came into force.", $"版本 {change.Release} 生效时，{chinese}。");
        }
        var clauses = change.Because is { } because ? Clauses(because).Take(ClausesMax).ToList() : [];
        if (clauses.Count == 0) return new Words(english + ".", chinese + "。");
        var when = change.Cause == MoveCause.Activation ? ($" under release {change.Release}", $"按版本 {change.Release}，") : ("", "");
        return new Words($"{english}{when.Item1} because {string.Join(" and ", clauses.Select(clause => clause.English))}.",
            $"{when.Item2}{chinese}，因为{string.Join("，并且", clauses.Select(clause => clause.Chinese))}。");
    }

    /// <summary>The conditions that decided: all of an <c>and</c>, the first true one of an <c>or</c>.</summary>
    private static IEnumerable<Words> Clauses(Explanation node) => node switch
    {
        { Op: "and", Parts.Length: > 0 } => node.Parts.SelectMany(Clauses),
        { Op: "or", Parts.Length: > 0 } => Clauses(node.Parts.FirstOrDefault(part => part.Value.IsTrue) ?? node.Parts[0]),
        { Op: "move", Parts: [var entered, var kept] } => Clauses(entered).Append(NoLonger(kept)),
        { Op: "metric", Parts: [var inner] } when inner.Value.Type == ValueType.Truth => Clauses(inner),
        { Op: "compare", Parts: [var left, var right] } => [Compared(node, left, right)],
        _ => [new Words($"{node.Text} held", $"{node.Text} 成立")],
    };

    private static Words NoLonger(Explanation kept) => new($"{kept.Text} no longer held", $"{kept.Text} 不再成立");

    private static Words Compared(Explanation node, Explanation left, Explanation right)
    {
        if (LastSight(left) is { } last && node.Text.StartsWith(left.Text + " >", StringComparison.Ordinal))
        {
            var name = last.Text["last(".Length..^1];
            return new Words($"{Told(right.Value, Passed)} passed since the last {name} ({last.Value})",
                $"距上次 {name}（{last.Value}）已过 {Told(right.Value, PassedInChinese)}");
        }
        return new Words($"{left.Text} was {Told(left.Value, Passed)} where {node.Text} is asked",
            $"{left.Text} 为 {Told(left.Value, PassedInChinese)}，符合 {node.Text}");
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

    // A stored explanation holds durations as ISO 8601, so their type has to be seen in their text.
    private static string Told(Value value, Func<long, string> duration) => value switch
    {
        { IsMissing: true } => "—",
        { Type: ValueType.Duration } => duration((long)value.Magnitude),
        { Type: ValueType.Text } when Milliseconds(value.Text) is { } milliseconds => duration(milliseconds),
        _ => value.ToString(),
    };

    private static long? Milliseconds(string text)
    {
        if (text.Length < 3 || (text[0] != 'P' && text[0] != '-')) return null;
        try
        {
            return (long)XmlConvert.ToTimeSpan(text).TotalMilliseconds;
        }
        catch (Exception other) when (other is FormatException or OverflowException)
        {
            return null; // An ordinary text that begins with P.
        }
    }

    private static string Passed(long milliseconds) => Durations.ToWords(milliseconds);

    private static string PassedInChinese(long milliseconds) => milliseconds switch
    {
        _ when milliseconds % Durations.Day == 0 => $"{milliseconds / Durations.Day} 天",
        _ when milliseconds % Durations.Hour == 0 => $"{milliseconds / Durations.Hour} 小时",
        _ when milliseconds % Durations.Minute == 0 => $"{milliseconds / Durations.Minute} 分钟",
        _ => $"{Numbers.ToText(milliseconds / 1000m)} 秒",
    };
}
