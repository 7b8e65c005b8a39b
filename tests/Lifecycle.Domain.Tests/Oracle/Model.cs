using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>A definition as the oracle sees it. Durations are whole hours, so that brute force can look at every hour there is, or, where days begin between them, at
/// every quarter.</summary>
/// <param name="Start">When its histories begin.</param>
public sealed record Model(string Zone, Instant Start, IReadOnlyList<NamedMetric> Metrics, IReadOnlyList<ModelTrack> Tracks, ModelPoints? Points)
{
    public const string Currency = "EUR";

    public int LooksPerHour => IsWholeHours(Start) && IsWholeHours(Start + Duration.FromHours(RandomModel.Hours)) ? 1 : 4;

    private bool IsWholeHours(Instant at) => DateTimeZoneProviders.Tzdb[Zone].GetUtcOffset(at).Seconds % 3600 == 0;

    /// <summary>Every condition with the track in which it stands.</summary>
    public IEnumerable<(Phrase Condition, ModelTrack Track)> Conditions =>
        Tracks.SelectMany(track => track.Stages.SelectMany(stage => new[] { stage.When, stage.Keep }).OfType<Phrase>().Select(phrase => (phrase, track)));

    /// <summary>Everything it says, phrases within phrases included.</summary>
    public IEnumerable<Phrase> Everything() =>
        Metrics.Select(metric => metric.Meaning)
            .Concat(Conditions.Select(each => each.Condition))
            .Concat((Points?.Earn ?? []).SelectMany(rule => new[] { rule.Where, rule.Points }).OfType<Phrase>())
            .SelectMany(Within);

    public static IEnumerable<Phrase> Within(Phrase phrase) => phrase.Parts.SelectMany(Within).Prepend(phrase);
}

public sealed record NamedMetric(string Name, Phrase Meaning);

/// <summary>An aggregate. Each is an object of its own, so that what it measures can be remembered by it.</summary>
public sealed class ModelAggregate
{
    public required string Function { get; init; }

    /// <summary>Empty for <c>any</c>.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>The property it reads and its type, declared or read off its use; null for those that read none.</summary>
    public string? Property { get; init; }
    public string PropertyType { get; init; } = "";
    public ModelWindow Window { get; init; } = ModelWindow.Always;
    public Phrase? Where { get; init; }

    /// <summary>It is over what the engine decided, not over what the customer did.</summary>
    public bool IsOverFacts => Events.Count > 0 && Events.All(ModelFacts.Names.Contains);

    public Kind Kind => Function switch
    {
        "first" or "last" => Kind.Time,
        "typical_gap" => Kind.Duration,
        "all" => Kind.List,
        "min" or "max" or "latest" => Readings.KindOf(PropertyType),
        _ => Kind.Number,
    };
}

/// <param name="Form"><c>always</c>, <c>in</c>, <c>from</c>, <c>first</c>, <c>calendar</c>, <c>months</c>, <c>today</c>, <c>week</c>, <c>month</c>, <c>quarter</c>,
/// <c>year</c>, <c>last week</c> and its like, <c>stage</c>.</param>
/// <param name="From">Hours, or days or months of the calendar.</param>
/// <param name="To">Hours before the clock at which the window ends.</param>
public sealed record ModelWindow(string Form, int From = 0, int To = 0)
{
    public static readonly ModelWindow Always = new("always");
}

public sealed record ModelTrack(string Name, IReadOnlyList<ModelStage> Stages);

public sealed record ModelStage(string Name)
{
    public string? Group { get; init; }

    /// <summary>Names of stages and groups; null where any other may come before.</summary>
    public IReadOnlyList<string>? From { get; init; }
    public Phrase? When { get; init; }
    public Phrase? Keep { get; init; }
    public int Confirm { get; init; }
    public int MinimumStay { get; init; }
    public IReadOnlyList<string> Benefits { get; init; } = [];
    public int Grace { get; init; }
}

/// <param name="Expire">Hours after which what was earned is gone; null for never.</param>
public sealed record ModelPoints(IReadOnlyList<Earning> Earn, int? Expire);

public sealed record Earning(string Event, Phrase? Where, Phrase Points);

/// <param name="Number">Its place in the order of arrival; of events at one instant the greater counts as the later.</param>
/// <param name="Arrives">When it is recorded: its clock.</param>
/// <param name="Occurred">At that instant or before; before, it is late.</param>
/// <param name="Name"><see cref="Profile"/> for what is said of the customer, <see cref="Cuts"/> for the <c>least</c> value among the top and those
/// that part the <c>tiles</c>.</param>
/// <param name="Properties">Texts, decimals, truths, null, or such a list again; as they will stand in JSON.</param>
public sealed record ModelEvent(int Number, Instant Arrives, Instant Occurred, string Name, IReadOnlyList<(string Name, object? Value)> Properties)
{
    public const string Profile = "(profile)", Cuts = "(cuts)";

    /// <summary>Part of a file that was imported when the customer was already in the present.</summary>
    public bool Imported { get; init; }

    /// <summary>The value at a path whose names are parted by points; <see cref="Absent"/> if there is none.</summary>
    public object? Find(string path)
    {
        object? found = Properties;
        foreach (var name in path.Split('.'))
        {
            if (found is not IReadOnlyList<(string Name, object? Value)> members) return Absent;
            var index = members.ToList().FindIndex(member => member.Name == name);
            if (index < 0) return Absent;
            found = members[index].Value;
        }
        return found;
    }

    public static readonly object Absent = new();
}

/// <summary>What the engine should have decided, at the millisecond it should have done so.</summary>
/// <param name="Said">The fact in words: <c>stage_changed life a b time</c>.</param>
public sealed record ModelFact(Instant Clock, string Said);

public static class ModelFacts
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>
    {
        "stage_changed", "stage_conflict", "points_earned", "points_expired", "benefit_granted", "benefit_revoked",
    };
}
