using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>Where a customer's metric lies among those of all customers of the tenant, as <c>top(spend, 5%)</c> and <c>quantile(spend, 5)</c>
/// ask.</summary>
/// <remarks>Counted are customers who are known by a user id and whose metric is not missing.</remarks>
/// <param name="Key">The question in canonical writing, its metric written out: two that agree in it have one answer.</param>
/// <param name="Ranked">The metric's term in canonical writing: questions that agree in it are answered by one count.</param>
/// <param name="Share">Of <c>top</c>: above 0 and below 1; 0 for <c>quantile</c>.</param>
/// <param name="Tiles">Of <c>quantile</c>: from 2 to <see cref="TilesMax"/>; 0 for <c>top</c>.</param>
public sealed record TopThreshold(string Key, string Ranked, Metric Metric, decimal Share, int Tiles = 0)
{
    public const int TilesMax = 100;

    /// <summary>The ranks, from the least value upwards, of the values that are the cut points: one for <c>top</c>, and one less than there are
    /// tiles. None where nobody was counted.</summary>
    public IReadOnlyList<long> RanksAmong(long customers)
    {
        if (customers <= 0) return [];
        if (Tiles == 0) return [customers - (long)decimal.Ceiling(Share * customers) + 1];
        return [.. Enumerable.Range(1, Tiles - 1).Select(tile => (tile * customers + Tiles - 1) / Tiles)];
    }

    /// <summary>The metric's value in the form in which it is counted and compared with cut points; null where it is missing.</summary>
    public decimal? Measure(in Reading reading) =>
        Metric.Term.Evaluate(reading) is { IsMissing: false } value ? Numbers.Stored(value.Magnitude) : null;
}
