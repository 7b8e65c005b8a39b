using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation.Terms;
using Lifecycle.Domain.Metrics;

namespace Lifecycle.Domain.Journeys;

/// <summary>What journeys of earlier releases ask of those who are inside them, as far as a release does not ask it itself.</summary>
/// <remarks>An enrolment follows the release it began with to its end, while history is folded for the release that rules. Without this a release
/// that drops a metric would silence the exits of those who are on their way.</remarks>
/// <param name="Aggregates">Each with its slot behind the release's own, and in the stage or journey that its window belongs to.</param>
/// <param name="Attributes">Which <c>customer.NAME</c>s are read, sorted.</param>
/// <param name="Cuts">What is asked about all customers.</param>
public sealed record EarlierJourneys(ImmutableArray<Aggregate> Aggregates, ImmutableArray<string> Attributes, ImmutableArray<TopThreshold> Cuts)
{
    public static readonly EarlierJourneys None = new([], [], []);

    public bool IsEmpty => Aggregates.IsEmpty && Attributes.IsEmpty && Cuts.IsEmpty;

    /// <summary>What some journeys ask and a release does not.</summary>
    public static EarlierJourneys Of(IEnumerable<Journey> journeys, Release release)
    {
        var terms = journeys.SelectMany(journey => journey.AskedInside).SelectMany(asked => asked.WithParts()).ToList();
        var aggregates = terms.OfType<AggregateTerm>().Select(term => term.Aggregate).ToList();
        var attributes = terms.OfType<AttributeTerm>().Select(term => term.Name);
        return new EarlierJourneys(
            [.. aggregates.Where(aggregate => release.SlotOf(aggregate.Key) < 0).DistinctBy(aggregate => aggregate.Key)
                .Select((aggregate, index) => aggregate.InSlot(release.Aggregates.Length + index))],
            [.. attributes.Where(name => !release.Attributes.ContainsKey(name)).Distinct().Order(StringComparer.Ordinal)],
            [.. terms.OfType<RankedTerm>().Select(term => term.Cut).Where(threshold => !release.AsksFor(threshold.Key))
                .DistinctBy(threshold => threshold.Key)]);
    }
}
