namespace Lifecycle.Projections.Releases;

/// <summary>One thing in which a release differs from the one before it.</summary>
/// <param name="Kind">What it is about, a stable code: <c>stage_added</c>, <c>metric_changed</c>.</param>
/// <param name="Name">Of what it is about: <c>lifecycle.decline</c>, <c>win-back</c>.</param>
/// <param name="Before">As it was written; null where there was nothing.</param>
/// <param name="After">As it is written; null where there is nothing.</param>
public sealed record ReleaseChange(string Kind, string Name, string? Before = null, string? After = null)
{
    /// <summary>In English: <c>The stage lifecycle.decline: when was idle &gt;= 14 days, is idle &gt;= 7 days.</c></summary>
    public string English => Say(EnglishOf(Subject), "added", "removed", "is renamed, from", "to", "was", "is", "nothing", ".");

    /// <summary>In Chinese.</summary>
    public string Chinese => Say(ChineseOf(Subject), "新增", "删除", "改名：原为", "现为", "原为", "现为", "无", "。");

    private string Subject => Kind[..Kind.LastIndexOf('_')];

    private string Say(string subject, string added, string removed, string renamed, string to, string was, string now, string nothing, string end) =>
        Kind[(Kind.LastIndexOf('_') + 1)..] switch
        {
            "added" => $"{subject} {Name}: {added}{end}",
            "removed" => $"{subject} {Name}: {removed}{end}",
            "renamed" => $"{subject} {Name} {renamed} {Before} {to} {After}{end}",
            _ => $"{subject} {Name}: {was} {Before ?? nothing}, {now} {After ?? nothing}{end}",
        };

    private static string EnglishOf(string subject) => subject switch
    {
        "stage" => "The stage",
        "stages" => "The order of the stages of",
        "track" => "The track",
        "metric" => "The metric",
        "journey" => "The journey",
        "cap" => "The cap on",
        "points" => "Points:",
        "attribute" => "The attribute",
        "exchange" => "The rate of exchange of",
        "refund" => "The refund",
        _ => "The definition's",
    };

    private static string ChineseOf(string subject) => subject switch
    {
        "stage" => "阶段",
        "stages" => "阶段顺序",
        "track" => "轨道",
        "metric" => "指标",
        "journey" => "旅程",
        "cap" => "频次上限",
        "points" => "积分",
        "attribute" => "客户属性",
        "exchange" => "汇率",
        "refund" => "退款",
        _ => "定义的",
    };
}
