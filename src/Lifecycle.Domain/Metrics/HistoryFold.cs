using System.Collections.Immutable;
using Lifecycle.Domain.Evaluation;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Values;

namespace Lifecycle.Domain.Metrics;

/// <summary>Folds inputs into a customer's history. Total: every input has an answer here, if only that it leaves history as it is.</summary>
public static class HistoryFold
{
    /// <summary>An empty history with a series for each aggregate of the release.</summary>
    public static MetricHistory Empty(Release release)
    {
        var history = new MetricHistory { Series = new Series[release.Aggregates.Length] };
        Array.Fill(history.Series, Series.Empty);
        return history;
    }

    /// <summary>Folds all that lies behind the customer for a release. It gives what folding it bit by bit has given.</summary>
    /// <remarks>No series holds inputs and facts, so the inputs may come first: each fact finds the number of its input by its cause.</remarks>
    public static void Refold(CustomerState state, Release release, Past past)
    {
        state.History = Empty(release);
        state.Inputs = 0;
        var numbers = new Dictionary<RecordId, int>();
        foreach (var input in past.Inputs)
        {
            Fold(state, release, input);
            if (IsOwn(input.Input)) numbers[input.Id] = state.Inputs;
        }
        foreach (var fact in past.Facts) Fold(state, release, fact, numbers.GetValueOrDefault(fact.Cause));
    }

    /// <summary>Whether an input comes from the customer, and not from another's machine or from Delivery.</summary>
    public static bool IsOwn(Input input) => input is not (IdentityClaimed or ActionOutcome);

    /// <summary>Takes one input in, seen at the state's clock, and counts it.</summary>
    public static void Fold(CustomerState state, Release release, Recorded recorded)
    {
        if (IsOwn(recorded.Input)) state.Inputs++;
        switch (recorded.Input)
        {
            case Touchpoint touchpoint:
                See(state, release, recorded);
                TakeConsent(state.History, touchpoint, recorded);
                if (release.AggregatesOver(touchpoint.Name) is { IsEmpty: false } aggregates)
                    Take(state, release, aggregates, new Occurrence(recorded.Id, recorded.OccurredAt, touchpoint.Properties, state.Inputs),
                        touchpoint.Name);
                break;
            case ProfileChanged profile:
                See(state, release, recorded);
                if (TakeAttributes(state.History, release, profile, recorded)) state.MemoryFor(release).Touch(release.Conditions.ByAttributes);
                break;
            case GroupJoined or IdentityLinked or MessageReceived:
                See(state, release, recorded);
                break;
            case IdentityClaimed or ActionOutcome or CustomerErased:
                break; // Said by other machines, not by the customer.
        }
    }

    /// <summary>Takes one of the customer's own facts in, for the metrics that read facts as events.</summary>
    /// <param name="input">The number of the customer's input that it follows from; 0 where it follows from something else.</param>
    public static void Fold(CustomerState state, Release release, RecordedFact recorded, int input)
    {
        if (FactEvents.NameOf(recorded.Fact) is not { } name || release.AggregatesOverFact(name) is not { IsEmpty: false } aggregates) return;
        Take(state, release, aggregates, new Occurrence(recorded.Id, recorded.Clock, Properties.None, input, recorded.Fact), name);
    }

    private static void Take(CustomerState state, Release release, ImmutableArray<Aggregate> aggregates, Occurrence occurrence, string name)
    {
        var (reading, memory) = (release.Read(state, state.Clock), state.MemoryFor(release));
        foreach (var aggregate in aggregates)
        {
            if (!aggregate.Admits(reading, occurrence, out var entry)) continue;
            ref var series = ref state.History.Series[aggregate.Slot];
            if (ReferenceEquals(series, Series.Empty)) series = new Series();
            var before = series.Weight;
            aggregate.Take(series, reading, entry);
            if (aggregate.ReadsProperty && !series.IsPersonal)
                series.IsPersonal = occurrence.Properties.IsPersonal(aggregate.Property.AsSpan())
                    || release.Personal.IsPersonalProperty(name, aggregate.Property[0]);
            state.History.Weight += series.Weight - before;
            memory.Touch(release.Conditions.BySlot(aggregate.Slot));
        }
        if (state.History.Weight > SeriesShortening.BytesMax) SeriesShortening.Fit(state.History, release);
    }

    private static void See(CustomerState state, Release release, Recorded recorded)
    {
        if (state.FirstSeen is not { } first || recorded.OccurredAt < first)
        {
            state.FirstSeen = recorded.OccurredAt;
            state.MemoryFor(release).Touch(release.Conditions.ByAge);
        }
        state.LastSeen = state.LastSeen is { } last ? Instants.Later(last, recorded.OccurredAt) : recorded.OccurredAt;
    }

    private static bool TakeAttributes(MetricHistory history, Release release, ProfileChanged profile, Recorded recorded)
    {
        var changed = false;
        foreach (var name in release.RememberedAttributes)
        {
            if (!profile.Traits.Has(name)) continue;
            var said = new CustomerAttribute(recorded.OccurredAt, profile.Traits.Get([name]))
            {
                IsPersonal = profile.Traits.IsPersonal([name]) || release.Personal.IsPersonalAttribute(name),
            };
            // Of what is said of one instant the later word counts.
            if (history.Attributes.TryGetValue(name, out var present) && said.At < present.At) continue;
            history.Attributes = history.Attributes.With(name, said);
            changed = true;
        }
        return changed;
    }

    /// <summary><c>consent_updated {channel?, granted}</c>, <c>unsubscribed {channel?}</c> and <c>account_deleted</c>; without a channel, all are
    /// meant.</summary>
    private static void TakeConsent(MetricHistory history, Touchpoint touchpoint, Recorded recorded)
    {
        bool? granted = touchpoint.Name switch
        {
            "consent_updated" => touchpoint.Properties.Get(["granted"]) is { Type: RuleType.Truth } said ? said.IsTrue : null,
            "unsubscribed" or "account_deleted" => false,
            _ => null,
        };
        if (granted is not { } isGranted) return;
        var channel = touchpoint.Properties.Get(["channel"]) is { Type: RuleType.Text } named ? named.Text : MetricHistory.AllChannels;
        var consent = new Consent(isGranted, recorded.OccurredAt);
        if (IsOutdated(channel) || IsOutdated(MetricHistory.AllChannels)) return;
        if (channel == MetricHistory.AllChannels)
            foreach (var (name, earlier) in history.Consents)
                if (earlier.At <= consent.At) history.Consents = history.Consents.Without(name);
        history.Consents = history.Consents.With(channel, consent);

        bool IsOutdated(string name) => history.Consents.TryGetValue(name, out var present) && present.At > consent.At;
    }
}
