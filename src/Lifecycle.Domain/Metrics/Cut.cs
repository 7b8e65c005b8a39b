namespace Lifecycle.Domain.Metrics;

/// <summary>A share of the customers with the greatest values of a metric, as <c>top(spend, 5%)</c> asks for.</summary>
/// <param name="Key">The metric's term in canonical writing and the share: two that agree in both have one cut.</param>
/// <param name="Share">Above 0 and below 1.</param>
public sealed record Cut(string Key, Metric Metric, decimal Share);
