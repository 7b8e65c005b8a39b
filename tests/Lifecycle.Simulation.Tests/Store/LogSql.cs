using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Lifecycle.Simulation.Tests.Store;

/// <summary>The statements that write to the log and to the leases.</summary>
internal static class LogSql
{
    public static readonly Dictionary<string, Func<FakeStore, Call, Answer>> Statements = new()
    {
        ["lock_head"] = (store, call) => Answer.Row(store.Heads.Find(call.Shard)!.Position),
        ["raise_head"] = RaiseHead,
        ["raise_engine"] = (_, _) => Answer.Of([]),
        ["append_inputs"] = AppendInputs,
        ["append_new_inputs"] = AppendNewInputs,
        ["append_shard_input"] = AppendShardInput,
        ["append_facts"] = AppendFacts,
        ["erase_customer"] = EraseCustomer,
        ["lock_lease"] = (store, call) => Answer.Of(store.Holds(call) ? [[1]] : []),
        ["acquire_lease"] = AcquireLease,
        ["renew_lease"] = (store, call) => ChangeLease(store, call, lease => lease with { ExpiresAt = store.Now + call.Get<TimeSpan>(4) }),
        ["release_lease"] = (store, call) => ChangeLease(store, call, lease => lease with { Owner = null }),
        ["advance_lease"] = (store, call) => ChangeLease(store, call, lease =>
            lease with { Consumed = call.Get<long>(4), Swept = call.Get<long>(5), FiredTo = call.Get<DateTime>(6) }),
        ["ensure_tenant"] = EnsureTenant,
        ["ensure_tenant_clock"] = StartClock,
        ["start_tenant_clock"] = StartClock,
        ["ensure_customers"] = EnsureCustomers,
        ["create_key"] = (store, call) => Answer.Written(TryAdd(
            store.Keys, HashOf(call), new KeyRow(call.Get<int>(2), call.Get<string>(3), call.Get<string>(4)))),
        ["quarantine"] = Quarantine,
        ["store_release"] = StoreRelease,
    };

    public static Guid HashOf(Call call) => new(call.Get<byte[]>(1).AsSpan(0, 16));

    public static bool TryAdd<TKey, TRow>(Table<TKey, TRow> table, TKey key, TRow row)
        where TKey : notnull
        where TRow : class
    {
        if (table.Find(key) is not null) return false;
        table.Put(key, row);
        return true;
    }

    private static HeadRow Present(FakeStore store, int shard)
    {
        var head = store.Heads.Find(shard)!;
        return head with { RecordedAt = FakeStore.Later(head.RecordedAt, FakeStore.Milliseconds(store.Now)) };
    }

    private static Answer RaiseHead(FakeStore store, Call call)
    {
        var head = store.Heads.Find(call.Shard)!;
        var raised = call.Get<DateTime?>(2) is { } to ? head with { RecordedAt = FakeStore.Later(head.RecordedAt, to) } : Present(store, call.Shard);
        store.Heads.Put(call.Shard, raised);
        return Answer.Row(raised.Position, raised.RecordedAt);
    }

    private static Answer AppendInputs(FakeStore store, Call call)
    {
        var (shard, head) = (call.Shard, Present(store, call.Shard));
        var window = (int)Math.Floor((head.RecordedAt - DateTime.UnixEpoch).TotalMilliseconds / call.Get<long>(2));
        var rows = Incoming(call);
        MessageRow? Known(Row row) => ((int[])[0, window, window - 1])
            .Select(one => store.Messages.Find(new MessageKey(shard, row.Tenant, row.Customer, row.Id, one)))
            .Where(found => found is not null).MinBy(found => found!.Position);
        bool IsGone(Row row) => store.Erased.Find(new CustomerPlace(shard, row.Tenant, row.Customer)) is not null;
        var known = rows.ToDictionary(row => row.Number, row => IsGone(row) ? null : Known(row));
        var fresh = rows.Where(row => row.IsFirst && known[row.Number] is null && !IsGone(row)).ToList();

        var before = OpenHistories(store, shard, head, fresh);
        var position = before;
        foreach (var row in fresh)
        {
            var present = row.Test && store.Clocks.Find((shard, row.Tenant)) is { } clock ? clock.Clock : head.RecordedAt;
            var occurred = FakeStore.Earlier(row.OccurredAt, present);
            store.Append(shard, new EventRow(++position, head.RecordedAt, row.Imported ? occurred : present, row.Imported || !row.Test ? occurred : present,
                row.Tenant, row.Customer, 1, row.Name, row.Version, row.Imported, row.Hops, null, null, row.Id, row.Open, row.Sealed));
            Remember(store, new MessageKey(shard, row.Tenant, row.Customer, row.Id, row.Imported ? 0 : window), new MessageRow(row.Content, position));
        }
        if (fresh.Count > 0) store.Heads.Put(shard, new HeadRow(position, head.RecordedAt));

        var found = rows.Where(row => known[row.Number] is not null)
            .Select(row => new object?[] { before, (long)row.Number, known[row.Number]!.Content, known[row.Number]!.Position, head.RecordedAt })
            .Concat(rows.Where(IsGone).Select(row => new object?[] { before, (long)row.Number, null, 0L, head.RecordedAt })).ToList();
        return Answer.Of(found.Count > 0 ? found : [[before, null, null, null, head.RecordedAt]]);
    }

    private static Answer AppendNewInputs(FakeStore store, Call call)
    {
        var (shard, head) = (call.Shard, Present(store, call.Shard));
        var window = (int)Math.Floor((head.RecordedAt - DateTime.UnixEpoch).TotalMilliseconds / call.Get<long>(2));
        var (rows, position) = (Incoming(call), head.Position);
        MessageKey KeyOf(Row row, int one) => new(shard, row.Tenant, row.Customer, row.Id, one);
        if (rows.Any(row => store.Messages.Find(KeyOf(row, 0)) is not null || store.Messages.Find(KeyOf(row, window - 1)) is not null)) return Answer.Of([]);
        if (rows.Any(row => store.Erased.Find(new CustomerPlace(shard, row.Tenant, row.Customer)) is not null)) return Answer.Of([]);
        foreach (var row in rows)
        {
            if (store.Messages.Find(KeyOf(row, window)) is not null)
            {
                throw new PostgresException("duplicate key value violates unique constraint", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation,
                    tableName: $"message_id_{window}", constraintName: $"message_id_{window}_pkey");
            }
            store.Append(shard, new EventRow(++position, head.RecordedAt, head.RecordedAt, FakeStore.Earlier(row.OccurredAt, head.RecordedAt),
                row.Tenant, row.Customer, 1, row.Name, row.Version, false, row.Hops, null, null, row.Id, row.Open, row.Sealed));
            Remember(store, KeyOf(row, window), new MessageRow(row.Content, position));
        }
        store.Heads.Put(shard, new HeadRow(position, head.RecordedAt));
        return Answer.Row(head.Position, head.RecordedAt);
    }

    /// <summary>The rows of an append; what only that with imported and test tenants' inputs says is false otherwise.</summary>
    private static List<Row> Incoming(Call call)
    {
        var tenants = call.Get<int[]>(3);
        bool Flag(int number, int i) => call.Parameters.Length >= number && call.Get<bool[]>(number)[i];
        return [.. Enumerable.Range(0, tenants.Length).Select(i => new Row(i + 1, tenants[i], call.Get<Guid[]>(4)[i], call.Get<Guid[]>(5)[i],
            call.Get<Guid[]>(6)[i], call.Get<string[]>(7)[i], call.Get<short[]>(8)[i], call.Get<byte[][]>(9)[i], call.Get<byte[]?[]>(10)[i],
            call.Get<DateTime[]>(11)[i], Flag(13, i), call.Get<short[]>(12)[i], Flag(14, i), Flag(15, i)))];
    }

    private static long OpenHistories(FakeStore store, int shard, HeadRow head, List<Row> fresh)
    {
        var position = head.Position;
        foreach (var imported in fresh.Where(row => row.Imported).GroupBy(row => row.Tenant).OrderBy(group => group.Key))
        {
            if (store.Histories.Find((shard, imported.Key)) is not { Open: true })
            {
                var present = imported.Any(row => row.Test) && store.Clocks.Find((shard, imported.Key)) is { } clock ? clock.Clock : head.RecordedAt;
                var text = string.Create(CultureInfo.InvariantCulture, $"history_opened {shard} {++position}");
#pragma warning disable CA5351 // As the statement does: nothing is kept secret by it.
                var id = new Guid(MD5.HashData(Encoding.UTF8.GetBytes(text)), bigEndian: true);
#pragma warning restore CA5351
                store.Append(shard, new EventRow(position, head.RecordedAt, present, present, imported.Key, null, 3, "history_opened", 1, false, 0,
                    null, null, id, "{}"u8.ToArray(), null));
            }
            store.Histories.Put((shard, imported.Key), new HistoryRow(true, head.RecordedAt));
        }
        return position;
    }

    private static void Remember(FakeStore store, MessageKey key, MessageRow row)
    {
        if (key.Window != 0 && store.Partitions.Find(key.Window) is null)
        {
            throw new PostgresException("no partition of relation \"message_id\" found for row", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation,
                tableName: "message_id");
        }
        store.Messages.Put(key, row);
    }

    private static Answer AppendShardInput(FakeStore store, Call call)
    {
        var (shard, tenant, head) = (call.Shard, call.Get<int>(2), Present(store, call.Shard));
        var (test, id, name, to, open) = (call.Get<bool>(3), call.Get<Guid>(4), call.Get<string>(6), call.Get<DateTime?>(9), call.Get<bool?>(10));
        var key = new MessageKey(shard, tenant, Guid.Empty, id, 0);
        var known = store.Messages.Find(key);
        var standing = store.Histories.Find((shard, tenant))?.Open ?? false;
        if (known is not null || open == standing)
        {
            var last = open == standing ? store.Events[shard].LastOrDefault(row => row.Tenant == tenant && row.Kind == 3 && row.Name == name) : null;
            var result = known is not null && known.Content != call.Get<Guid>(5) ? 2 : 1;
            return Answer.Row((short)result, known?.Position ?? last?.Position ?? 0);
        }
        var clock = test && store.Clocks.Find((shard, tenant)) is { } own ? own.Clock : head.RecordedAt;
        if (to is { } later) clock = FakeStore.Later(clock, later);
        var position = head.Position + 1;
        store.Append(shard, new EventRow(position, head.RecordedAt, clock, clock, tenant, null, 3, name, call.Get<short>(7), false, 0, null, null, id,
            call.Get<byte[]>(8), null));
        Remember(store, key, new MessageRow(call.Get<Guid>(5), position));
        if (open is { } told) store.Histories.Put((shard, tenant), new HistoryRow(told, head.RecordedAt));
        if (test && to is not null) store.Clocks.Put((shard, tenant), new ClockRow(clock));
        store.Heads.Put(shard, new HeadRow(position, head.RecordedAt));
        return Answer.Row((short)0, position);
    }

    private static Answer EraseCustomer(FakeStore store, Call call)
    {
        var (shard, tenant, head) = (call.Shard, call.Get<int>(2), Present(store, call.Shard));
        var place = new CustomerPlace(shard, tenant, call.Get<Guid>(4));
        if (store.Erased.Find(place) is { } known) return Answer.Row((short)1, known.Position);
        if (store.Customers.Find(place) is not { } customer) return Answer.Row((short)1, 0L);
        var clock = call.Get<bool>(3) && store.Clocks.Find((shard, tenant)) is { } own ? own.Clock : head.RecordedAt;
        var position = head.Position + 1;
        store.Append(shard, new EventRow(position, head.RecordedAt, clock, clock, tenant, place.Customer, 1, call.Get<string>(6), call.Get<short>(7), false, 0,
            null, null, call.Get<Guid>(5), call.Get<byte[]>(8), null));
        store.Erased.Put(place, new ErasedRow(position));
        store.Customers.Put(place, customer with { Id = "", Key = null });
        store.Heads.Put(shard, new HeadRow(position, head.RecordedAt));
        return Answer.Row((short)0, position);
    }

    private static Answer AppendFacts(FakeStore store, Call call)
    {
        if (!store.Holds(call)) return Answer.Row(0L, null);
        var (head, tenants) = (Present(store, call.Shard), call.Get<int[]>(4));
        for (var i = 0; i < tenants.Length; i++)
        {
            var clock = call.Get<DateTime[]>(7)[i];
            store.Append(call.Shard, new EventRow(head.Position + i + 1, head.RecordedAt, clock, clock, tenants[i], call.Get<Guid[]>(5)[i], 2,
                call.Get<string[]>(8)[i], call.Get<short[]>(9)[i], false, 0, call.Get<Guid[]>(10)[i], call.Get<int[]>(11)[i], call.Get<Guid[]>(6)[i],
                call.Get<byte[][]>(12)[i], null));
        }
        store.Heads.Put(call.Shard, head with { Position = head.Position + tenants.Length });
        return Answer.Row((long)tenants.Length, head.Position + tenants.Length);
    }

    private static Answer AcquireLease(FakeStore store, Call call)
    {
        var (lease, owner) = (store.Leases.Find(call.Shard)!, call.Get<Guid>(2));
        if (lease.Owner is not null && lease.Owner != owner && lease.ExpiresAt > store.Now) return Answer.Of([]);
        var taken = lease with { Epoch = lease.Epoch + 1, Owner = owner, ExpiresAt = store.Now + call.Get<TimeSpan>(3) };
        store.Leases.Put(call.Shard, taken);
        return Answer.Row(taken.Epoch, taken.Consumed, taken.Swept, taken.FiredTo);
    }

    private static Answer ChangeLease(FakeStore store, Call call, Func<LeaseRow, LeaseRow> change)
    {
        if (!store.Holds(call)) return Answer.Written(0);
        store.Leases.Put(call.Shard, change(store.Leases.Find(call.Shard)!));
        return Answer.Written(1);
    }

    private static Answer EnsureTenant(FakeStore store, Call call)
    {
        if (store.Tenants.Any(row => row.Value.Name == call.Get<string>(1))) return Answer.Written(0);
        var tenant = new TenantRow(call.Get<string>(1), call.Get<bool>(2), call.Get<byte[]>(3), store.Now);
        store.Tenants.Put(store.Tenants.Select(row => row.Key).DefaultIfEmpty(0).Max() + 1, tenant);
        return Answer.Written(1);
    }

    private static Answer StartClock(FakeStore store, Call call) =>
        Answer.Written(TryAdd(store.Clocks, (call.Shard, call.Get<int>(2)), new ClockRow(call.Get<DateTime>(3))));

    private static Answer EnsureCustomers(FakeStore store, Call call) => Answer.Written(call.Customers(2, 3)
        .Zip(call.Get<string[]>(4), call.Get<byte[][]>(5))
        .Count(one => TryAdd(store.Customers, one.First, new CustomerRow(one.Second, one.Third))));

    private static Answer StoreRelease(FakeStore store, Call call)
    {
        var release = new ReleaseRow(call.Get<string>(3), call.Get<string>(4), store.Now);
        if (TryAdd(store.Releases, (call.Get<int>(1), call.Get<int>(2)), release)) return Answer.Written(1);
        throw new PostgresException("duplicate key value violates unique constraint", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation,
            tableName: "release", constraintName: "release_key");
    }

    private static Answer Quarantine(FakeStore store, Call call)
    {
        var ids = call.Get<Guid[]>(3);
        for (var i = 0; i < ids.Length; i++)
            store.Refused.Put((call.Shard, ids[i]), new RefusedRow(call.Get<string[]>(4)[i], call.Get<string[]>(5)[i], call.Get<byte[][]>(6)[i]));
        return Answer.Written(ids.Length);
    }

    private sealed record Row(int Number, int Tenant, Guid Customer, Guid Id, Guid Content, string Name, short Version, byte[] Open, byte[]? Sealed,
        DateTime OccurredAt, bool Imported, short Hops, bool Test, bool IsFirst);
}
