namespace Lifecycle.Simulation.Tests.Store;

/// <summary>The statements by which a processor reads what it needs.</summary>
internal static class JudgingSql
{
    public static readonly Dictionary<string, Func<FakeStore, Call, Answer>> Statements = new()
    {
        ["read_lease"] = ReadLease,
        ["read_set_aside"] = (store, call) => Answer.Of(store.SetAside.Where(row => row.Key.Shard == call.Shard)
            .OrderBy(row => row.Key.Tenant).ThenBy(row => row.Key.Customer)
            .Select(row => new object?[] { row.Key.Tenant, row.Key.Customer, row.Value.Position })),
        ["read_states"] = (store, call) => Answer.Of(call.Customers(2, 3).Select(place => new object?[]
        {
            place.Tenant, place.Customer, store.States.Find(place)?.Body, store.Dues.Find(place)?.At,
        })),
        ["read_sleepers"] = (store, call) => Answer.Of(StatesAfter(store, call).Where(row => row.Value.LivedTo < call.Get<long>(4))
            .Take(call.Get<int>(5)).Select(row => new object?[] { row.Key.Customer })),
        ["read_states_after"] = (store, call) => Answer.Of(StatesAfter(store, call).Take(call.Get<int>(4))
            .Select(row => new object?[] { row.Key.Customer, IsKnown(store, row.Key) ? row.Value.Body : null })),
        ["read_every_state_after"] = (store, call) => Answer.Of(StatesAfter(store, call).Take(call.Get<int>(4))
            .Select(row => new object?[] { row.Key.Customer, row.Value.Body })),
        ["read_known_customers_after"] = (store, call) => Answer.Of(store.Customers
            .Where(row => row.Key.Shard == call.Shard && row.Key.Tenant == call.Get<int>(2) && row.Key.Customer.CompareTo(call.Get<Guid>(3)) > 0 && IsKnown(store, row.Key))
            .OrderBy(row => row.Key.Customer).Take(call.Get<int>(4)).Select(row => new object?[] { row.Key.Customer })),
        ["store_cut_counts"] = StoreCounts,
        ["read_cut_count_stored"] = (store, call) => Answer.Of(CountsOf(store, call).Take(1).Select(row => new object?[] { row.Value.StoredAt })),
        ["read_cut_count"] = (store, call) => Answer.Of(CountsOf(store, call).Where(row => row.Key.Metric == call.Get<Guid>(4))
            .Select(row => new object?[] { row.Value.Counts })),
        ["read_due_by_wall"] = (store, call) => Answer.Of(Due(store, call.Shard, row => row.Value.Wall && row.Value.At <= call.Get<DateTime>(2))
            .Where(row => (row.Value.At, row.Key.Tenant, row.Key.Customer).CompareTo((call.Get<DateTime>(3), call.Get<int>(4), call.Get<Guid>(5))) > 0)
            .Take(call.Get<int>(6)).Select(row => new object?[] { row.Key.Tenant, row.Key.Customer, row.Value.At })),
        ["read_due_by_test_clock"] = (store, call) => Answer.Of(Due(store, call.Shard,
                row => !row.Value.Wall && row.Key.Tenant == call.Get<int>(2) && row.Value.At <= call.Get<DateTime>(3))
            .Take(call.Get<int>(4)).Select(row => new object?[] { row.Key.Tenant, row.Key.Customer })),
        ["read_next_due"] = (store, call) => Answer.Of(store.Dues.Where(row => row.Key.Shard == call.Shard && row.Value.Wall)
            .Select(row => row.Value.At).Order().Take(1).Select(at => new object?[] { at })),
        ["read_forgotten_histories"] = (store, call) => Answer.Of(store.Histories
            .Where(row => row.Key.Shard == call.Shard && row.Value.Open && row.Value.LastInputAt <= store.Now - call.Get<TimeSpan>(2))
            .Select(row => new object?[] { row.Key.Tenant, row.Value.LastInputAt })),
        ["read_history"] = (store, call) => Answer.Of(store.Histories.Find((call.Shard, call.Get<int>(2))) is { } history ? [[history.Open, history.LastInputAt]] : []),
        ["count_people"] = (store, call) => Answer.Of(store.Spans
            .Where(row => row.Key.Place.Shard == call.Shard && row.Key.Place.Tenant == call.Get<int>(2) && row.Value.LeftAt is null)
            .GroupBy(row => (row.Key.Track, row.Value.Stage)).Select(stage => new object?[] { stage.Key.Track, stage.Key.Stage, (long)stage.Count() })),
        ["read_spans"] = (store, call) => Answer.Of(store.Spans
            .Where(row => row.Key.Place == new CustomerPlace(call.Shard, call.Get<int>(2), call.Get<Guid>(3)))
            .OrderBy(row => row.Key.Track, StringComparer.Ordinal).ThenBy(row => row.Key.Ordinal)
            .Select(row => new object?[]
            {
                row.Key.Track, row.Key.Ordinal, row.Value.Stage, row.Value.EnteredAt, row.Value.LeftAt, row.Value.Release, row.Value.Fact,
            })),
    };

    private static Answer ReadLease(FakeStore store, Call call)
    {
        var lease = store.Leases.Find(call.Shard)!;
        return Answer.Row(lease.Epoch, lease.Owner, lease.Consumed, lease.Swept, lease.FiredTo, lease.Owner is null || lease.ExpiresAt <= store.Now, store.Now);
    }

    /// <summary>Known by a user id.</summary>
    private static bool IsKnown(FakeStore store, CustomerPlace place) =>
        store.Customers.Find(place) is { Key: not null } customer && !customer.Id.StartsWith("anonymous:", StringComparison.Ordinal);

    private static Answer StoreCounts(FakeStore store, Call call)
    {
        var (shard, tenant, id, now) = (call.Shard, call.Get<int>(2), call.Get<Guid>(3), call.Get<DateTime>(6));
        foreach (var (key, _) in store.CutCounts.Where(row => row.Key.Shard == shard && row.Key.Tenant == tenant && row.Value.StoredAt < now.AddDays(-2)).ToList())
            store.CutCounts.Remove(key);
        var written = 0;
        foreach (var (metric, counts) in call.Get<Guid[]>(4).Zip(call.Get<byte[][]>(5)))
        {
            var key = new CutCountKey(shard, tenant, id, metric);
            if (store.CutCounts.Find(key) is not null) continue;
            store.CutCounts.Put(key, new CutCountRow(now, counts));
            written++;
        }
        return Answer.Written(written);
    }

    private static IEnumerable<KeyValuePair<CutCountKey, CutCountRow>> CountsOf(FakeStore store, Call call) => store.CutCounts
        .Where(row => row.Key.Shard == call.Shard && row.Key.Tenant == call.Get<int>(2) && row.Key.Id == call.Get<Guid>(3));

    private static IEnumerable<KeyValuePair<CustomerPlace, SimulatedStateRow>> StatesAfter(FakeStore store, Call call) => store.States
        .Where(row => row.Key.Shard == call.Shard && row.Key.Tenant == call.Get<int>(2) && row.Key.Customer.CompareTo(call.Get<Guid>(3)) > 0)
        .OrderBy(row => row.Key.Customer);

    private static IEnumerable<KeyValuePair<CustomerPlace, SimulatedDueRow>> Due(FakeStore store, int shard, Func<KeyValuePair<CustomerPlace, SimulatedDueRow>, bool> wanted) =>
        store.Dues.Where(row => row.Key.Shard == shard && wanted(row)).OrderBy(row => row.Value.At).ThenBy(row => row.Key.Tenant).ThenBy(row => row.Key.Customer);
}
