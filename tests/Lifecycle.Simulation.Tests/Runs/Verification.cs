using System.Text;
using System.Text.Json;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Log;
using Lifecycle.Ingestion;
using Lifecycle.Projections.Replaying;
using Lifecycle.Projections.Thresholds;
using Lifecycle.Simulation.Tests.Store;
using NodaTime;

namespace Lifecycle.Simulation.Tests.Runs;

/// <summary>What must hold after a run has come to its end.</summary>
internal sealed class Verification(Run run)
{
    private readonly FakeStore _store = run.Store;

    public void Check()
    {
        EverythingAcknowledgedIsInTheLogOnce();
        EveryCustomerIsTheFoldOfTheirInputs();
        EveryReleaseRulesInEveryShardFromOneInstantOn();
        EveryTopIsThatOfItsInstant();
        EveryFactHasItsCause();
        EveryActionIsDeliveredAndHasOneOutcome();
        EverythingSaidToAnotherArrivedOnce();
        var report = new Replay(new TouchpointLog(run.Calm()), run.Shop.Releases).CompareAsync().Result;
        if (report.DifferenceCount > 0) run.World.Fail($"The replay differs: {report.Differences[0]}");
        Require(report.SetAside == 0 && _store.SetAside.Count == 0, "Somebody is set aside.");
        Require(report.Erased == _store.Erased.Count, $"The replay leaves out {report.Erased} erased customers of {_store.Erased.Count}.");
        OfWhomWasErasedNothingIsLeft();
    }

    private void OfWhomWasErasedNothingIsLeft()
    {
        foreach (var (place, erased) in _store.Erased)
        {
            Require(_store.Customers.Find(place) is { Key: null, Id: "" }, $"The key of {place.Customer} is not destroyed.");
            Require(_store.States.Find(place) is null && _store.Dues.Find(place) is null && !_store.Spans.Any(row => row.Key.Place == place)
                && !_store.Deliveries.Any(row => row.Value.Customer == place.Customer), $"Something is left of {place.Customer}, who is erased.");
            Require(!_store.Events[place.Shard].Exists(row => row.Customer == place.Customer && row.Kind == 1 && row.Position > erased.Position),
                $"Something about {place.Customer} was taken in after they were erased.");
        }
    }

    private bool IsErased(int shard, Guid? customer) => customer is { } key && _store.Erased.Find(new CustomerPlace(shard, run.Tenant.Id, key)) is not null;

    private IEnumerable<(int Shard, EventRow Row)> Rows(short kind, string? name = null) =>
        from shard in Enumerable.Range(0, _store.Events.Length)
        from row in _store.Events[shard]
        where row.Kind == kind && (name is null || row.Name == name)
        select (shard, row);

    private void EverythingAcknowledgedIsInTheLogOnce()
    {
        var inputs = Rows(1).ToLookup(entry => entry.Row.Id);
        foreach (var (customer, id) in run.Acknowledged)
        {
            var found = inputs[MessageHash.Of(id)].ToList();
            Require(found.Count == 1, $"The acknowledged {id} of {customer} is in the log {found.Count} times.");
            var place = new CustomerPlace(found[0].Shard, run.Tenant.Id, found[0].Row.Customer!.Value);
            Require(_store.Erased.Find(place) is not null || _store.Customers.Find(place)?.Id == customer, $"The acknowledged {id} is another customer's.");
        }
    }

    /// <summary>The machine alone, from the first input to the end of time, must give the facts that are in the log, and the state that is stored.</summary>
    private void EveryCustomerIsTheFoldOfTheirInputs()
    {
        var machine = new CustomerMachine(run.Tenant.Name, number => run.Shop.Releases.Get(run.Tenant.Id, number));
        foreach (var (place, customer) in _store.Customers)
        {
            if (_store.Erased.Find(place) is not null) continue;
            var rows = _store.Events[place.Shard].Where(row => row.Customer is null || row.Customer == place.Customer).ToList();
            var (state, facts) = (new CustomerState(new CustomerKey(place.Customer)), new List<RecordedFact>());
            var inputs = new List<Recorded>();
            foreach (var row in rows) Take(machine, state, ToLogRow(place.Shard, row), inputs, facts);
            machine.LiveTo(state, Instants.Never, facts);
            var expected = facts.Select(fact => NewFact.Of(run.Tenant.Id, new CustomerKey(place.Customer), fact))
                .Select(fact => $"{fact.Id} {fact.Clock.ToIso()} {fact.Name} {fact.Cause} {fact.Ordinal} {Encoding.UTF8.GetString(fact.Open)}");
            var stored = rows.Where(row => row.Kind == 2)
                .Select(row => $"{new RecordId(row.Id)} {Instant.FromDateTimeUtc(row.Clock).ToIso()} {row.Name} {new RecordId(row.Cause!.Value)} {row.Ordinal} {Encoding.UTF8.GetString(row.Open)}");
            var (missing, extra) = (expected.Except(stored).FirstOrDefault(), stored.Except(expected).FirstOrDefault());
            Require(missing is null && extra is null, $"{customer.Id}'s inputs give what is not in the log: {missing}; or the log has more: {extra}");
            var body = _store.States.Find(place)?.Body;
            if (body is not null) CompareState(place, customer.Id, state, body);
        }
    }

    private static void Take(CustomerMachine machine, CustomerState state, LogRow row, List<Recorded> inputs, List<RecordedFact> facts)
    {
        if (row.Kind == EventKind.ShardInput) machine.Live(state, EventCodec.ToShardInput(row), () => new Past(inputs, [.. facts]), facts);
        if (row.Kind != EventKind.Input) return;
        inputs.Add(EventCodec.ToRecorded(row));
        // For who already lives by the wall, imported history is a late event.
        var isLate = row.Imported && state.IsBorn && !state.ImportOpen;
        machine.Apply(state, isLate ? inputs[^1] with { Clock = row.RecordedAt } : inputs[^1], facts);
    }

    private void CompareState(CustomerPlace place, string customer, CustomerState state, byte[] body)
    {
        // Time alone may have been lived through a little further on one side; what was judged is what counts.
        var stored = StateCodec.Read(body, new CustomerKey(place.Customer));
        foreach (var track in (string[])["lifecycle", "vip"])
        {
            var (expected, found) = (state.Decisions.In(track)?.Stage, stored.Decisions.In(track)?.Stage);
            Require(expected == found, $"{customer} is in {found} of {track} and should be in {expected}.");
            var spans = _store.Spans.Where(row => row.Key.Place == place && row.Key.Track == track && row.Value.LeftAt is null).ToList();
            Require(spans.Count == (expected is null ? 0 : 1) && spans.TrueForAll(span => span.Value.Stage == expected), $"{customer}'s stay in {track} is wrong.");
        }
    }

    private void EveryReleaseRulesInEveryShardFromOneInstantOn()
    {
        for (var shard = 0; shard < _store.Events.Length; shard++)
        {
            var activated = Rows(3, "release_activated").Where(entry => entry.Shard == shard)
                .Select(entry => ((ReleaseActivated)EventCodec.ToShardInput(ToLogRow(shard, entry.Row)).Input).Release);
            Require(activated.SequenceEqual(Enumerable.Range(1, _store.Releases.Count)), $"Shard {shard} does not have each release once, in order: {string.Join(' ', activated)}");
        }
    }

    /// <summary>For each reason all customers are counted at most once, every shard is told the same, and that is what was ordered up to then by who is known by a user id.</summary>
    private void EveryTopIsThatOfItsInstant()
    {
        foreach (var count in Rows(3, "cut_points_computed").ToLookup(entry => entry.Row.Id, entry => (entry.Shard, Input: ToShardInput(entry.Shard, entry.Row).Input)))
        {
            Require(count.Select(entry => entry.Shard).Distinct().Count() == count.Count(), "A shard was told the same count twice.");
            Require(count.All(entry => entry.Input == count.First().Input), "The shards were told different counts.");
            TheTopIsThatOf(new RecordId(count.Key), (CutPointsComputed)count.First().Input);
        }
    }

    private void TheTopIsThatOf(RecordId id, CutPointsComputed told)
    {
        var spent = Enumerable.Range(0, _store.Events.Length).Except(told.LeftOut).SelectMany(shard => SpentIn(shard, CountedAt(shard, id))).Order().ToList();
        var cuts = Enumerable.Range(1, _store.Releases.Count).SelectMany(number => run.Shop.Releases.Get(run.Tenant.Id, number).Cuts).DistinctBy(threshold => threshold.Key).ToDictionary(threshold => threshold.Key);
        foreach (var points in told.Points)
        {
            var expected = new CutPoints(points.Cut, spent.Count, [.. cuts[points.Cut].RanksAmong(spent.Count).Select(rank => spent[(int)rank - 1])]);
            Require(points == expected, $"All were told {points} and should have been told {expected}.");
        }
    }

    /// <summary>The instant before which what is recorded counts in a shard: the one after it was asked for, or midnight.</summary>
    private Instant CountedAt(int shard, RecordId id) => _store.Events[shard].Where(row => row.Name == "count_asked").Select(row => ToShardInput(shard, row))
        .FirstOrDefault(asked => TenantCounts.IdOf(asked) == id)?.RecordedAt.After(1) ?? SimulatedShop.Midnight;

    /// <summary>What each known customer of a shard had ordered before an instant.</summary>
    private IEnumerable<decimal> SpentIn(int shard, Instant at)
    {
        var before = _store.Events[shard].Where(row => At(row.RecordedAt) < at).Select(row => ToLogRow(shard, row)).ToList();
        return before.Where(row => row.Customer is not null).DistinctBy(row => row.Customer)
            .Where(row => !_store.Customers.Find(new CustomerPlace(shard, run.Tenant.Id, row.Customer!.Value.Value))!.Id.StartsWith("anonymous:", StringComparison.Ordinal))
            .Select(row => SpentBy(row.Customer!.Value, before)).OfType<decimal>();
    }

    /// <summary>What a customer's orders come to; null for one who does not live by the wall yet.</summary>
    private decimal? SpentBy(CustomerKey customer, IEnumerable<LogRow> rows)
    {
        var machine = new CustomerMachine(run.Tenant.Name, number => run.Shop.Releases.Get(run.Tenant.Id, number));
        var (state, inputs, facts) = (new CustomerState(customer), new List<Recorded>(), new List<RecordedFact>());
        foreach (var row in rows)
            if (row.Customer is null || row.Customer == customer) Take(machine, state, row, inputs, facts);
        if (!state.IsBorn || state.ImportOpen) return null;
        return inputs.Sum(input => input.Input is Touchpoint { Name: "order_completed" } order ? order.Properties.Get(["revenue"]).Magnitude : 0);
    }

    private void EveryFactHasItsCause()
    {
        var inputs = Rows(1).Concat(Rows(3)).Select(entry => (entry.Shard, entry.Row.Id)).ToHashSet();
        foreach (var (shard, row) in Rows(2))
        {
            using var open = JsonDocument.Parse(row.Open);
            var byTime = new Guid(new RecordId(StableHash.Of("time", Instant.FromDateTimeUtc(row.Clock).ToIso())).Value.ToString());
            Require(row.Cause == byTime || inputs.Contains((shard, row.Cause!.Value)), $"The {row.Name} {row.Id} has no cause in the log.");
        }
    }

    private void EveryActionIsDeliveredAndHasOneOutcome()
    {
        var outcomes = Rows(1, "action_outcome").Select(entry => (ActionOutcome)EventCodec.ToRecorded(ToLogRow(entry.Shard, entry.Row)).Input)
            .ToLookup(outcome => outcome.Key);
        var all = Rows(2, "action_requested").ToList();
        var requests = all.Where(entry => !IsErased(entry.Shard, entry.Row.Customer)).ToList();
        foreach (var (shard, row) in requests)
        {
            var request = (ActionRequested)EventCodec.ToFact(ToLogRow(shard, row));
            var delivery = _store.Deliveries.Find(new DeliveryKey(shard, row.Tenant, request.Key.Value, 1));
            Require(delivery is { Status: 1 }, $"The action {request.Key} was not delivered: {delivery}");
            Require(run.Receiver.Messages.TryGetValue($"msg_{request.Key}", out var message) && message.Taken, $"The receiver has not taken {request.Key}.");
            // A message whose answer was given up for lost may be taken twice, and then both attempts say so; no attempt ends twice.
            var ends = outcomes[request.Key].ToList();
            Require(ends.Count == ends.DistinctBy(end => end.Attempt).Count(), $"An attempt of the action {request.Key} has two outcomes.");
            Require(ends.Exists(end => end.Outcome == Outcome.Sent), $"The log does not say that {request.Key} was sent.");
            Require(ends.TrueForAll(end => end.Attempt <= delivery?.Attempt), $"An outcome of {request.Key} is of no attempt.");
        }
        Require(_store.Deliveries.Count == requests.Count, "There are deliveries that nobody requested.");
        Require(run.Receiver.Messages.Count >= requests.Count && run.Receiver.Messages.Count <= all.Count, "The receiver has got what nobody requested.");
    }

    private void EverythingSaidToAnotherArrivedOnce()
    {
        var arrived = Rows(1, "identity_claimed").ToLookup(entry => entry.Row.Id);
        var said = Rows(2, "carried_over").ToList();
        var (whole, gone) = (_store.Erased.Count == 0, 0);
        foreach (var (_, row) in said)
        {
            // What is said to somebody who is erased is refused.
            if (!whole && !arrived[row.Id].Any() && IsErasedTarget(row)) gone++;
            else Require(arrived[row.Id].Count() == 1, $"What {row.Id} says to another has arrived {arrived[row.Id].Count()} times.");
        }
        Require(arrived.Count == said.Count - gone, "Something has arrived that nobody said.");
    }

    private bool IsErasedTarget(EventRow row)
    {
        var to = run.Locate(((CarriedOver)EventCodec.ToFact(ToLogRow(0, row))).To);
        return IsErased(to.Shard, to.Key.Value);
    }

    private static RecordedShardInput ToShardInput(int shard, EventRow row) => EventCodec.ToShardInput(ToLogRow(shard, row));

    private static LogRow ToLogRow(int shard, EventRow row) => new(shard, row.Position, At(row.RecordedAt), At(row.Clock), At(row.OccurredAt), row.Tenant,
        row.Customer is { } customer ? new CustomerKey(customer) : null, (EventKind)row.Kind, row.Name, row.Version, row.Imported, row.Hops,
        row.Cause is { } cause ? new RecordId(cause) : null, row.Ordinal, new RecordId(row.Id), row.Open, row.Sealed);

    private static Instant At(DateTime time) => Instant.FromDateTimeUtc(time);

    private void Require(bool holds, string what)
    {
        if (!holds) run.World.Fail(what);
    }
}
