using System.Collections.Immutable;
using Lifecycle.Domain.Metrics;
using Lifecycle.Rules.Syntax;

namespace Lifecycle.Rules.Checking;

/// <summary>A metric bound to what it reads.</summary>
/// <param name="Written">What it is made of, as it was written.</param>
/// <param name="StagesRead">Tracks whose stages it depends on.</param>
/// <param name="Parts">Of how many parts it is made, those of other metrics included.</param>
internal sealed record BoundMetric(Metric Metric, Expression Written, IReadOnlySet<string> StagesRead, int Parts);

/// <summary>The metrics of a definition. Each is bound when it is first asked for, so that they may be listed in any order.</summary>
internal sealed class MetricTable
{
    private readonly ReleaseNames _names;
    private readonly Dictionary<string, Declared> _declared = [];
    private readonly Dictionary<string, BoundMetric?> _bound = [];
    private readonly List<string> _underway = [];

    public MetricTable(ReleaseNames names, IEnumerable<Declared> declared)
    {
        _names = names;
        foreach (var metric in declared) _declared.TryAdd(metric.Name.Text, metric);
    }

    public IEnumerable<string> Names => _declared.Keys;

    public bool Has(string name) => _declared.ContainsKey(name);

    /// <summary>Every metric in the order listed, as far as they could be bound.</summary>
    public ImmutableArray<Metric> BindAll() => [.. _declared.Keys.Select(Bind).OfType<BoundMetric>().Select(bound => bound.Metric)];

    /// <summary>The metric; null after an error, which is told by then.</summary>
    public BoundMetric? Bind(string name)
    {
        if (_bound.TryGetValue(name, out var known)) return known;
        var (place, rule) = _declared[name];
        if (_underway.IndexOf(name) is >= 0 and var first)
        {
            var circle = string.Join(" → ", _underway.Skip(first).Append(name).Select(metric => $"`{metric}`"));
            _names.Complaints.Add(place, ErrorCodes.Circular, $"`{name}` is made from itself: {circle}");
            return null;
        }
        if (_underway.Count >= RuleParser.DepthMax)
        {
            _names.Complaints.Add(place, ErrorCodes.Limit, $"metrics are made from metrics more than {RuleParser.DepthMax} deep");
            return null;
        }
        _underway.Add(name);
        var scope = new Scope(_names.Tracks.FirstOrDefault()?.Name);
        var (term, written) = new RuleBinder(_names).Value(rule, scope);
        _underway.RemoveAt(_underway.Count - 1);
        return _bound[name] = term is null ? null : new BoundMetric(new Metric(name, term), written!, scope.StagesRead, scope.Parts);
    }
}
