using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Sql;
using NodaTime;
using static Lifecycle.EventLog.Sql.LogStatements;

namespace Lifecycle.Simulation.Tests.Contract;

/// <summary>Who is counted, what a shard stores of its count, and what is said of all counts later.</summary>
internal static class CountScenes
{
    private static readonly Instant Ahead = Instant.FromUtc(2199, 1, 1, 0, 0);
    private static readonly Guid Owner = new("11111111-0000-4000-8000-000000000001");
    private static readonly Guid Day = new("d0000000-0000-4000-8000-000000000001"), Next = new("d0000000-0000-4000-8000-000000000002");
    private static readonly Guid Spend = new("e0000000-0000-4000-8000-000000000001"), Orders = new("e0000000-0000-4000-8000-000000000002");

    // In the order of their keys; a user id may look like an anonymous one nearly.
    private static readonly (Guid Key, string Id)[] Customers =
    [
        (new("0a000000-0000-4000-8000-000000000001"), "ann"), (new("1a000000-0000-4000-8000-000000000002"), "anonymous:1"), (new("7f000000-0000-4000-8000-000000000003"), "anonymous"),
        (new("8f000000-0000-4000-8000-000000000004"), "bob"), (new("f0000000-0000-4000-8000-000000000005"), "carol"), (new("ff000000-0000-4000-8000-000000000006"), "Anonymous:1"),
    ];

    public static async Task WhoIsCountedAsync(Transcript both)
    {
        await both.Database.EnsurePartitionsAsync(Ahead, default);
        await both.ReadAsync(LockHead(0), Command("raise_head").With(0).With((Instant?)Ahead));
        await both.ReadAsync(3, false, Command("acquire_lease").With(0).With(Owner).With(TimeSpan.FromHours(1)));
        await both.WriteAsync(Command("ensure_customers").With(0).With(Customers.Select(_ => 1).ToArray()).With(Customers.Select(one => one.Key).ToArray())
            .With(Customers.Select(one => one.Id).ToArray()).With(Customers.Select(_ => new byte[] { 7 }).ToArray()));
        await both.WriteAsync(Command("ensure_customers").With(0).With(new[] { 2 }).With(new[] { Customers[0].Key }).With(new[] { "another tenant's" }).With(new byte[][] { [8] }));
        await both.WriteAsync(ProjectionSql.InBatch("store_states").With(0).With(1L).With(Owner).With(Customers.Select(_ => 1).ToArray())
            .With(Customers.Select(one => one.Key).ToArray()).With(Customers.Select(_ => 1L).ToArray()).With(Customers.Select((_, i) => new[] { (byte)i }).ToArray()));
        await ReadAsync();
        await both.ReadAsync(LockHead(0), EraseCustomer(new Tenant(1, "live", false, []), new CustomerRef(1, 0, new CustomerKey(Customers[3].Key), "bob")));
        await ReadAsync();

        async Task ReadAsync()
        {
            foreach (var statement in (string[])["read_known_customers_after", "read_states_after"])
                foreach (var (tenant, after, limit) in ((int, Guid, int)[])[(1, Guid.Empty, 10), (1, Guid.Empty, 2), (1, Customers[0].Key, 2), (1, Customers[2].Key, 3), (1, Customers[5].Key, 3), (2, Guid.Empty, 10), (3, Guid.Empty, 10)])
                    await both.ReadAsync(ProjectionSql.InBatch(statement).With(0).With(tenant).With(after).With(limit));
        }
    }

    public static async Task WhatIsStoredAsync(Transcript both)
    {
        await ReadAsync();
        await StoreAsync(0, Day, Ahead, 1);
        await StoreAsync(0, Day, Ahead + Duration.FromHours(1), 2); // The first is kept.
        await StoreAsync(1, Day, Ahead + Duration.FromHours(2), 3);
        await both.WriteAsync(ProjectionSql.InBatch("store_cut_counts").With(0).With(2).With(Day).With(new[] { Spend }).With(new byte[][] { [9] }).With(Ahead));
        await ReadAsync();
        await StoreAsync(0, Next, Ahead + Duration.FromDays(2), 4); // Two days are not more than two days.
        await ReadAsync();
        await StoreAsync(0, Next, Ahead + Duration.FromDays(2) + Duration.FromMilliseconds(1), 5);
        await ReadAsync();
        await both.WriteAsync(ProjectionSql.InBatch("store_cut_counts").With(1).With(1).With(Next).With(Array.Empty<Guid>()).With(Array.Empty<byte[]>()).With(Ahead + Duration.FromDays(9)));
        await ReadAsync();

        Task StoreAsync(int shard, Guid id, Instant at, byte counts) => both.WriteAsync(ProjectionSql.InBatch("store_cut_counts").With(shard).With(1).With(id)
            .With(new[] { Spend, Orders }).With(new byte[][] { [counts], [counts, 0] }).With(at));

        async Task ReadAsync()
        {
            foreach (var (shard, tenant, id) in ((int, int, Guid)[])[(0, 1, Day), (0, 1, Next), (1, 1, Day), (1, 1, Next), (0, 2, Day)])
            {
                await both.ReadAsync(ProjectionSql.InBatch("read_cut_count_stored").With(shard).With(tenant).With(id));
                foreach (var metric in (Guid[])[Spend, Orders]) await both.ReadAsync(ProjectionSql.InBatch("read_cut_count").With(shard).With(tenant).With(id).With(metric));
            }
        }
    }

    public static async Task WhatIsSaidAsync(Transcript both)
    {
        var (tenant, other) = (new Tenant(1, "live", false, []), new Tenant(2, "test", true, []));
        await both.Database.EnsurePartitionsAsync(Ahead, default);
        await both.ReadAsync(LockHead(0), Command("raise_head").With(0).With((Instant?)Ahead));
        await both.ReadAsync(ProjectionSql.InBatch("read_history").With(0).With(1));
        (Tenant Tenant, ShardInput Input)[] inputs =
        [
            (tenant, new ReleaseActivated(1, "one", [new CutPoints("top", 1, [2m])])), (tenant, Cuts(3)), (other, Cuts(4)), (tenant, new HistoryOpened()),
            (tenant, new HistoryClosed()), (tenant, new CountAsked()), (tenant, Cuts(5)), (tenant, new ReleaseActivated(2, "two")),
        ];
        for (var i = 0; i < inputs.Length; i++)
        {
            await both.ReadAsync(LockHead(0), AppendShardInput(0, inputs[i].Tenant, inputs[i].Input, new RecordId(StableHash.Of($"{i}"))));
            await both.ReadAsync(ProjectionSql.InBatch("read_history").With(0).With(1));
            await both.ReadAsync(Command("raise_head").With(0).With((Instant?)(Ahead + Duration.FromDays(i))));
        }
        foreach (var after in (long[])[0, 2, 6, 7, 100])
            await both.ReadAsync(ProjectionSql.InBatch("read_cuts_after").With(0).With(1).With(after));
        await both.ReadAsync(ProjectionSql.InBatch("read_cuts_after").With(0).With(2).With(0L));
        foreach (var (day, limit) in ((double, int)[])[(-1, 9), (0, 9), (4, 9), (4, 1), (9, 2)])
            await both.ReadAsync(ProjectionSql.InBatch("read_cuts_at").With(0).With(1).With(Ahead + Duration.FromDays(day)).With(limit));

        static CutPointsComputed Cuts(decimal value) => new([new CutPoints("top", 1, [value])], [1]);
    }
}
