namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Aggregates and filters at random.</summary>
public sealed class RandomAggregates(Dice dice, bool hasPoints)
{
    private static readonly string[] OnEvents = ["count", "count", "days", "weeks"];
    private static readonly string[] OnNumbers = ["sum", "sum", "avg", "median", "min", "max", "distinct", "latest"];

    private static readonly string[] Periods = ["week", "month", "quarter", "year", "last week", "last week", "last month", "last quarter"];

    /// <summary>What reads a property as a number where no contract says what it is.</summary>
    private static readonly string[] Undeclared = ["sum", "avg", "min", "max", "median"];

    /// <summary>An aggregate whose value is a number.</summary>
    public Phrase Number()
    {
        if (hasPoints && dice.OneIn(6)) return OverPoints();
        if (dice.OneIn(8)) return Aggregate("distinct", ["order_completed"], dice.Pick(("sku", "text"), ("due", "date"), ("gift", "truth"), ("ready_at", "time")));
        return dice.OneIn(2)
            ? Aggregate(dice.Pick(OnEvents), Events(), null)
            : OfNumber(dice.Pick(OnNumbers));
    }

    public Phrase Time() => dice.OneIn(4)
        ? Aggregate(dice.Pick("min", "max", "latest"), ["order_completed"], ("ready_at", "time"))
        : Aggregate(dice.Pick("last", "last", "first"), Events(), null);

    public Phrase Duration() => dice.OneIn(2)
        ? Aggregate("typical_gap", [dice.Pick("order_completed", "played")], null, ModelWindow.Always, mayFilter: false)
        : Aggregate(dice.Pick("min", "max", "latest"), ["order_completed"], ("lasted", "duration"));

    public Phrase Date() => Aggregate(dice.Pick("min", "max", "latest"), ["order_completed"], ("due", "date"));

    public Phrase Text() => dice.Below(4) switch
    {
        0 => Aggregate("latest", ["stage_changed"], (dice.Pick("to", "from"), "text")),
        1 or 2 => Aggregate("latest", ["order_completed", "order_refunded"], ("sku", "text")),
        _ => Aggregate("latest", ["played"], ("mode", "text")),
    };

    public Phrase Truth() => Aggregate("latest", ["order_completed"], ("gift", "truth"));

    public Phrase All() => Aggregate("all", ["order_completed"], dice.Pick(("sku", "text"), ("items", "number"), ("due", "date")));

    /// <summary>A count of events or days, as most rules have them.</summary>
    public Phrase Simple() => Aggregate(dice.Pick("count", "days"), Events(), null);

    /// <summary>The time of the first or the last of some events.</summary>
    public Phrase SimpleTime() => Aggregate(dice.Pick("last", "last", "first"), Events(), null);

    /// <summary>A condition on one event.</summary>
    public Phrase Filter(IReadOnlyList<string> events, int depth)
    {
        if (depth > 0 && dice.OneIn(3))
            return dice.OneIn(4)
                ? new Not(Filter(events, depth - 1))
                : new Joined(dice.OneIn(2), [Filter(events, depth - 1), Filter(events, depth - 1)]);
        if (events.Count == 0) return Compare(new Property("revenue", "number", false), dice.Between(0, 150)); // What `any` has is not declared.
        return events[0] switch
        {
            "order_completed" when events.Count == 1 => OrderFilter(),
            "order_completed" or "order_refunded" => dice.OneIn(2) ? Compare(Revenue, dice.Between(-50, 150)) : IsText("sku", "a", "b", "7"),
            "played" => dice.OneIn(2) ? Compare(new Property("score", "number", false), dice.Between(-5, 50)) : IsText("mode", "duel", "raid"),
            "page_viewed" => dice.Pick<Func<Phrase>>(() => IsText("path", "x", "y"), () => Compare(new Property("page.depth", "number", false), dice.Below(5)),
                () => Compare(new Property("seconds", "number", false), dice.Below(60)))(),
            "stage_changed" => dice.OneIn(2) ? IsText("to", "life_a", "life_b", "tier_b") : IsText("track", "life", "tier"),
            "benefit_granted" => IsText("benefit", "gold_mount", "skip_queue"),
            "points_earned" => Compare(new Property("points", "number", false), dice.Between(-20, 50)),
            _ => throw new InvalidOperationException(events[0]),
        };
    }

    private static Property Revenue => new("revenue", "money", false);

    private Phrase OrderFilter()
    {
        var items = new Property("items", "number", false);
        return dice.Below(11) switch
        {
            0 or 1 or 2 => Compare(Revenue, dice.Between(0, 150)),
            3 => IsText("sku", "a", "b", "7"),
            4 => new Property("gift", "truth", false),
            5 => new Compared(new Property("gift", "truth", false), dice.Pick("==", "!="), Constants.Truth(true)),
            6 => new OracleCall("known", [dice.Pick<Phrase>(items, Revenue)], Kind.Truth),
            7 => Compare(new Arithmetic(Revenue, dice.Pick('*', '/', '+', '-'), items, Kind.Number), dice.Between(0, 200)),
            8 => Compare(new OracleCall("default", [items, Constants.Number(dice.Below(4))], Kind.Number), dice.Below(5)),
            9 => new Compared(new BuiltIn("event.occurred_at", Kind.Time), dice.Pick(RandomPhrases.Signs), new Property("ready_at", "time", false)),
            _ => new Compared(new Property("lasted", "duration", false), dice.Pick(RandomPhrases.Signs), Constants.Hours(dice.Between(1, 72))),
        };
    }

    private Phrase Compare(Phrase number, int constant) => dice.OneIn(8)
        ? new OneOf(number, [Constants.Number(constant), Constants.Number(constant + 1), Constants.Number(2)])
        : new Compared(number, dice.Pick(RandomPhrases.Signs), Constants.Number(constant));

    private Phrase IsText(string path, params string[] texts) => dice.OneIn(2)
        ? new Compared(new Property(path, "text", false), dice.Pick("==", "!="), Constants.Text(dice.Pick(texts)))
        : new OneOf(new Property(path, "text", false), [.. texts.Take(2).Select(Constants.Text)]);

    private Aggregated OfNumber(string function) => dice.Below(9) switch
    {
        0 => Aggregate(function, ["played"], ("score", "number")),
        1 => Aggregate(function, ["order_completed"], ("items", "number")),
        2 => Aggregate(dice.Pick(Undeclared), ["page_viewed"], ("seconds", "number")),
        3 => Aggregate(dice.Pick(Undeclared), ["page_viewed"], ("page.depth", "number")),
        4 => Aggregate("sum", [], ("revenue", "number")),
        5 or 6 => Aggregate(function, ["order_completed", "order_refunded"], ("revenue", "money")),
        _ => Aggregate(function, ["order_completed"], ("revenue", "money")),
    };

    private Aggregated OverPoints() => dice.OneIn(3)
        ? Aggregate(dice.Pick(OnEvents), [dice.Pick("points_earned", "points_expired")], null, mayFilter: false)
        : Aggregate(dice.Pick("sum", "sum", "max", "avg", "latest"), ["points_earned"], ("points", "number"));

    private List<string> Events() => dice.Below(18) switch
    {
        16 => ["stage_changed"],
        17 => ["benefit_granted"],
        var drawn => Touchpoints(drawn % 8),
    };

    private static List<string> Touchpoints(int drawn) => drawn switch
    {
        0 => [],
        1 => ["order_completed", "order_refunded"],
        2 => ["page_viewed"],
        3 or 4 => ["played"],
        _ => ["order_completed"],
    };

    private Aggregated Aggregate(string function, IReadOnlyList<string> events, (string Name, string Type)? property, ModelWindow? window = null,
        bool mayFilter = true) => new(new ModelAggregate
    {
        Function = function,
        Events = events,
        Property = property?.Name,
        PropertyType = property?.Type ?? "",
        Window = window ?? Window(),
        Where = mayFilter && !events.Contains("points_expired") && dice.OneIn(4) ? Filter(events, 1) : null,
    });

    private ModelWindow Window() => dice.Below(12) switch
    {
        0 or 1 or 2 => ModelWindow.Always,
        3 or 4 or 5 or 6 => new ModelWindow("in", dice.OneIn(4) ? dice.Pick(24, 48, 7 * 24, 14 * 24) : dice.Between(1, 250)),
        7 => dice.Between(1, 72) is var to ? new ModelWindow("from", to + dice.Between(1, 200), to) : ModelWindow.Always,
        8 => new ModelWindow("calendar", dice.Between(1, 9)),
        9 => dice.OneIn(2) ? new ModelWindow("today") : new ModelWindow("first", dice.Between(1, 250)),
        10 => dice.Below(10) is var period && period < 2 ? new ModelWindow("months", period + 1) : new ModelWindow(Periods[period - 2]),
        _ => new ModelWindow("stage"),
    };
}
