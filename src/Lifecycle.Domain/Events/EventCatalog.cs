using System.Collections.Frozen;

namespace Lifecycle.Domain.Events;

/// <summary>What kind of row an event is in the log.</summary>
public enum EventKind : short { Input = 1, Fact = 2, ShardInput = 3 }

/// <summary>Wire name and version of every type in the log. They are said here and nowhere else.</summary>
/// <remarks>A touchpoint's wire name is its own name, so it has no entry; a sender's event that bears a reserved name is stored as
/// <c>track_NAME</c>. Versions only ever grow, and every version ever written stays readable.</remarks>
public static class EventCatalog
{
    public sealed record EventCatalogEntry(EventKind Kind, string Name, short Version, Type Type);

    public const short TouchpointVersion = 1;

    public static readonly IReadOnlyList<EventCatalogEntry> Entries =
    [
        new(EventKind.Input, "profile_changed", 1, typeof(ProfileChanged)),
        new(EventKind.Input, "group_joined", 1, typeof(GroupJoined)),
        new(EventKind.Input, "identity_linked", 1, typeof(IdentityLinked)),
        new(EventKind.Input, "identity_claimed", 1, typeof(IdentityClaimed)),
        new(EventKind.Input, "message_received", 1, typeof(MessageReceived)),
        new(EventKind.Input, "customer_erased", 1, typeof(CustomerErased)),
        new(EventKind.Input, "action_outcome", 1, typeof(ActionOutcome)),
        new(EventKind.ShardInput, "release_activated", 1, typeof(ReleaseActivated)),
        new(EventKind.ShardInput, "history_opened", 1, typeof(HistoryOpened)),
        new(EventKind.ShardInput, "history_closed", 1, typeof(HistoryClosed)),
        new(EventKind.ShardInput, "count_asked", 1, typeof(CountAsked)),
        new(EventKind.ShardInput, "clock_advanced", 1, typeof(ClockAdvanced)),
        new(EventKind.ShardInput, "cut_points_computed", 1, typeof(CutPointsComputed)),
        new(EventKind.Fact, "stage_changed", 2, typeof(StageChanged)),
        new(EventKind.Fact, "stage_conflict", 1, typeof(StageConflict)),
        new(EventKind.Fact, "journey_started", 1, typeof(JourneyStarted)),
        new(EventKind.Fact, "journey_moved", 1, typeof(JourneyMoved)),
        new(EventKind.Fact, "journey_ended", 1, typeof(JourneyEnded)),
        new(EventKind.Fact, "action_requested", 1, typeof(ActionRequested)),
        new(EventKind.Fact, "action_withheld", 1, typeof(ActionWithheld)),
        new(EventKind.Fact, "points_earned", 1, typeof(PointsEarned)),
        new(EventKind.Fact, "points_expired", 1, typeof(PointsExpired)),
        new(EventKind.Fact, "benefit_granted", 1, typeof(BenefitGranted)),
        new(EventKind.Fact, "benefit_revoked", 1, typeof(BenefitRevoked)),
        new(EventKind.Fact, "standing_kept", 1, typeof(DecisionsKept)),
        new(EventKind.Fact, "carried_over", 1, typeof(CarriedOver)),
        new(EventKind.Fact, "carry_refused", 1, typeof(CarryRefused)),
    ];

    private static readonly FrozenDictionary<Type, EventCatalogEntry> ByType = Entries.ToFrozenDictionary(entry => entry.Type);
    private static readonly FrozenDictionary<(EventKind, string), EventCatalogEntry> ByName =
        Entries.ToFrozenDictionary(entry => (entry.Kind, entry.Name));
    private static readonly FrozenSet<string> Reserved = Entries.Select(entry => entry.Name).ToFrozenSet();

    /// <summary>The entry of an input, fact or shard input; null for a touchpoint, which names itself.</summary>
    public static EventCatalogEntry? Of(object @event) => ByType.GetValueOrDefault(@event.GetType());

    /// <summary>The wire name of a type that the catalog lists.</summary>
    public static string NameOf(Type type) => ByType[type].Name;

    public static EventCatalogEntry? Find(EventKind kind, string name) => ByName.GetValueOrDefault((kind, name));

    /// <summary>The name under which a sender's event is stored: its own, unless the catalog reserves that.</summary>
    public static string TouchpointName(string name) => Reserved.Contains(name) ? "track_" + name : name;
}
