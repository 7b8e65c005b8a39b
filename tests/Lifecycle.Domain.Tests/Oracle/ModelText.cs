using System.Globalization;
using System.Text;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Writes a model as the definition file a marketer would have written.</summary>
public static class ModelText
{
    public static string Write(Model model)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"definition: random\nzone: {model.Zone}\ncurrency: EUR\nevents:\n  bought: {{ revenue: money }}\n  played: {{}}\nmetrics:\n");
        foreach (var (name, metric) in model.Metrics) text.Append(CultureInfo.InvariantCulture, $"  {name}: {Write(metric)}\n");
        text.Append("tracks:\n");
        foreach (var track in model.Tracks)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {track.Name}:\n");
            foreach (var stage in track.Stages)
            {
                text.Append(CultureInfo.InvariantCulture, $"    - stage: {stage.Name}\n");
                if (stage.From is { } from) text.Append(CultureInfo.InvariantCulture, $"      from: [{string.Join(", ", from)}]\n");
                if (stage.When is { } when) text.Append(CultureInfo.InvariantCulture, $"      when: {Write(when, model)}\n");
                if (stage.Keep is { } keep) text.Append(CultureInfo.InvariantCulture, $"      keep: {Write(keep, model)}\n");
                if (stage.Confirm > 0) text.Append(CultureInfo.InvariantCulture, $"      confirm: {stage.Confirm} hours\n");
                if (stage.MinimumStay > 0) text.Append(CultureInfo.InvariantCulture, $"      minimum stay: {stage.MinimumStay} hours\n");
            }
        }
        return text.ToString();
    }

    private static string Write(ModelMetric metric)
    {
        var window = metric.From is not { } from ? "" : metric.To == 0 ? $" in {from} hours" : $" from {from} hours to {metric.To} hours ago";
        var where = metric.AtLeast is { } least ? $" where revenue >= {least}" : "";
        return metric.Kind switch
        {
            "sum" => $"sum({metric.Event}.revenue{window}{where})",
            "latest" => $"latest({metric.Event}.revenue{window}{where})",
            "idle" => $"default(since(last({metric.Event}{window}{where})), age)",
            "known_for" => $"since(first({metric.Event}{window}{where}))",
            _ => $"{metric.Kind}({metric.Event}{window}{where})",
        };
    }

    private static string Write(Condition condition, Model model) => condition switch
    {
        MetricCondition c => $"{model.Metrics[c.Metric].Name} {c.Operator} {c.Constant}{(model.Metrics[c.Metric].Metric.IsDuration ? " hours" : "")}",
        RatioCondition c => $"{model.Metrics[c.Left].Name} {c.Operator} {(c.Percent / 100m).ToString(CultureInfo.InvariantCulture)} * {model.Metrics[c.Right].Name}",
        ClockCondition c => $"{c.Of} {c.Operator} {c.Hours} hours",
        StageCondition c => $"{(c.Track is { } track ? "stage." + track : "stage")} {(c.Negated ? "!=" : "==")} {c.Stage}",
        Both c => $"({Write(c.Left, model)} and {Write(c.Right, model)})",
        Either c => $"({Write(c.Left, model)} or {Write(c.Right, model)})",
        Neither c => $"not ({Write(c.Part, model)})",
        _ => throw new InvalidOperationException(),
    };
}
