using Npgsql;

namespace Lifecycle.Simulation.Tests.Store;

/// <summary>The statements of a processing step. Each asks for the lease itself.</summary>
internal static class StepSql
{
    public static readonly Dictionary<string, Func<FakeStore, Call, Answer>> Statements = new()
    {
        ["store_states"] = Guarded((store, call) => PutWhereOther(call, store.States,
            i => new SimulatedStateRow(call.Get<long[]>(6)[i], call.Get<byte[][]>(7)[i]), (a, b) => a.LivedTo == b.LivedTo && a.Body.AsSpan().SequenceEqual(b.Body))),
        ["store_due"] = Guarded((store, call) => PutWhereOther(call, store.Dues,
            i => new SimulatedDueRow(call.Get<DateTime[]>(6)[i], call.Get<bool[]>(7)[i]), (a, b) => a == b)),
        ["drop_due"] = Guarded((store, call) => call.Customers(4, 5).Count(store.Dues.Remove)),
        ["close_spans"] = Guarded(CloseSpans),
        ["open_spans"] = Guarded(OpenSpans),
        ["request_deliveries"] = Guarded(RequestDeliveries),
        ["hand_over"] = Guarded(HandOver),
        ["set_aside"] = Guarded((store, call) => Put(call, (place, i) =>
            store.SetAside.Put(place, new SetAsideRow(call.Get<long[]>(6)[i], call.Get<string[]>(7)[i], store.Now)))),
        ["require_event"] = RequireEvent,
        ["store_look_ups"] = Guarded(StoreLookUps),
        ["drop_erased"] = Guarded((store, call) => call.Customers(4, 5).Count(place => DropAll(store, place))),
        ["take_back"] = Guarded((store, call) => call.Customers(4, 5).Count(store.SetAside.Remove)),
    };

    private static Func<FakeStore, Call, Answer> Guarded(Func<FakeStore, Call, int> write) =>
        (store, call) => Answer.Written(store.Holds(call) ? write(store, call) : 0);

    private static Answer RequireEvent(FakeStore store, Call call)
    {
        var row = store.Events[call.Shard].ElementAtOrDefault((int)call.Get<long>(2) - 1);
        return row is { Kind: 1 } && row.RecordedAt == call.Get<DateTime>(3) && row.Id == call.Get<Guid>(4)
            ? Answer.Row(1L)
            : throw new PostgresException("division by zero", "ERROR", "ERROR", PostgresErrorCodes.DivisionByZero);
    }

    private static int StoreLookUps(FakeStore store, Call call)
    {
        var written = 0;
        Put(call, (place, i) =>
        {
            var (key, row) = ((place, call.Get<short[]>(6)[i]), new SimulatedLookUpRow(call.Get<Guid?[]>(7)[i], call.Get<DateTime[]>(8)[i]));
            if (store.LookUps.Find(key) is { } before && before.At > row.At) return;
            store.LookUps.Put(key, row);
            written++;
        });
        return written;
    }

    private static bool DropAll(FakeStore store, CustomerPlace place)
    {
        store.States.Remove(place);
        store.Dues.Remove(place);
        foreach (var row in store.LookUps.Where(row => row.Key.Place == place).Select(row => row.Key).ToList()) store.LookUps.Remove(row);
        foreach (var span in store.Spans.Where(row => row.Key.Place == place).Select(row => row.Key).ToList()) store.Spans.Remove(span);
        var deliveries = store.Deliveries.Where(row => row.Key.Shard == place.Shard && row.Key.Tenant == place.Tenant && row.Value.Customer == place.Customer)
            .Select(row => row.Key).ToList();
        foreach (var attempt in store.Attempts.Where(row => deliveries.Contains(row.Key.Delivery)).Select(row => row.Key).ToList()) store.Attempts.Remove(attempt);
        foreach (var delivery in deliveries) store.Deliveries.Remove(delivery);
        return store.SetAside.Remove(place);
    }

    private static int Put(Call call, Action<CustomerPlace, int> put)
    {
        var places = call.Customers(4, 5).ToList();
        for (var i = 0; i < places.Count; i++) put(places[i], i);
        return places.Count;
    }

    private static int PutWhereOther<TRow>(Call call, Table<CustomerPlace, TRow> table, Func<int, TRow> rowOf, Func<TRow, TRow, bool> same)
        where TRow : class
    {
        var written = 0;
        Put(call, (place, i) =>
        {
            var row = rowOf(i);
            if (table.Find(place) is { } stored && same(stored, row)) return;
            table.Put(place, row);
            written++;
        });
        return written;
    }

    private static SimulatedSpanKey? LastSpan(FakeStore store, CustomerPlace place, string track)
    {
        SimulatedSpanKey? last = null;
        for (var ordinal = 0; store.Spans.Find(new SimulatedSpanKey(place, track, ordinal)) is not null; ordinal++) last = new SimulatedSpanKey(place, track, ordinal);
        return last;
    }

    private static int CloseSpans(FakeStore store, Call call)
    {
        var closed = 0;
        Put(call, (place, i) =>
        {
            if (LastSpan(store, place, call.Get<string[]>(6)[i]) is not { } last || store.Spans.Find(last) is not { LeftAt: null } present) return;
            store.Spans.Put(last, present with { LeftAt = call.Get<DateTime[]>(7)[i] });
            closed++;
        });
        return closed;
    }

    private static int OpenSpans(FakeStore store, Call call)
    {
        var places = call.Customers(4, 5).ToList();
        // The customer's earlier spans are counted before any of these is there.
        var firsts = places.Zip(call.Get<string[]>(6), (place, track) => LastSpan(store, place, track) is { } last ? last.Ordinal + 1 : 0).ToList();
        return Put(call, (place, i) =>
        {
            var key = new SimulatedSpanKey(place, call.Get<string[]>(6)[i], firsts[i] + call.Get<int[]>(7)[i]);
            store.Spans.Put(key, new SimulatedSpanRow(call.Get<string[]>(8)[i], call.Get<DateTime[]>(9)[i], call.Get<DateTime?[]>(10)[i],
                call.Get<int[]>(11)[i], call.Get<Guid[]>(12)[i]));
        });
    }

    private static int RequestDeliveries(FakeStore store, Call call)
    {
        var requested = 0;
        Put(call, (place, i) =>
        {
            var endpoints = store.Endpoints.Where(row => row.Key.Tenant == place.Tenant && row.Value.Enabled).Select(row => row.Key.Number).DefaultIfEmpty(0);
            foreach (var endpoint in endpoints)
            {
                var row = new DeliveryRow(place.Customer, call.Get<DateTime[]>(7)[i], store.Now, call.Get<byte[][]>(8)[i], 0, 0, store.Now, null, null);
                if (LogSql.TryAdd(store.Deliveries, new DeliveryKey(call.Shard, place.Tenant, call.Get<Guid[]>(6)[i], endpoint), row)) requested++;
            }
        });
        return requested;
    }

    private static int HandOver(FakeStore store, Call call)
    {
        var (handed, tenants) = (0, call.Get<int[]>(4));
        for (var i = 0; i < tenants.Length; i++)
        {
            var row = new CarryRow(call.Get<DateTime[]>(6)[i], call.Get<string[]>(7)[i], call.Get<short[]>(8)[i], call.Get<string[]>(9)[i],
                call.Get<short[]>(10)[i], call.Get<byte[][]>(11)[i]);
            if (LogSql.TryAdd(store.Carries, new CarryKey(call.Shard, tenants[i], call.Get<Guid[]>(5)[i]), row)) handed++;
        }
        return handed;
    }
}
