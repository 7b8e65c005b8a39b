using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Stages by brute force: looks at the customer at every hour and the few milliseconds after it, computing each metric from the list of events.</summary>
/// <remarks>Shares no code with the engine. All times of a model are whole hours after one start, so conditions can flip on an hour, a millisecond
/// after it (strict comparisons), and a millisecond after that for what hangs on such a flip.</remarks>
public sealed class BruteForce(Model model, DateTimeZone zone)
{
    private const int LooksPerHour = 6;
    private readonly List<ModelEvent> _known = [];
    private readonly Dictionary<int, decimal?> _measured = [];
    private Instant _measuredAt;
    private readonly Dictionary<string, Place> _places = [];
    private readonly List<ModelMove> _moves = [];

    private sealed class Place
    {
        public required string Stage;
        public required Instant Since;
        public readonly Dictionary<string, Instant> Held = [];
        public readonly HashSet<string> EnteredNow = [];
        public bool Conflicted;
    }

    public IReadOnlyList<ModelMove> Run(IReadOnlyList<ModelEvent> events, Instant start, int hours)
    {
        var next = 0;
        for (var look = 0; look <= hours * LooksPerHour; look++)
        {
            var now = start + Duration.FromHours(look / LooksPerHour) + Duration.FromMilliseconds(look % LooksPerHour);
            JudgeAll(now, "time");
            for (; next < events.Count && events[next].Arrives <= now; next++)
            {
                _known.Add(events[next]);
                _measured.Clear();
                foreach (var place in _places.Values) place.Conflicted = false;
                JudgeAll(now, "event");
            }
        }
        return _moves;
    }

    /// <summary>A metric from the list of events alone; hours for durations, null for missing.</summary>
    public static decimal? Measure(ModelMetric metric, IReadOnlyList<ModelEvent> events, Instant now, DateTimeZone zone)
    {
        var held = new List<ModelEvent>();
        foreach (var e in events)
            if (e.Name == metric.Event && (metric.AtLeast is not { } least || e.Amount >= least)
                && (metric.From is not { } from || (e.Occurred > now - Duration.FromHours(from) && e.Occurred <= now - Duration.FromHours(metric.To))))
                held.Add(e);
        return metric.Kind switch
        {
            "count" => held.Count,
            "sum" => held.Sum(e => e.Amount ?? 0),
            "days" => held.Select(e => e.Occurred.InZone(zone).Date).Distinct().Count(),
            "idle" => Milliseconds(now, held.Count > 0 ? held.Max(e => e.Occurred) : events.Min(e => e.Occurred)),
            "known_for" => held.Count > 0 ? Milliseconds(now, held.Min(e => e.Occurred)) : null,
            "latest" => held.Where(e => e.Amount is not null).OrderBy(e => e.Occurred).ThenBy(e => e.Number).LastOrDefault()?.Amount,
            _ => throw new InvalidOperationException(metric.Kind),
        };
    }

    private static decimal Milliseconds(Instant later, Instant earlier) => (decimal)(later - earlier).TotalMilliseconds;

    private void JudgeAll(Instant now, string cause)
    {
        if (_known.Count == 0) return;
        foreach (var track in model.Tracks) Settle(track, now, cause);
        foreach (var track in model.Tracks) Hold(track, now);
    }

    private void Settle(ModelTrack track, Instant now, string cause)
    {
        if (!_places.TryGetValue(track.Name, out var place))
        {
            place = _places[track.Name] = new Place { Stage = track.Stages[0].Name, Since = now };
            place.EnteredNow.Add(place.Stage);
            _moves.Add(new ModelMove(now, track.Name, null, place.Stage, cause));
        }
        while (!place.Conflicted)
        {
            Hold(track, now);
            var index = 0;
            while (track.Stages[index].Name != place.Stage) index++;
            var present = track.Stages[index];
            if (now < place.Since + Duration.FromHours(present.MinimumStay)) return;
            var kept = (present.Keep ?? present.When) is not { } keep || IsTrue(keep, track, now);
            ModelStage? winner = null;
            for (var i = 0; i < track.Stages.Count; i++)
            {
                var stage = track.Stages[i];
                if (i == index || stage.When is null || (stage.From is { } from && !from.Contains(present.Name))) continue;
                if (i < index && kept) continue;
                var qualifies = stage.Confirm == 0
                    ? IsTrue(stage.When, track, now)
                    : place.Held.TryGetValue(stage.Name, out var since) && since + Duration.FromHours(stage.Confirm) <= now;
                if (qualifies) winner = stage;
            }
            if (winner is null) return;
            if (place.Since != now) place.EnteredNow.Clear();
            if (!place.EnteredNow.Add(winner.Name))
            {
                place.Conflicted = true;
                return;
            }
            _moves.Add(new ModelMove(now, track.Name, present.Name, winner.Name, cause));
            (place.Stage, place.Since) = (winner.Name, now);
        }
    }

    private void Hold(ModelTrack track, Instant now)
    {
        var place = _places[track.Name];
        if (place.Conflicted) return;
        foreach (var stage in track.Stages)
        {
            if (stage.Confirm == 0 || stage.When is null) continue;
            if (IsTrue(stage.When!, track, now)) place.Held.TryAdd(stage.Name, now);
            else place.Held.Remove(stage.Name);
        }
    }

    private bool IsTrue(Condition condition, ModelTrack track, Instant now) => condition switch
    {
        MetricCondition c => Holds(Value(c.Metric, now), c.Operator, Scaled(c.Metric, c.Constant)),
        RatioCondition c => Holds(Value(c.Left, now), c.Operator, Value(c.Right, now) * c.Percent / 100m),
        ClockCondition { Of: "age" } c => Holds(Milliseconds(now, _known.Min(e => e.Occurred)), c.Operator, c.Hours * 3_600_000m),
        ClockCondition c => Holds(Milliseconds(now, _places[track.Name].Since), c.Operator, c.Hours * 3_600_000m),
        StageCondition c => (_places[c.Track ?? track.Name].Stage == c.Stage) != c.Negated,
        Both c => IsTrue(c.Left, track, now) && IsTrue(c.Right, track, now),
        Either c => IsTrue(c.Left, track, now) || IsTrue(c.Right, track, now),
        Neither c => !IsTrue(c.Part, track, now),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Measured once for each look.</summary>
    private decimal? Value(int metric, Instant now)
    {
        if (now != _measuredAt) _measured.Clear();
        _measuredAt = now;
        if (!_measured.TryGetValue(metric, out var value)) _measured[metric] = value = Measure(model.Metrics[metric].Metric, _known, now, zone);
        return value;
    }

    private decimal Scaled(int metric, int constant) => model.Metrics[metric].Metric.IsDuration ? constant * 3_600_000m : constant;

    private static bool Holds(decimal? left, string @operator, decimal? right) => left is { } a && right is { } b && @operator switch
    {
        "==" => a == b,
        "!=" => a != b,
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        _ => a >= b,
    };
}
