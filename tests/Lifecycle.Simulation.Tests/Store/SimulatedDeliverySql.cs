namespace Lifecycle.Simulation.Tests.Store;

/// <summary>The statements of delivery, of endpoints and of what is carried.</summary>
internal static class SimulatedDeliverySql
{
    public static readonly Dictionary<string, Func<FakeStore, Call, Answer>> Statements = new()
    {
        ["find_due"] = (store, call) => Answer.Row(store.Now, store.Deliveries.Where(row => row.Key.Shard == call.Shard && row.Value.Status == 0)
            .Select(row => (DateTime?)row.Value.NextAt).Min()),
        ["claim_due"] = ClaimDue,
        ["record_result"] = RecordResult,
        ["record_attempt"] = (store, call) => Answer.Written(LogSql.TryAdd(store.Attempts, (Key(call), call.Get<int>(5)),
            new AttemptRow(call.Get<DateTime>(6), call.Get<int>(7), call.Get<int?>(8), call.Get<string?>(9)))),
        ["count_pending"] = (store, call) => Answer.Row(
            store.Deliveries.LongCount(row => row.Key.Shard == call.Shard && row.Key.Tenant == call.Get<int>(2)
                && row.Value is { Status: 0, LastStatus: null, LastError: null })
            + store.Carries.LongCount(row => row.Key.Shard == call.Shard && row.Key.Tenant == call.Get<int>(2))),
        ["read_carry"] = (store, call) => Answer.Of(store.Carries.Where(row => row.Key.Shard == call.Shard)
            .OrderBy(row => row.Value.Clock).ThenBy(row => row.Key.Id).Take(call.Get<int>(2))
            .Select(row => new object?[]
            {
                row.Key.Tenant, row.Key.Id, row.Value.Clock, row.Value.Target, row.Value.Hops, row.Value.Name, row.Value.Version, row.Value.Open,
            })),
        ["remove_carried"] = (store, call) => Answer.Written(call.Get<int[]>(2)
            .Zip(call.Get<Guid[]>(3), (tenant, id) => new CarryKey(call.Shard, tenant, id)).Count(store.Carries.Remove)),
        ["find_endpoint"] = (store, call) => Answer.Of(store.Endpoints.Find(Endpoint(call)) is { } found ? [Columns(call.Get<int>(2), found)] : []),
        ["create_endpoint"] = CreateEndpoint,
        ["disable_endpoint"] = (store, call) => Change(store, call, endpoint =>
            endpoint with { Enabled = false, DisabledBecause = endpoint.DisabledBecause ?? call.Get<string>(3) }),
        ["mark_failing"] = (store, call) => Change(store, call, endpoint =>
            endpoint.FailingSince is null ? endpoint with { FailingSince = call.Get<DateTime>(3) } : null),
        ["mark_healthy"] = (store, call) => Change(store, call, endpoint =>
            endpoint.FailingSince is null ? null : endpoint with { FailingSince = null }),
        ["store_release"] = (store, call) =>
        {
            store.Releases.Put((call.Get<int>(1), call.Get<int>(2)), new ReleaseRow(call.Get<string>(3), call.Get<string>(4), store.Now));
            return Answer.Written(1);
        },
    };

    private static DeliveryKey Key(Call call) => new(call.Shard, call.Get<int>(2), call.Get<Guid>(3), call.Get<int>(4));

    private static (int Tenant, int Number) Endpoint(Call call) => (call.Get<int>(1), call.Get<int>(2));

    private static Answer ClaimDue(FakeStore store, Call call)
    {
        var due = store.Deliveries
            .Where(row => row.Key.Shard == call.Shard && row.Value.Status == 0 && row.Value.NextAt <= call.Get<DateTime>(2))
            .OrderBy(row => row.Value.NextAt).ThenBy(row => row.Key.Key).Take(call.Get<int>(3)).ToList();
        var claimed = new List<object?[]>();
        foreach (var (key, row) in due)
        {
            store.Deliveries.Put(key, row with { Attempt = row.Attempt + 1, NextAt = call.Get<DateTime>(4) });
            claimed.Add([
                key.Tenant, row.Customer, key.Key, key.Endpoint, row.RequestedAt, row.Request, row.Attempt + 1,
                row.LastError is not null || row.LastStatus is not null,
            ]);
        }
        return Answer.Of(claimed);
    }

    private static Answer RecordResult(FakeStore store, Call call)
    {
        if (store.Deliveries.Find(Key(call)) is not { Status: 0 } row || row.Attempt != call.Get<int>(5)) return Answer.Written(0);
        store.Deliveries.Put(Key(call), row with
        {
            Status = call.Get<short>(6), NextAt = call.Get<DateTime>(7), LastStatus = call.Get<int?>(8), LastError = call.Get<string?>(9),
        });
        return Answer.Written(1);
    }

    private static Answer CreateEndpoint(FakeStore store, Call call)
    {
        var tenant = call.Get<int>(1);
        var number = store.Endpoints.Where(row => row.Key.Tenant == tenant).Select(row => row.Key.Number).DefaultIfEmpty(0).Max() + 1;
        var row = new EndpointRow(call.Get<string>(2), call.Get<string>(3), true, null, null, call.Get<DateTime>(4));
        store.Endpoints.Put((tenant, number), row);
        return Answer.Row(Columns(number, row));
    }

    private static Answer Change(FakeStore store, Call call, Func<EndpointRow, EndpointRow?> change)
    {
        if (store.Endpoints.Find(Endpoint(call)) is not { } found || change(found) is not { } changed) return Answer.Written(0);
        store.Endpoints.Put(Endpoint(call), changed);
        return Answer.Written(1);
    }

    private static object?[] Columns(int number, EndpointRow row) =>
        [number, row.Url, row.Secret, row.Enabled, row.DisabledBecause, row.FailingSince, row.CreatedAt];
}
