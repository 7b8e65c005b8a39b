using Lifecycle.Domain.Evaluation.Terms;

namespace Lifecycle.Domain.Metrics;

/// <summary>A name that a definition gives to an expression over the customer's events.</summary>
public sealed record Metric(string Name, Term Term);
