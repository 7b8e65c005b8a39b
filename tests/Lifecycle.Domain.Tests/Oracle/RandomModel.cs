using NodaTime;

namespace Lifecycle.Domain.Tests.Oracle;

/// <summary>Definitions and histories drawn at random from a seed.</summary>
public sealed class RandomModel(int seed)
{
    public static readonly Instant Start = Instant.FromUtc(2026, 3, 20, 0, 0); // A change of clocks in Europe lies nine days ahead.
    public const int Hours = 21 * 24;
    private static readonly string[] Operators = ["==", "!=", "<", "<=", ">", ">="];
    private readonly Random _random = new(seed);

    public Model Model()
    {
        var metrics = Enumerable.Range(0, 2 + _random.Next(4)).Select(i => new NamedMetric($"m{i}", Metric())).ToList();
        var first = Track("life", metrics, null);
        return new Model(Pick("UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York"), metrics,
            _random.Next(2) == 0 ? [first] : [first, Track("tier", metrics, first)]);
    }

    /// <summary>Up to thirty events in order of arrival; some late, some at one instant, some without an amount.</summary>
    public IReadOnlyList<ModelEvent> Events(bool lateOnes = true)
    {
        var arrivals = Enumerable.Range(0, 1 + _random.Next(30)).Select(_ => _random.Next(Hours * 3 / 4)).Order().ToList();
        return arrivals.Select((hour, i) =>
        {
            var late = lateOnes && _random.Next(6) == 0 ? _random.Next(1, 120) : 0;
            return new ModelEvent(i, Start + Duration.FromHours(hour), Start + Duration.FromHours(hour - late),
                Pick("bought", "bought", "played"), _random.Next(8) == 0 ? null : _random.Next(-20, 200));
        }).Select(e => e.Name == "played" ? e with { Amount = null } : e).ToList();
    }

    public int Next(int below) => _random.Next(below);

    private ModelMetric Metric()
    {
        var (from, to) = _random.Next(5) switch
        {
            0 => ((int?)null, 0),
            1 => (12 + _random.Next(200), 1 + _random.Next(11)),
            _ => (1 + _random.Next(200), 0),
        };
        var kind = Pick("count", "count", "sum", "days", "idle", "known_for", "latest");
        var @event = kind is "sum" or "latest" ? "bought" : Pick("bought", "played");
        return new ModelMetric(kind, @event, from, to, @event == "bought" && _random.Next(4) == 0 ? _random.Next(100) : null);
    }

    private ModelTrack Track(string name, List<NamedMetric> metrics, ModelTrack? above)
    {
        var names = Enumerable.Range(0, 2 + _random.Next(4)).Select(i => $"{name}_{(char)('a' + i)}").ToList();
        var stages = names.Select((stage, i) =>
        {
            if (i == 0 && _random.Next(2) == 0) return new ModelStage(stage, null, null, null, 0, 0);
            var readsItself = _random.Next(5) == 0;
            var when = Condition(metrics, above, 2);
            if (readsItself) when = new Both(when, Pick<Condition>(new StageCondition(null, names[_random.Next(names.Count)], _random.Next(2) == 0),
                new ClockCondition("time_in_stage", Pick(">=", "<"), _random.Next(100)))); // > would put every round trip a millisecond later.
            var keep = readsItself || _random.Next(3) == 0 ? Condition(metrics, above, 1) : null;
            var from = _random.Next(3) == 0 ? names.Where(other => other != stage && _random.Next(2) == 0).ToList() : null;
            return new ModelStage(stage, from is { Count: > 0 } ? from : null, when, keep,
                _random.Next(3) == 0 ? 1 + _random.Next(72) : 0, _random.Next(3) == 0 ? 1 + _random.Next(72) : 0);
        }).ToList();
        return new ModelTrack(name, stages);
    }

    private Condition Condition(List<NamedMetric> metrics, ModelTrack? above, int depth) => _random.Next(depth > 0 ? 9 : 5) switch
    {
        0 or 1 or 2 => MetricCondition(metrics),
        3 => above is null ? MetricCondition(metrics) : new StageCondition(above.Name, above.Stages[_random.Next(above.Stages.Count)].Name, _random.Next(2) == 0),
        4 => _random.Next(2) == 0 ? new ClockCondition("age", Pick(Operators), _random.Next(300)) : Ratio(metrics),
        5 or 6 => new Both(Condition(metrics, above, depth - 1), Condition(metrics, above, depth - 1)),
        7 => new Either(Condition(metrics, above, depth - 1), Condition(metrics, above, depth - 1)),
        _ => new Neither(Condition(metrics, above, depth - 1)),
    };

    private Condition MetricCondition(List<NamedMetric> metrics)
    {
        var metric = _random.Next(metrics.Count);
        var constant = metrics[metric].Metric.Kind switch
        {
            "count" => _random.Next(6),
            "days" => _random.Next(6),
            "idle" or "known_for" => _random.Next(200),
            _ => _random.Next(-20, 600),
        };
        return new MetricCondition(metric, Pick(Operators), constant);
    }

    private Condition Ratio(List<NamedMetric> metrics)
    {
        var left = _random.Next(metrics.Count);
        var right = metrics.FindIndex(m => m.Metric.IsDuration == metrics[left].Metric.IsDuration);
        // A duration in proportion to another flips between hours; brute force looks at whole hours, so both lines must be equally steep.
        var percent = metrics[left].Metric.IsDuration ? 100 : _random.Next(1, 30) * 10;
        return new RatioCondition(left, Pick(Operators), percent, right);
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
