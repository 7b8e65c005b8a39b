using System.Globalization;

namespace Lifecycle.Faults.Tests;

/// <summary>What a run of one kind of fault came to: one plain line of figures, and what was wrong.</summary>
internal sealed record RunReport(string Name)
{
    /// <summary>The faults that really happened: what the statistical bound is about.</summary>
    public required int Faults { get; init; }

    /// <summary>What more is known about them, in words and numbers.</summary>
    public required IReadOnlyDictionary<string, int> Details { get; init; }
    public required int Sent { get; init; }
    public required int Acknowledged { get; init; }
    public required long Lost { get; init; }
    public required long Doubled { get; init; }
    public required long StaleWrites { get; init; }
    public required IReadOnlyList<TimeSpan> ToAcknowledged { get; init; }
    public required IReadOnlyList<TimeSpan> ToJudged { get; init; }

    /// <summary>Every rule that did not hold, in sentences; empty when nothing was wrong.</summary>
    public required IReadOnlyList<string> Breaches { get; init; }

    public override string ToString()
    {
        var details = string.Join(", ", Details.OrderBy(detail => detail.Key, StringComparer.Ordinal).Select(detail => $"{detail.Value} {detail.Key}"));
        var end = Breaches.Count > 0 ? "FAILED: " + string.Join(' ', Breaches) : string.Create(CultureInfo.InvariantCulture, $"below {3.0 / Faults:0.####} a fault at 95 %");
        return $"{Name}: {Faults} faults ({details}), sent {Sent}, acknowledged {Acknowledged}, lost {Lost}, doubled {Doubled}, stale writes {StaleWrites}; "
            + $"next acknowledged after {Percentiles(ToAcknowledged)}, judged after {Percentiles(ToJudged)}; {end}";
    }

    private static string Percentiles(IReadOnlyList<TimeSpan> times)
    {
        if (times.Count == 0) return "(not measured)";
        var sorted = times.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"p50 {At(0.5):0} ms p99 {At(0.99):0} ms ({times.Count} measured)");

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)].TotalMilliseconds;
    }
}
