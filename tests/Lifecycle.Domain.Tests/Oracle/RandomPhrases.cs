namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Values and conditions at random, of the types that are asked for.</summary>
/// <param name="metrics">Those that may be read by name; it grows while a model is made.</param>
public sealed class RandomPhrases(Dice dice, List<NamedMetric> metrics, bool hasPoints, bool tightly)
{
    public static readonly string[] Signs = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>For what moves with time: between two looks it would be equal for a millisecond that brute force does not see.</summary>
    private static readonly string[] Orders = ["<", "<=", ">", ">="];
    private readonly RandomAggregates _aggregates = new(dice, hasPoints);

    /// <summary>What a name is given to.</summary>
    public Phrase Metric() => tightly
        ? dice.OneIn(3) ? Since(_aggregates.SimpleTime()) : _aggregates.Simple()
        : dice.Below(10) switch
        {
            0 => Time(1),
            1 or 2 => Duration(2),
            3 => dice.OneIn(2) ? TextValue() : _aggregates.Date(),
            4 => dice.OneIn(2) ? Comparison(1) : _aggregates.All(),
            _ => Number(2),
        };

    public Phrase Filter(IReadOnlyList<string> events, int depth) => _aggregates.Filter(events, depth);

    /// <summary>What a points rule gives.</summary>
    public Phrase Earned(string @event, ModelTrack first)
    {
        Phrase trigger = @event == "played" ? new Property("score", "number", true) : dice.OneIn(4)
            ? new Property("items", "number", true)
            : new Property("revenue", "money", true);
        return dice.Below(6) switch
        {
            0 => Constants.Number(dice.Between(1, 30)),
            1 => new Arithmetic(trigger, '*', Constants.Number(dice.Pick(2, 10, 0.5m)), Kind.Number),
            2 => new OracleCall("floor", [new Arithmetic(trigger, '/', Constants.Number(3), Kind.Number)], Kind.Number),
            3 => new Arithmetic(trigger, '+', Constants.Number(1), Kind.Number),
            4 => new OracleCall("least", [trigger, Constants.Number(dice.Between(5, 60))], Kind.Number),
            _ => trigger,
        };
    }

    public Phrase Condition(string track, List<ModelStage> stages, List<ModelTrack> above, int depth) => dice.Below(depth > 0 ? 10 : 6) switch
    {
        0 when dice.OneIn(2) => InStage(track, stages, above),
        0 or 1 or 2 or 3 or 4 or 5 => tightly ? SimpleComparison() : Comparison(2),
        6 or 7 => new Joined(true, Some(track, stages, above, depth - 1)),
        8 => new Joined(false, Some(track, stages, above, depth - 1)),
        _ => new Not(Condition(track, stages, above, depth - 1)),
    };

    private List<Phrase> Some(string track, List<ModelStage> stages, List<ModelTrack> above, int depth) =>
        [.. Enumerable.Range(0, dice.OneIn(4) ? 3 : 2).Select(_ => Condition(track, stages, above, depth))];

    private Phrase InStage(string track, List<ModelStage> stages, List<ModelTrack> above)
    {
        var own = above.Count == 0 || dice.OneIn(3);
        var of = own ? stages : above[0].Stages;
        var group = of.Select(stage => stage.Group).OfType<string>().FirstOrDefault();
        var names = group is not null && dice.OneIn(2) ? [group] : of.Select(stage => stage.Name).Where(_ => dice.OneIn(2)).DefaultIfEmpty(of[0].Name).ToList();
        var sign = names.Count > 1 ? "in" : dice.Pick("==", "!=", "in");
        return new StageIs(own ? dice.OneIn(2) ? null : track : above[0].Name, sign, names);
    }

    private Compared SimpleComparison()
    {
        var left = dice.Below(8) switch
        {
            0 => new BuiltIn("age", Kind.Duration),
            1 => new BuiltIn("time_in_stage", Kind.Duration),
            2 => Since(_aggregates.SimpleTime()),
            3 or 4 when metrics.Count > 0 => new Named(dice.Pick(metrics)),
            _ => _aggregates.Simple(),
        };
        return new Compared(left, dice.Pick(left.Flows ? Orders : Signs), left.Kind == Kind.Duration ? Constants.Hours(dice.Below(200)) : Constants.Number(dice.Below(5)));
    }

    private Phrase Comparison(int depth) => dice.Below(24) switch
    {
        < 11 => CompareNumbers(depth),
        < 17 => CompareDurations(depth),
        17 => new Compared(TextValue(), dice.Pick("==", "!="), Constants.Text(dice.Pick("a", "b", "duel", "DE", "life_a", "life_b"))),
        18 => new OneOf(TextValue(), [Constants.Text("a"), Constants.Text("raid"), Constants.Text("CN")]),
        19 => Ordered(Time(1), Time(0)),
        20 => new Compared(DateValue(), dice.Pick(Signs), DateValue()),
        21 => dice.OneIn(2) ? _aggregates.Truth() : new Attribute("vip", "truth"),
        22 => new OracleCall("known", [dice.Pick<Func<Phrase>>(_aggregates.All, () => Number(1), () => Time(1), DateValue)()], Kind.Truth),
        _ => Reading(Kind.Truth) ?? new Compared(_aggregates.Truth(), dice.Pick("==", "!="), Constants.Truth(false)),
    };

    private Phrase CompareNumbers(int depth)
    {
        if (dice.OneIn(12)) return Steps();
        var left = Number(depth);
        if (dice.OneIn(10) && !left.Flows) return new OneOf(left, [Constants.Number(0), Constants.Number(1), Constants.Number(dice.Below(100))]);
        Phrase right = dice.Below(8) switch
        {
            0 => Number(0),
            1 => new Arithmetic(Constants.Number(dice.Pick(0.4m, 0.5m, 2)), '*', Number(0), Kind.Number),
            _ => Constants.Number(left is Aggregated { Aggregate.Function: "count" or "days" or "weeks" or "distinct" } ? dice.Below(6) : dice.Between(-20, 300)),
        };
        return Ordered(left, right);
    }

    /// <summary>How many whole days, or so, something has lasted.</summary>
    private Compared Steps()
    {
        var days = new Arithmetic(Flowing(), '/', Constants.Hours(dice.Between(6, 60)), Kind.Number);
        return new Compared(new OracleCall(dice.Pick("floor", "ceil", "round"), [days], Kind.Number), dice.Pick(Signs), Constants.Number(dice.Below(8)));
    }

    private Compared CompareDurations(int depth)
    {
        var left = Duration(depth);
        return Ordered(left, dice.OneIn(4) ? Duration(1) : Constants.Hours(dice.Below(200)));
    }

    /// <summary>Any comparison; where time moves a side, one that is not of equality, but for what is known to meet on the hour.</summary>
    private Compared Ordered(Phrase left, Phrase right)
    {
        var meetsOnTheHour = left is BuiltIn { Word: "age" } or OracleCall { Function: "since", Values: [Aggregated { Aggregate.Function: "first" or "last" }] }
            && right is Constant;
        return new Compared(left, dice.Pick((left.Flows || right.Flows) && !meetsOnTheHour ? Orders : Signs), right);
    }

    private Phrase Number(int depth)
    {
        var part = () => Number(depth - 1);
        return dice.Below(depth > 0 ? 22 : 10) switch
        {
            < 6 => _aggregates.Number(),
            6 or 7 => Reading(Kind.Number) ?? _aggregates.Number(),
            8 when hasPoints => dice.OneIn(2) ? new BuiltIn("points", Kind.Number) : new Expiring(dice.Between(1, 150)),
            8 or 9 => dice.OneIn(2) ? new Attribute("score", "number") : _aggregates.Number(),
            10 or 11 => new Arithmetic(part(), dice.Pick('+', '-'), part(), Kind.Number),
            12 => Product(part(), part()),
            13 => Quotient(part(), part()),
            14 => new Minus(part()),
            15 => new OracleCall(dice.Pick("floor", "ceil", "round", "abs"), [Still(part)], Kind.Number),
            16 => new OracleCall(dice.Pick("least", "greatest"), [part(), part(), .. dice.OneIn(3) ? [part()] : Array.Empty<Phrase>()], Kind.Number),
            17 => new OracleCall(dice.Pick("percent_change", "mod"), [Still(part), Still(part)], Kind.Number),
            18 => new OracleCall("default", [part(), dice.OneIn(2) ? Constants.Number(dice.Below(5)) : part()], Kind.Number),
            19 => Quotient(Duration(depth - 1), dice.OneIn(2) ? Constants.Hours(dice.Between(2, 60)) : Duration(0)),
            20 => new Arithmetic(part(), '*', Constants.Number(dice.Pick(0.4m, 3, 0.333m)), Kind.Number),
            _ => Constants.Number(dice.Below(10)),
        };
    }

    private Phrase Duration(int depth)
    {
        var part = () => Duration(depth - 1);
        return dice.Below(depth > 0 ? 18 : 10) switch
        {
            < 3 => Flowing(),
            3 or 4 => Since(Time(0)),
            5 => _aggregates.Duration(),
            6 => Reading(Kind.Duration) ?? Flowing(),
            7 => new OracleCall("default", [Since(_aggregates.Time()), new BuiltIn("age", Kind.Duration)], Kind.Duration),
            8 => dice.OneIn(2) ? new Attribute("patience", "duration") : _aggregates.Duration(),
            9 => Constants.Hours(dice.Between(1, 100)),
            10 or 11 => new Arithmetic(part(), dice.Pick('+', '-'), dice.OneIn(2) ? Constants.Hours(dice.Between(1, 50)) : part(), Kind.Duration),
            12 => new Arithmetic(part(), dice.Pick('*', '/'), Constants.Number(dice.Pick(2, 0.5m, 3, 0.37m)), Kind.Duration),
            13 => Product(part(), Number(depth - 1)),
            14 => Quotient(part(), Number(depth - 1)),
            15 => new OracleCall(dice.Pick("least", "greatest"), [part(), part()], Kind.Duration),
            16 => new Arithmetic(Time(depth - 1), '-', Time(0), Kind.Duration),
            _ => new Minus(part()),
        };
    }

    private Phrase Flowing() => dice.OneIn(2) ? Since(_aggregates.Time()) : new BuiltIn(dice.Pick("age", "time_in_stage"), Kind.Duration);

    private Phrase Time(int depth) => dice.Below(depth > 0 ? 7 : 5) switch
    {
        0 => hasPoints && dice.OneIn(2) ? new BuiltIn("points.next_expiry", Kind.Time) : new Attribute("renewal_at", "time"),
        1 => Reading(Kind.Time) ?? _aggregates.Time(),
        5 => new Arithmetic(Time(0), dice.Pick('+', '-'), dice.OneIn(2) ? Constants.Hours(dice.Between(1, 60)) : Duration(0), Kind.Time),
        6 => new OracleCall(dice.Pick("least", "greatest", "default"), [Time(0), Time(0)], Kind.Time),
        _ => _aggregates.Time(),
    };

    private Phrase DateValue() => dice.OneIn(2) ? new Attribute("birthday", "date") : Reading(Kind.Date) ?? _aggregates.Date();

    private Phrase TextValue() => dice.OneIn(3) ? new Attribute("country", "text") : Reading(Kind.Text) ?? _aggregates.Text();

    private Phrase? Reading(Kind kind)
    {
        var fitting = metrics.Where(metric => metric.Meaning.Kind == kind).ToList();
        return fitting.Count > 0 ? new Named(dice.Pick(fitting)) : null;
    }

    private static OracleCall Since(Phrase time) => new("since", [time], Kind.Duration);

    /// <summary>Of two parts that both pass with time nobody could say when their product reaches anything.</summary>
    private static Phrase Product(Phrase left, Phrase right) =>
        left.Flows && right.Flows ? left : new Arithmetic(left, '*', right, left.Kind == Kind.Duration ? Kind.Duration : right.Kind);

    private static Phrase Quotient(Phrase left, Phrase right) =>
        right.Flows ? left.Kind == Kind.Duration && right.Kind == Kind.Duration ? new Arithmetic(left, '/', Constants.Hours(24), Kind.Number) : left
        : new Arithmetic(left, '/', right, left.Kind == right.Kind ? Kind.Number : left.Kind);

    /// <summary>One that does not pass with time.</summary>
    private Phrase Still(Func<Phrase> draw)
    {
        for (var i = 0; i < 10; i++)
            if (draw() is { Flows: false } still) return still;
        return _aggregates.Number();
    }
}
