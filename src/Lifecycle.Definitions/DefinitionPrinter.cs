using Lifecycle.Definitions.Yaml;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Definitions;

/// <summary>Writes definitions, journeys and settings as YAML in one fixed way. What it writes reads back as the same.</summary>
/// <remarks>Rules are written as <see cref="RulePrinter"/> does. Comments are no part of what was read, so they are not in what is written.</remarks>
public static class DefinitionPrinter
{
    public static string Print(DefinitionSyntax definition)
    {
        var page = new Page();
        page.Member(0, "definition", definition.Name.Text);
        Titles(page, 0, definition.Titles);
        page.Member(0, "zone", definition.Zone?.Text);
        page.Member(0, "currency", definition.Currency?.Text);
        Pairs(page, "exchange", definition.Exchange);
        Declarations(page, "customer", definition.Attributes, type => YamlText.Of(type.Text));
        if (definition.Events.Count > 0) page.Section("events");
        foreach (var (name, properties) in definition.Events)
            page.Line(1, $"{YamlText.Of(name.Text)}: {YamlText.Map(properties.Select(property => (property.Name.Text, property.Content.Text)))}");
        Declarations(page, "metrics", definition.Metrics, rule => YamlText.Rule(Expression(rule)!));
        if (definition.Tracks.Count > 0) page.Section("tracks");
        foreach (var track in definition.Tracks) Track(page, track);
        if (definition.Points is { } points) Points(page, points);
        Pairs(page, "refunds", definition.Refunds);
        return page.ToString();
    }

    public static string Print(JourneySyntax journey)
    {
        var page = new Page();
        page.Member(0, "journey", journey.Name.Text);
        page.Member(0, "kind", journey.Kind?.Text);
        page.Rule(0, "trigger", Rule(journey.Trigger, RuleParser.ParseTrigger, RulePrinter.Print));
        page.Rule(0, "audience", Expression(journey.Audience));
        page.Rule(0, "exit", Expression(journey.Exit));
        page.Rule(0, "again", Rule(journey.Again, RuleParser.ParseAgain, RulePrinter.Print));
        page.Member(0, "priority", journey.Priority?.Text);
        page.Items(0, "steps", journey.Steps.Count);
        foreach (var step in journey.Steps) page.Line(1, "- " + Step(step));
        return page.ToString();
    }

    public static string Print(SettingsSyntax settings)
    {
        var page = new Page();
        page.Member(0, "settings", settings.Name.Text);
        page.Member(0, "undeclared", settings.Undeclared?.Text);
        if (settings.Names.Count > 0) page.Line(0, $"names: {YamlText.List(settings.Names.Select(name => name.Text))}");
        if (settings.Caps.Count > 0) page.Section("caps");
        foreach (var channel in settings.Caps.GroupBy(cap => cap.Name.Text))
        {
            var caps = channel.Select(cap => Rule(cap.Content, Cap, RulePrinter.Print)!).ToList();
            page.Line(1, $"{YamlText.Of(channel.Key)}: {(caps.Count == 1 ? YamlText.Of(caps[0]) : YamlText.List(caps))}");
        }
        return page.ToString();
    }

    private static void Track(Page page, TrackSyntax track)
    {
        page.Items(1, track.Name.Text, track.Stages.Count);
        foreach (var stage in track.Stages)
        {
            page.Line(2, $"- stage: {YamlText.Of(stage.Name.Text)}");
            Titles(page, 3, stage.Titles);
            page.Member(3, "was", stage.Was?.Text);
            page.Member(3, "group", stage.Group?.Text);
            if (stage.From is { } from) page.Line(3, $"from: {YamlText.List(from.Select(name => name.Text))}");
            page.Rule(3, "when", Expression(stage.When));
            page.Rule(3, "keep", Expression(stage.Keep));
            page.Rule(3, "confirm", Duration(stage.Confirm));
            page.Rule(3, "minimum stay", Duration(stage.MinimumStay));
            if (stage.Benefits.Count > 0) page.Line(3, $"benefits: {YamlText.List(stage.Benefits.Select(benefit => benefit.Text))}");
            page.Rule(3, "grace", Duration(stage.Grace));
        }
    }

    private static void Points(Page page, PointsSyntax points)
    {
        page.Section("points");
        page.Items(1, "earn", points.Earn.Count);
        foreach (var earn in points.Earn)
        {
            page.Line(2, $"- event: {YamlText.Of(earn.Event.Text)}");
            page.Rule(3, "where", Expression(earn.Where));
            page.Rule(3, "points", Expression(earn.Points));
        }
        page.Rule(1, "expire", Duration(points.Expire));
    }

    private static string Step(StepSyntax step) => step switch
    {
        SendSyntax send => $"send: {YamlText.Map([("channel", send.Channel.Text), ("template", send.Template.Text)])}",
        WaitSyntax wait => $"wait: {YamlText.Of(Duration(wait.Duration)!)}",
        EndSyntax { Because.Text: "end" } => "end",
        EndSyntax end => $"end: {YamlText.Of(end.Because.Text)}",
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    private static void Declarations(Page page, string section, EquatableList<Declared> declared, Func<RuleText, string> write)
    {
        if (declared.Count > 0) page.Section(section);
        foreach (var (name, content) in declared) page.Line(1, $"{YamlText.Of(name.Text)}: {write(content)}");
    }

    private static void Pairs(Page page, string name, EquatableList<Declared> pairs)
    {
        if (pairs.Count > 0) page.Line(0, $"{name}: {YamlText.Map(pairs.Select(pair => (pair.Name.Text, pair.Content.Text)))}");
    }

    private static void Titles(Page page, int depth, EquatableList<Titled> titles)
    {
        if (titles.Count > 0) page.Line(depth, $"title: {YamlText.Map(titles.Select(title => (title.Language.Text, title.Title.Text)))}");
    }

    private static string? Expression(RuleText? text) => Rule(text, RuleParser.ParseExpression, RulePrinter.Print);

    private static string? Duration(RuleText? text) => Rule(text, RuleParser.ParseDuration, RulePrinter.Print);

    private static CapSyntax? Cap(RuleText text, Diagnostics diagnostics) => RuleParser.ParseCap(text, diagnostics);

    /// <summary>A rule in its canonical writing; one that cannot be parsed as it stands.</summary>
    private static string? Rule<T>(RuleText? text, Func<RuleText, Diagnostics, T?> parse, Func<T, string> print) where T : class =>
        text is null ? null : parse(text, new Diagnostics()) is { } parsed ? print(parsed) : text.Text;
}
