namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>From where a phrase is looked at.</summary>
/// <param name="Track">The track in which it stands; null within a <c>where</c>.</param>
/// <param name="Event">The event that a <c>where</c> looks at.</param>
/// <param name="Trigger">The event that a points rule is about.</param>
public readonly record struct Look(long Now, ModelTrack? Track, ModelEvent? Event, ModelEvent? Trigger);

/// <summary>What a phrase may ask of the customer beside their events.</summary>
public interface IWhereabouts
{
    /// <summary>The stage, since when, and how many things had been heard of them by then; null before the track has begun.</summary>
    (ModelStage Stage, long Since, int Input)? In(ModelTrack track);
    decimal Points { get; }
    long? NextExpiry(long now);
    decimal Expiring(long now, long within);
}

/// <summary>Reckons phrases by the text of the language, one after the other, nothing remembered but aggregates within one look.</summary>
public sealed class Reckoner(Model model, Memory? memory, IWhereabouts whereabouts, NodaTime.DateTimeZone zone)
{
    // A hundred million years of 365 days; the years 1 and 9999; and beyond 10^27 a decimal has hardly a digit for parts of a whole.
    private const decimal LongestDuration = 36_500_000_000m * 86_400_000, FirstTime = -62_135_596_800_000, LastTime = 253_370_764_800_000, WithPartsMax = 1e27m;

    private readonly Dictionary<ModelAggregate, Measured> _measured = new(ReferenceEqualityComparer.Instance);
    private long _measuredAt = long.MinValue;

    public Memory Memory { get; } = memory ?? new Memory(model, zone);

    /// <summary>Something was heard or decided: what was measured before is worth nothing.</summary>
    public void Forget() => _measured.Clear();

    public Measured Reckon(Phrase phrase, in Look look) => phrase switch
    {
        Constant constant => constant.Value,
        Named named => Reckon(named.Metric.Meaning, look with { Track = model.Tracks.Count > 0 ? model.Tracks[0] : null }),
        Aggregated aggregated => Measure(aggregated.Aggregate, look),
        Attribute attribute => Memory.Attribute(attribute.Name, attribute.Type),
        BuiltIn builtIn => BuiltInValue(builtIn.Word, look),
        Expiring expiring => Measured.Of(whereabouts.Expiring(look.Now, expiring.Hours * 3_600_000L)),
        Property property => Readings.Read((property.OfTrigger ? look.Trigger : look.Event)!, property.Path, property.Type, zone),
        OracleCall call => Called(call, look),
        Arithmetic arithmetic => Combined(arithmetic, Reckon(arithmetic.Left, look), Reckon(arithmetic.Right, look)),
        Minus minus => Reckon(minus.Part, look) is { IsMissing: false } value ? value with { Amount = -value.Amount } : Measured.Missing,
        Compared compared => Measured.Of(Holds(Reckon(compared.Left, look), compared.Sign, Reckon(compared.Right, look))),
        OneOf oneOf => IsOneOf(oneOf, Reckon(oneOf.Value, look)),
        StageIs stageIs => Measured.Of(IsInStage(stageIs, look)),
        Top top => Measured.Of(Reckon(top.Metric.Meaning, look) is { IsMissing: false } value && Nine(value.Amount) >= Memory.Cut),
        Quantile quantile => Tile(Reckon(quantile.Metric.Meaning, look)),
        Joined joined => IsJoined(joined, look),
        Not not => Measured.Of(!Reckon(not.Part, look).IsTrue),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Appends the truth of every comparison there is in a condition, whichever of them decide it.</summary>
    public void Signature(Phrase phrase, in Look look, List<bool> truths)
    {
        switch (phrase)
        {
            case Joined or Not:
                foreach (var part in phrase.Parts) Signature(part, look, truths);
                break;
            case Named named when named.Kind == Kind.Truth:
                Signature(named.Metric.Meaning, look with { Track = model.Tracks[0] }, truths);
                break;
            case Compared { Left.Kind: Kind.Truth } compared:
                Signature(compared.Left, look, truths);
                Signature(compared.Right, look, truths);
                truths.Add(Reckon(compared, look).IsTrue); // A truth that is missing is neither.
                break;
            default:
                truths.Add(Reckon(phrase, look).IsTrue);
                break;
        }
    }

    /// <summary>Customers are compared by nine decimals.</summary>
    private static decimal Nine(decimal amount) => Math.Round(amount, 9);

    private Measured Tile(Measured value) => value.IsMissing || Memory.Tiles.Count == 0
        ? Measured.Missing
        : Measured.Of(1 + Memory.Tiles.Count(point => point < Nine(value.Amount)));

    private Measured IsJoined(Joined joined, in Look look)
    {
        foreach (var part in joined.Conditions)
            if (Reckon(part, look).IsTrue != joined.All) return Measured.Of(!joined.All);
        return Measured.Of(joined.All);
    }

    private static Measured IsOneOf(OneOf oneOf, Measured value)
    {
        foreach (var constant in oneOf.List)
            if (Holds(value, "==", constant.Value)) return Measured.Of(true);
        return Measured.Of(false);
    }

    private Measured Measure(ModelAggregate aggregate, in Look look)
    {
        var (since, input) = look.Track is not null && whereabouts.In(look.Track) is { } place ? (place.Since, place.Input) : (long.MaxValue, 0);
        if (aggregate.Window.Form == "stage") return Memory.Measure(aggregate, look.Now, since, input);
        if (look.Now != _measuredAt) _measured.Clear();
        _measuredAt = look.Now;
        if (!_measured.TryGetValue(aggregate, out var value)) _measured[aggregate] = value = Memory.Measure(aggregate, look.Now, since, input);
        return value;
    }

    private Measured BuiltInValue(string word, in Look look) => word switch
    {
        "age" => Memory.IsEmpty ? Measured.Missing : new Measured(Kind.Duration, look.Now - Memory.FirstSeen),
        "time_in_stage" => whereabouts.In(look.Track!) is { } place ? new Measured(Kind.Duration, look.Now - place.Since) : Measured.Missing,
        "points" => Measured.Of(whereabouts.Points),
        "points.next_expiry" => whereabouts.NextExpiry(look.Now) is { } next ? new Measured(Kind.Time, next) : Measured.Missing,
        "event.occurred_at" => new Measured(Kind.Time, look.Event!.Occurred.ToUnixTimeMilliseconds()),
        _ => throw new InvalidOperationException(word),
    };

    private bool IsInStage(StageIs stageIs, in Look look)
    {
        var (name, track) = (stageIs.Track, look.Track);
        if (name is not null) track = model.Tracks.First(other => other.Name == name);
        if (whereabouts.In(track!) is not { } place) return false;
        var isOne = stageIs.Names.Contains(place.Stage.Name) || (place.Stage.Group is { } group && stageIs.Names.Contains(group));
        return isOne != (stageIs.Sign == "!=");
    }

    private Measured Called(OracleCall call, in Look look)
    {
        var values = new Measured[call.Values.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Reckon(call.Values[i], look);
        var first = values[0];
        return call.Function switch
        {
            "default" => first.IsMissing ? values[1] : first,
            "known" => Measured.Of(!first.IsMissing && (first.Kind != Kind.List || first.Amount > 0)),
            _ when values.Any(value => value.IsMissing) => Measured.Missing,
            "since" => new Measured(Kind.Duration, look.Now - first.Amount),
            "floor" => first with { Amount = Math.Floor(first.Amount) },
            "ceil" => first with { Amount = Math.Ceiling(first.Amount) },
            "round" => Math.Abs(first.Amount) > WithPartsMax ? first : first with { Amount = Math.Sign(first.Amount) * Math.Floor(Math.Abs(first.Amount) + 0.5m) },
            "abs" => first with { Amount = Math.Abs(first.Amount) },
            "least" => values.MinBy(value => value.Amount),
            "greatest" => values.MaxBy(value => value.Amount),
            "mod" => values[1].Amount == 0 ? Measured.Missing
                : Computed(Kind.Number, () => Rest(first.Amount, values[1].Amount)),
            "percent_change" => first.Amount == 0 ? Measured.Missing : Computed(Kind.Number, () => (values[1].Amount - first.Amount) / Math.Abs(first.Amount) * 100),
            _ => throw new InvalidOperationException(call.Function),
        };
    }

    /// <summary>The rest has the sign of the divisor. Where it has that already nothing is added, for each addition may round a digit away.</summary>
    private static decimal Rest(decimal number, decimal divisor) =>
        number % divisor is var rest && Math.Sign(rest) == -Math.Sign(divisor) ? rest + divisor : rest;

    private static Measured Combined(Arithmetic arithmetic, Measured left, Measured right)
    {
        if (left.IsMissing || right.IsMissing) return Measured.Missing;
        if (arithmetic.Sign == '/' && right.Amount == 0) return Measured.Missing;
        var result = Computed(arithmetic.Is, () => arithmetic.Sign switch
        {
            '+' => left.Amount + right.Amount,
            '-' => left.Amount - right.Amount,
            '*' => left.Amount * right.Amount,
            _ => left.Amount / right.Amount,
        });
        return result.Kind switch
        {
            Kind.Duration when Math.Abs(result.Amount) > LongestDuration => Measured.Missing,
            Kind.Time when result.Amount <= FirstTime || result.Amount >= LastTime => Measured.Missing,
            Kind.Time => result with { Amount = Math.Floor(result.Amount) }, // A time is a whole millisecond.
            _ => result,
        };
    }

    /// <summary>What a decimal has no room for is missing.</summary>
    private static Measured Computed(Kind kind, Func<decimal> compute)
    {
        try
        {
            return new Measured(kind, compute());
        }
        catch (OverflowException)
        {
            return Measured.Missing;
        }
    }

    private static bool Holds(Measured left, string sign, Measured right)
    {
        if (left.IsMissing || right.IsMissing) return false;
        if (left.Kind == Kind.Text) return (left.Text == right.Text) == (sign == "==");
        return sign switch
        {
            "==" => left.Amount == right.Amount,
            "!=" => left.Amount != right.Amount,
            "<" => left.Amount < right.Amount,
            "<=" => left.Amount <= right.Amount,
            ">" => left.Amount > right.Amount,
            _ => left.Amount >= right.Amount,
        };
    }
}
