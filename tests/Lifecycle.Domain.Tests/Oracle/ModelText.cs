using System.Globalization;
using System.Text;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Writes a model as the definition file a marketer would have written.</summary>
public static class ModelText
{
    /// <summary>What may be known of a customer, and what comes with events; written out whole for each model.</summary>
    private const string Declarations = """
        customer: { country: text, score: number, vip: truth, renewal_at: time, birthday: date, patience: duration }
        events:
          order_completed: { revenue: money, sku: text, items: number, gift: truth, ready_at: time, due: date, lasted: duration }
          order_refunded: { revenue: money, sku: text }
          played: { score: number, mode: text }

        """;

    public static string Write(Model model)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"definition: random\nzone: {model.Zone}\ncurrency: {Model.Currency}\nexchange: {{ USD: 1.25 }}\n{Declarations}");
        if (model.Metrics.Count > 0) text.Append("metrics:\n");
        foreach (var metric in model.Metrics) text.Append(CultureInfo.InvariantCulture, $"  {metric.Name}: {Write(metric.Meaning)}\n");
        if (model.Tracks.Count > 0) text.Append("tracks:\n");
        foreach (var track in model.Tracks)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {track.Name}:\n");
            foreach (var stage in track.Stages) Write(stage, text);
        }
        if (model.Points is { } points) Write(points, text);
        return text.ToString();
    }

    private static void Write(ModelStage stage, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"    - stage: {stage.Name}\n");
        if (stage.Group is { } group) Line("group", group);
        if (stage.From is { } from) Line("from", $"[{string.Join(", ", from)}]");
        if (stage.When is { } when) Line("when", Write(when));
        if (stage.Keep is { } keep) Line("keep", Write(keep));
        if (stage.Confirm > 0) Line("confirm", Hours(stage.Confirm));
        if (stage.MinimumStay > 0) Line("minimum stay", Hours(stage.MinimumStay));
        if (stage.Benefits.Count > 0) Line("benefits", $"[{string.Join(", ", stage.Benefits)}]");
        if (stage.Grace > 0) Line("grace", Hours(stage.Grace));

        void Line(string name, string content) => text.Append(CultureInfo.InvariantCulture, $"      {name}: {content}\n");
    }

    private static void Write(ModelPoints points, StringBuilder text)
    {
        text.Append("points:\n  earn:\n");
        foreach (var rule in points.Earn)
        {
            text.Append(CultureInfo.InvariantCulture, $"    - event: {rule.Event}\n");
            if (rule.Where is { } where) text.Append(CultureInfo.InvariantCulture, $"      where: {Write(where)}\n");
            text.Append(CultureInfo.InvariantCulture, $"      points: {Write(rule.Points)}\n");
        }
        if (points.Expire is { } expire) text.Append(CultureInfo.InvariantCulture, $"  expire: {Hours(expire)}\n");
    }

    public static string Write(Phrase phrase) => phrase switch
    {
        Constant constant => constant.Writing,
        Named named => named.Metric.Name,
        Aggregated { Aggregate: var aggregate } => Write(aggregate),
        Attribute attribute => "customer." + attribute.Name,
        BuiltIn builtIn => builtIn.Word,
        Expiring expiring => $"points.expiring({Hours(expiring.Hours)})",
        Property property => (property.OfTrigger ? "trigger." : "") + property.Path,
        OracleCall call => $"{call.Function}({string.Join(", ", call.Values.Select(Write))})",
        Arithmetic arithmetic => $"({Write(arithmetic.Left)} {arithmetic.Sign} {Write(arithmetic.Right)})",
        Minus minus => $"-({Write(minus.Part)})",
        Compared compared => $"{Bracketed(compared.Left)} {compared.Sign} {Bracketed(compared.Right)}",
        OneOf oneOf => $"{Bracketed(oneOf.Value)} in [{string.Join(", ", oneOf.List.Select(Write))}]",
        StageIs stage => $"{(stage.Track is { } track ? "stage." + track : "stage")} {stage.Sign} "
            + (stage.Sign == "in" ? $"[{string.Join(", ", stage.Names)}]" : stage.Names[0]),
        Top top => string.Create(CultureInfo.InvariantCulture, $"top({top.Metric.Name}, {top.Percent}%)"),
        Quantile quantile => string.Create(CultureInfo.InvariantCulture, $"quantile({quantile.Metric.Name}, {quantile.Tiles})"),
        Joined joined => $"({string.Join(joined.All ? " and " : " or ", joined.Conditions.Select(Write))})",
        Not not => $"not ({Write(not.Part)})",
        _ => throw new InvalidOperationException(),
    };

    private static string Bracketed(Phrase phrase) => phrase is Compared or OneOf or StageIs or Not ? $"({Write(phrase)})" : Write(phrase);

    private static string Write(ModelAggregate aggregate)
    {
        var events = aggregate.Events.Count switch
        {
            0 => "any",
            1 => aggregate.Events[0],
            _ => $"[{string.Join(", ", aggregate.Events)}]",
        };
        var window = aggregate.Window switch
        {
            { Form: "in", From: var hours } => " in " + Hours(hours),
            { Form: "from", From: var from, To: var to } => $" from {Hours(from)} to {Hours(to)} ago",
            { Form: "calendar", From: var days } => string.Create(CultureInfo.InvariantCulture, $" in {days} calendar days"),
            { Form: "months", From: var months } => string.Create(CultureInfo.InvariantCulture, $" in {months} calendar months"),
            { Form: "first", From: var hours } => " in first " + Hours(hours),
            { Form: "today" } => " today",
            { Form: "stage" } => " in this stage",
            { Form: "always" } => "",
            { Form: var form } when form.StartsWith("last ", StringComparison.Ordinal) => " " + form,
            { Form: var form } => " this " + form,
        };
        return $"{aggregate.Function}({events}{(aggregate.Property is { } property ? "." + property : "")}{window}"
            + $"{(aggregate.Where is { } where ? " where " + Write(where) : "")})";
    }

    /// <summary>In days where they fit, so that both ways of writing come up.</summary>
    public static string Hours(int hours) => hours % 24 == 0 && hours > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24} days")
        : string.Create(CultureInfo.InvariantCulture, $"{hours} hours");
}
