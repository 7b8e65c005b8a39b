using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.Values;
using Lifecycle.Rules.Syntax;
using NodaTime;

namespace Lifecycle.Rules.Tests;

/// <summary>Draws trees from the whole grammar. One seed gives one tree.</summary>
internal sealed class RandomTree(int seed)
{
    private static readonly string[] Names = ["purchases", "idle", "spend_30d", "count", "last", "today", "from", "days", "天数", "_x", "points", "any", "to"];
    private static readonly string[] Words = ["revenue", "where", "or", "sku", "第一", "with space", "it's", "", "2nd", "in"];
    private static readonly string[] Texts = ["", "CN", "it's", "\"quoted\"", "full（width）", "a\nb", "where", "100"];

    private readonly Random _random = new(seed);

    public Expression Expression() => Expression(_random.Next(0, 6));

    public TriggerSyntax Trigger() => _random.Next(7) switch
    {
        0 => new StageTrigger(Coin(), Path()),
        1 => new EventTrigger(Event(), Coin() ? Expression(2) : null),
        2 => new AroundTrigger(Duration(), Coin(), Path()),
        3 => new DailyTrigger(Coin() ? null : (IsoDayOfWeek)_random.Next(1, 8), new LocalTime(_random.Next(24), _random.Next(60))),
        4 => new BirthdayTrigger(Path()),
        5 => new YearlyTrigger(new AnnualDate(2, _random.Next(1, 30))),
        _ => new OnceTrigger(new LocalDateTime(_random.Next(1970, 9999), _random.Next(1, 13), _random.Next(1, 29), _random.Next(24), _random.Next(60))),
    };

    public AgainSyntax Again() => _random.Next(5) switch
    {
        0 => new AgainNever(),
        1 => new AgainAlways(),
        2 => new AgainAfter(Duration()),
        3 => new AgainOneAtATime(null),
        _ => new AgainOneAtATime(Path()),
    };

    private Expression Expression(int depth) => _random.Next(depth <= 0 ? 6 : 15) switch
    {
        0 => new NumberLiteral(Number()),
        1 => new PercentLiteral(Number()),
        2 => new TextLiteral(Pick(Texts)),
        3 => new TruthLiteral(Coin()),
        4 => Duration(),
        5 => Path(),
        6 => new CallExpression(Pick(["since", "default", "known", "top", "quantile", "mod", "points.expiring"]), Several(0, 3, () => Expression(depth - 1))),
        7 => new NegateExpression(Expression(depth - 1)),
        8 or 9 => new ArithmeticExpression((ArithmeticOperation)_random.Next(4), Expression(depth - 1), Expression(depth - 1)),
        10 => new CompareExpression((Comparison)_random.Next(6), Expression(depth - 1), Expression(depth - 1)),
        11 => new MembershipExpression(Expression(depth - 1), Several(1, 4, Constant)),
        12 => new NotExpression(Expression(depth - 1)),
        13 => Coin() ? new AndExpression(Several(2, 4, () => Expression(depth - 1))) : new OrExpression(Several(2, 4, () => Expression(depth - 1))),
        _ => new AggregateExpression((AggregateKind)_random.Next(13), Events(), Several(0, 3, () => Coin() ? Pick(Names) : Pick(Words)),
            Window(), Coin() ? Expression(depth - 1) : null),
    };

    private Expression Constant() => _random.Next(5) switch
    {
        0 => new NumberLiteral(Coin() ? -Number() : Number()),
        1 => Duration() with { Count = Coin() ? -Number() : Number() },
        2 => new PercentLiteral(Number()),
        3 => new TextLiteral(Pick(Texts)),
        _ => new PathExpression([Pick(Names)]),
    };

    private WindowSyntax? Window() => _random.Next(10) switch
    {
        0 => new SlidingWindow(Duration()),
        1 => new PastWindow(Duration(), Duration()),
        2 => new CalendarDaysWindow(_random.Next(1, 400)),
        3 => new CalendarWindow((CalendarPeriod)_random.Next(5)),
        4 => new StayWindow((StayScope)_random.Next(2)),
        5 => new CalendarMonthsWindow(_random.Next(1, 200)),
        6 => new LastPeriodWindow((CalendarPeriod)_random.Next(1, 5)),
        7 => new FirstWindow(Duration()),
        _ => null,
    };

    private EventChoice Events() => _random.Next(4) switch
    {
        0 => new EventChoice([]),
        1 => new EventChoice(Several(2, 4, Event)),
        _ => new EventChoice([Event()]),
    };

    private NamedEvent Event() => new(Coin() ? Pick(Names) : Pick(Words));

    private PathExpression Path() => new([Pick(Names), .. Several(0, 3, () => Coin() ? Pick(Names) : Pick(Words))]);

    private DurationLiteral Duration() => new(Number(), (TimeUnit)_random.Next(5));

    private decimal Number() => _random.Next(3) switch
    {
        0 => _random.Next(4),
        1 => _random.Next(100_000) / 100m,
        _ => decimal.MaxValue / _random.Next(1, 50),
    };

    private bool Coin() => _random.Next(2) == 0;

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private EquatableList<T> Several<T>(int least, int most, Func<T> draw) =>
        EquatableLists.Of<T>(Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => draw()).ToArray());
}
