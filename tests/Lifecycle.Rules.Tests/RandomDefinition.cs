using Lifecycle.Domain.Values;
using Lifecycle.Rules.Printing;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Tests;

/// <summary>Draws whole definitions, journeys and settings, in form alone: their names need not fit together. One seed gives one of each.</summary>
/// <param name="sloppy">Rules are written with needless brackets and blanks; else in their canonical way. The trees are the same.</param>
internal sealed class RandomDefinition(int seed, bool sloppy)
{
    private static readonly string[] Nasty =
    [
        "a", "天下贰", "minimum stay", "it's", "\"quoted\"", "- dash", "[list]", "{map}", "a: b", "a:", "#hash", "a #b", "a#b", "true", "null", "~",
            "007", "1e3", "2026-12-03", "0x1F",
        "a, b", "x\ny", "tab\there", "\\n", "&anchor", "*alias", "!tag", "%", "@", "`", "|", ">", "?", "a\u2028b", "\u0085", "\ufeffbom", "é",
            "🎮 game", " leading", "trailing ", "：", "“quotes”",
        "---", "...", "<<", "=", "a\rb", "\u0001", "no", "Yes", "-1", "'", "''", "\"", "x:y", "http://x", "end", "en",
    ];

    private readonly Random _random = new(seed);
    private readonly RandomTree _trees = new(seed ^ 0x5eed);
    private readonly Random _slop = new(seed);

    public DefinitionSyntax Definition() => new()
    {
        Name = Text(),
        Titles = Titles(),
        Zone = Maybe(Text),
        Currency = Maybe(Text),
        Exchange = Declared(Text),
        Refunds = Declared(Text),
        Attributes = Declared(Text),
        Events = [.. Names(4).Select(name => new EventContract(name, Declared(Text)))],
        Metrics = Declared(Rule),
        Tracks = [.. Names(3).Select(name => new TrackSyntax(name, [.. Some(4, Stage)]))],
        Points = Maybe(() =>
            new PointsSyntax(RuleText.Alone("points"), [.. Some(3, () => new EarnSyntax(Text(), Maybe(Rule), Rule()))], Maybe(Duration))),
    };

    public JourneySyntax Journey() => new()
    {
        Name = Text(),
        Kind = Maybe(Text),
        Trigger = Written(RulePrinter.Print(_trees.Trigger())),
        Audience = Maybe(Rule),
        Exit = Maybe(Rule),
        Again = Maybe(() => Written(RulePrinter.Print(_trees.Again()))),
        Priority = Maybe(Text),
        Steps = [.. Some(5, Step)],
    };

    public SettingsSyntax Settings() => new(Text(), [.. Names(3).SelectMany(channel => Some(3, () => new Declared(channel, Cap())))])
    {
        Undeclared = Maybe(Text), Names = [.. Some(3, Text)],
    };

    private StageSyntax Stage() => new()
    {
        Name = Text(),
        Titles = Titles(),
        Group = Maybe(Text),
        Was = Maybe(Text),
        From = Coin() ? null : [.. Some(3, Text)],
        When = Maybe(Rule),
        Keep = Maybe(Rule),
        Confirm = Maybe(Duration),
        MinimumStay = Maybe(Duration),
        Benefits = [.. Some(3, Text)],
        Grace = Maybe(Duration),
    };

    private StepSyntax Step() => _random.Next(3) switch
    {
        0 => new SendSyntax(Text(), Text()),
        1 => new WaitSyntax(Duration()),
        _ => new EndSyntax(Text()),
    };

    private EquatableList<Titled> Titles() => [.. Names(3).Select(language => new Titled(language, Text()))];

    private EquatableList<Declared> Declared(Func<RuleText> content) => [.. Names(4).Select(name => new Declared(name, content()))];

    private RuleText Rule()
    {
        var rule = RulePrinter.Print(_trees.Expression());
        return Written(sloppy ? $"( {rule} )" : rule);
    }

    private RuleText Duration() => Written(RulePrinter.Print(new DurationLiteral(_random.Next(1, 1000) / 2m, (TimeUnit)_random.Next(5))));

    private RuleText Cap() => Written($"{_random.Next(1, 1000)} in {Duration().Text}");

    private RuleText Written(string rule) =>
        RuleText.Alone(sloppy ? new string(' ', _slop.Next(3)) + rule.Replace(", ", "  ,\n ", StringComparison.Ordinal) : rule);

    /// <summary>A text of the nasty kinds, or several stuck together.</summary>
    private RuleText Text() => RuleText.Alone(string.Concat(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Nasty[_random.Next(Nasty.Length)])));

    private IEnumerable<RuleText> Names(int most) => Some(most, Text).Distinct().ToList();

    private T? Maybe<T>(Func<T> draw) where T : class => Coin() ? draw() : null;

    private List<T> Some<T>(int most, Func<T> draw) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => draw())];

    private bool Coin() => _random.Next(2) == 0;
}
