using Lifecycle.Domain.Events;
using Lifecycle.Domain.Journeys;
using Lifecycle.Domain.Rules;
using ValueType = Lifecycle.Domain.Rules.ValueType;

namespace Lifecycle.Domain.Metrics;

/// <summary>Folds inputs into a customer's history. Total: every input has an answer here, if only that it leaves history as it is.</summary>
public static class HistoryFold
{
    /// <summary>An empty history with a series for each aggregate of the release.</summary>
    public static History Empty(Release release)
    {
        var history = new History { Series = new Series[release.Aggregates.Length] };
        for (var slot = 0; slot < history.Series.Length; slot++) history.Series[slot] = new Series();
        return history;
    }

    /// <summary>Takes one input in, seen at the state's clock.</summary>
    public static void Fold(CustomerState state, Release release, Recorded recorded)
    {
        switch (recorded.Input)
        {
            case Touchpoint touchpoint:
                See(state, recorded);
                TakeConsent(state.History, touchpoint, recorded);
                var reading = release.Read(state, state.Clock);
                var occurrence = new Occurrence(recorded.Id, recorded.OccurredAt, touchpoint.Properties);
                foreach (var aggregate in release.AggregatesOver(touchpoint.Name))
                    aggregate.Take(state.History.Series[aggregate.Slot], reading, occurrence);
                break;
            case ProfileChanged profile:
                See(state, recorded);
                TakeAttributes(state.History, release, profile, recorded);
                break;
            case GroupJoined or IdentityLinked or MessageReceived:
                See(state, recorded);
                break;
            case IdentityClaimed or ActionOutcome:
                break; // Said by other machines, not by the customer.
        }
    }

    private static void See(CustomerState state, Recorded recorded)
    {
        state.FirstSeen = state.FirstSeen is { } first ? Instants.Earlier(first, recorded.OccurredAt) : recorded.OccurredAt;
        state.LastSeen = state.LastSeen is { } last ? Instants.Later(last, recorded.OccurredAt) : recorded.OccurredAt;
    }

    private static void TakeAttributes(History history, Release release, ProfileChanged profile, Recorded recorded)
    {
        foreach (var name in release.Attributes.Keys)
        {
            if (!profile.Traits.Has(name)) continue;
            var entry = new Entry(recorded.OccurredAt, recorded.Id, profile.Traits.Get([name]), 1);
            if (!history.Attributes.TryGetValue(name, out var present) || entry.CompareTo(present) > 0) history.Attributes[name] = entry;
        }
    }

    /// <summary><c>consent_updated {channel?, granted}</c>, <c>unsubscribed {channel?}</c> and <c>account_deleted</c>; without a channel, all are meant.</summary>
    private static void TakeConsent(History history, Touchpoint touchpoint, Recorded recorded)
    {
        bool? granted = touchpoint.Name switch
        {
            "consent_updated" => touchpoint.Properties.Get(["granted"]) is { Type: ValueType.Truth } said ? said.IsTrue : null,
            "unsubscribed" or "account_deleted" => false,
            _ => null,
        };
        if (granted is not { } isGranted) return;
        var channel = touchpoint.Properties.Get(["channel"]) is { Type: ValueType.Text } named ? named.Text : History.AllChannels;
        var consent = new Consent(isGranted, recorded.OccurredAt, recorded.Id);
        if (!history.Consents.TryGetValue(channel, out var present) || consent.IsAfter(present)) history.Consents[channel] = consent;
    }
}
