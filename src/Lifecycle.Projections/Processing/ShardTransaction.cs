using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>How far a shard has been processed.</summary>
/// <param name="Consumed">Inputs up to here are in the states.</param>
/// <param name="Swept">Every customer has lived through the shard inputs up to here.</param>
/// <param name="FiredTo">Due instants by the wall up to here have been lived through.</param>
internal sealed record Checkpoint(long Consumed, long Swept, Instant FiredTo);

/// <summary>All that one transaction of a processor writes, gathered customer by customer. Whoever is in it is in it once.</summary>
internal sealed class ShardTransaction
{
    public List<StateRow> States { get; } = [];
    public List<DueRow> Due { get; } = [];
    public List<CustomerAddress> NoLongerDue { get; } = [];
    public List<SpanEnd> SpanEnds { get; } = [];
    public List<SpanRow> Spans { get; } = [];
    public List<RequestRow> Requests { get; } = [];
    public List<RelayRow> Relayed { get; } = [];
    public List<QuarantineRow> Quarantined { get; } = [];
    public List<CustomerAddress> Released { get; } = [];
    public List<NewFact> Facts { get; } = [];

    public List<LookUpRow> LookUps { get; } = [];

    /// <summary>Of whom nothing is left.</summary>
    public List<CustomerAddress> Erased { get; } = [];

    private readonly List<(LiveCustomer Customer, byte[] Body, Instant? Due, Instant Next)> _customers = [];
    private readonly StateWriter _writer = new();

    public bool IsEmpty => States.Count == 0 && Quarantined.Count == 0 && Released.Count == 0 && NoLongerDue.Count == 0 && Erased.Count == 0;

    /// <param name="firedTo">A due row up to this instant has been dealt with, even if it found nothing to do.</param>
    public void Add(TenantInShard tenant, LiveCustomer customer, List<RecordedFact> facts, Instant next, Instant? firedTo)
    {
        var (address, state) = (customer.Address, customer.State);
        // Whatever can throw comes first: a customer is in the step with all that is theirs or not at all.
        var body = StateCodec.Write(state, _writer);
        var appended = facts.ConvertAll(fact => NewFact.Of(address.Tenant, address.Key, fact));
        var carried = facts.Count == 0 ? []
            : facts.Where(fact => fact.Fact is CarriedOver).Select(fact => RelayRow.Of(address.Tenant, fact, (CarriedOver)fact.Fact)).ToList();

        States.Add(new StateRow(address, state.LivedTo, body, state.History.HoldsPersonal()));
        _customers.Add((customer, body, Schedule(customer, tenant.Tenant.Test, next, firedTo), next));
        if (facts.Count == 0) return;
        Facts.AddRange(appended);
        Relayed.AddRange(carried);
        for (var i = 0; i < facts.Count; i++)
            if (facts[i].Fact is ActionRequested request) Requests.Add(new RequestRow(address, request.Key, facts[i].Clock, appended[i].Open));
        AddSpans(address, facts);
    }

    /// <summary>From <paramref name="position"/> on this customer's inputs are passed over, until a processor starts anew.</summary>
    public void Quarantine(CustomerAddress address, long position, string reason)
    {
        Quarantined.Add(new QuarantineRow(address, position, reason));
        NoLongerDue.Add(address);
    }

    /// <summary>The step is on disk: what it wrote is what the customers in memory hold.</summary>
    public void Committed()
    {
        foreach (var (customer, body, due, next) in _customers) customer.Stored(body, due, next);
    }

    /// <summary>Whether a due row may stay as it is for a customer whose next review is at an instant.</summary>
    public static bool Serves(Instant? stored, Instant next) => next == Instants.Never || stored <= next;

    // Lazy: a row that is too early costs one empty review later, which is cheaper than writing it anew with every event that pushes it on.
    private Instant? Schedule(LiveCustomer customer, bool test, Instant next, Instant? firedTo)
    {
        var stored = customer.StoredDue;
        var passed = stored <= customer.State.Clock || stored <= firedTo;
        if (next == Instants.Never)
        {
            if (!passed) return stored;
            NoLongerDue.Add(customer.Address);
            return null;
        }
        if (!passed && Serves(stored, next)) return stored;
        Due.Add(new DueRow(customer.Address, next, !test));
        return next;
    }

    private void AddSpans(CustomerAddress address, List<RecordedFact> facts)
    {
        foreach (var track in facts.Where(fact => fact.Fact is StageChanged).GroupBy(fact => ((StageChanged)fact.Fact).Track))
        {
            var moves = track.ToList();
            if (((StageChanged)moves[0].Fact).From is not null) SpanEnds.Add(new SpanEnd(address, track.Key, moves[0].Clock));
            for (var i = 0; i < moves.Count; i++)
            {
                var change = (StageChanged)moves[i].Fact;
                var leftAt = i + 1 < moves.Count ? moves[i + 1].Clock : (Instant?)null;
                Spans.Add(new SpanRow(address, track.Key, i, change.To, moves[i].Clock, leftAt, change.Release, moves[i].Id));
            }
        }
    }
}

/// <param name="HoldsPersonal">It is to be sealed, see <see cref="EncryptedStates"/>.</param>
internal sealed record StateRow(CustomerAddress Customer, long LivedTo, byte[] Body, bool HoldsPersonal);

internal sealed record DueRow(CustomerAddress Customer, Instant At, bool Wall);

internal sealed record SpanEnd(CustomerAddress Customer, string Track, Instant LeftAt);

/// <param name="Place">Counts the customer's spans of this track within the step from 0.</param>
internal sealed record SpanRow(
    CustomerAddress Customer, string Track, int Place, string Stage, Instant EnteredAt, Instant? LeftAt, int Release, RecordId Fact);

internal sealed record RequestRow(CustomerAddress Customer, RecordId Key, Instant RequestedAt, byte[] Request);

internal sealed record RelayRow(int Tenant, RecordId Id, Instant Clock, string Target, short Hops, string Name, short Version, byte[] Open)
{
    /// <summary>The input that a fact becomes in the other customer's log, under the fact's own id.</summary>
    public static RelayRow Of(int tenant, RecordedFact fact, CarriedOver carried)
    {
        var (name, version) = EventCodec.NameOf(carried.Input);
        return new RelayRow(tenant, fact.Id, fact.Clock, carried.To, (short)carried.Hops, name, version, EventCodec.WriteOpen(carried.Input));
    }
}

internal sealed record QuarantineRow(CustomerAddress Customer, long Position, string Reason);
