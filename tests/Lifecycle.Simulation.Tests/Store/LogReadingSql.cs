namespace Lifecycle.Simulation.Tests.Store;

/// <summary>The statements that read the log, its tenants and its customers.</summary>
internal static class LogReadingSql
{
    public static readonly Dictionary<string, Func<FakeStore, Call, Answer>> Statements = new()
    {
        ["read_head"] = (store, call) => Answer.Of(store.Heads.Find(call.Shard) is { } head ? [[head.Position, head.RecordedAt]] : []),
        ["read_events"] = (store, call) => Rows(store.Events[call.Shard].Skip((int)call.Get<long>(2)).Take(call.Get<int>(3))),
        ["read_shard_inputs"] = (store, call) => Rows(store.Events[call.Shard].Where(row => row.Kind == 3 && row.Position > call.Get<long>(2))),
        ["read_archived_months"] = (_, _) => Answer.Of([]),
        ["read_customer"] = (store, call) => Rows(Of(store, call).Where(row => row.Position <= call.Get<long>(4))),
        ["read_past_of"] = (store, call) => PastOf(store, call),
        ["read_events_of"] = EventsOf,
        ["read_cuts_at"] = (store, call) => Answer.Of(store.Events[call.Shard]
            .Where(row => row.Tenant == call.Get<int>(2) && row.Name is ("cut_points_computed" or "release_activated") && row.Clock <= call.Get<DateTime>(3))
            .Reverse().Take(call.Get<int>(4)).Select(row => row.ToColumns(withSealed: false))),
        ["read_cuts_after"] = (store, call) => Answer.Of(store.Events[call.Shard]
            .Where(row => row.Tenant == call.Get<int>(2) && row.Name == "cut_points_computed" && row.Position > call.Get<long>(3))
            .Select(row => row.ToColumns(withSealed: false))),
        ["read_customer_entry"] = (store, call) => Answer.Of(
            store.Customers.Find(new CustomerPlace(call.Shard, call.Get<int>(2), call.Get<Guid>(3))) is { } customer ? [[customer.Id, customer.Key]] : []),
        ["read_customer_keys"] = (store, call) => Answer.Of(call.Customers(2, 3).Distinct().Where(place => store.Customers.Find(place) is not null)
            .Select(place => new object?[] { place.Tenant, place.Customer, store.Customers.Find(place)!.Key })),
        ["read_customers_after"] = CustomersAfter,
        ["find_look_up"] = (store, call) => Answer.Of(store.LookUps.Where(row => row.Key.Place.Shard == call.Shard && row.Key.Place.Tenant == call.Get<int>(2)
                && row.Value.Hash == call.Get<Guid>(3)).Select(row => row.Key.Place.Customer).Order().Take(call.Get<int>(4)).Select(customer => new object?[] { customer })),
        ["read_erased"] = (store, call) => Answer.Of(store.Erased.Where(row => row.Key.Shard == call.Shard)
            .Select(row => new object?[] { row.Key.Tenant, row.Key.Customer })),
        ["read_tenants"] = (store, _) => Answer.Of(store.Tenants.OrderBy(row => row.Key).Select(row => new object?[]
        {
            row.Key, row.Value.Name, row.Value.Test, row.Value.Secret, FakeStore.Milliseconds(row.Value.CreatedAt),
        })),
        ["find_key"] = (store, call) => Answer.Of(store.Keys.Find(LogSql.HashOf(call)) is { } key ? [[key.Tenant, key.Kind, key.ClockMode]] : []),
        ["read_releases"] = (store, call) => Answer.Of(store.Releases.Where(row => row.Key.Tenant == call.Get<int>(1)).OrderBy(row => row.Key.Number)
            .Select(row => new object?[] { row.Key.Number, row.Value.Hash, row.Value.Content, row.Value.PublishedAt })),
        ["read_newest_release"] = (store, call) => Answer.Of(store.Releases.Where(row => row.Key.Tenant == call.Get<int>(1))
            .OrderByDescending(row => row.Key.Number).Take(1).Select(row => new object?[] { row.Key.Number, row.Value.Hash })),
    };

    private static Answer Rows(IEnumerable<EventRow> rows) => Answer.Of(rows.Select(row => row.ToColumns()));

    private static IEnumerable<EventRow> Of(FakeStore store, Call call) =>
        store.Events[call.Shard].Where(row => row.Tenant == call.Get<int>(2) && row.Customer == call.Get<Guid>(3));

    private static Answer PastOf(FakeStore store, Call call)
    {
        var wanted = call.Customers(2, 3).ToHashSet();
        return Answer.Of(store.Events[call.Shard]
            .Where(row => row.Customer is { } customer && wanted.Contains(new CustomerPlace(call.Shard, row.Tenant, customer)))
            .Where(row => row.Kind == 2 || (row.Kind == 1 && row.Position < call.Get<long>(4)))
            .Select(row => row.ToColumns()));
    }

    private static Answer EventsOf(FakeStore store, Call call)
    {
        var wanted = call.Customers(2, 3).ToHashSet();
        var rows = (
            from row in store.Events[call.Shard]
            let place = new CustomerPlace(call.Shard, row.Tenant, row.Customer ?? Guid.Empty)
            where wanted.Contains(place)
            select (Place: place, Row: (EventRow?)row)).ToList();
        rows.AddRange(wanted.Except(rows.Select(found => found.Place)).Select(place => (place, (EventRow?)null)));
        return Answer.Of(
            from found in rows
            let place = found.Place
            select (object?[])[.. found.Row?.ToColumns() ?? new object?[16], store.States.Find(place)?.LivedTo ?? 0L, place.Tenant, place.Customer]);
    }

    private static Answer CustomersAfter(FakeStore store, Call call)
    {
        var after = (call.Get<int>(2), call.Get<Guid>(3));
        return Answer.Of(store.Customers.Select(row => row.Key)
            .Where(place => place.Shard == call.Shard && (place.Tenant, place.Customer).CompareTo(after) > 0)
            .OrderBy(place => place.Tenant).ThenBy(place => place.Customer).Take(call.Get<int>(4))
            .Select(place => new object?[] { place.Tenant, place.Customer }));
    }
}
