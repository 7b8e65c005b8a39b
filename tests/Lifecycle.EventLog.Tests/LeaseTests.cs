using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.EventLog.Tests;

public sealed class LeaseTests
{
    private static readonly LogOptions OneShard = new() { Shards = 1 };
    private static readonly Guid One = new("00000000-0000-0000-0000-000000000001"), Two = new("00000000-0000-0000-0000-000000000002");

    [Fact]
    public async Task A_lease_has_one_owner_at_a_time()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var lease = await log.Leases.TryAcquireAsync(0, One);
        Assert.Equal((1, 0, 0), (lease!.Epoch, lease.Consumed, lease.Swept));
        Assert.Null(await log.Leases.TryAcquireAsync(0, Two));
        Assert.True(await log.Leases.RenewAsync(lease));
    }

    [Fact]
    public async Task Of_many_who_try_at_once_one_gets_it()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var leases = await Task.WhenAll(Enumerable.Range(1, 16).Select(n => log.Leases.TryAcquireAsync(0, new Guid(n, 0, 0, new byte[8]))));
        Assert.Single(leases, lease => lease is not null);
    }

    [Fact]
    public async Task A_released_lease_is_taken_at_once_and_every_taking_has_a_new_epoch()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var first = (await log.Leases.TryAcquireAsync(0, One))!;
        await log.Leases.ReleaseAsync(first);
        var second = (await log.Leases.TryAcquireAsync(0, Two))!;
        await log.Leases.ReleaseAsync(first); // Late: it has passed on.
        var again = (await log.Leases.TryAcquireAsync(0, Two))!;

        Assert.Equal([1, 2, 3], new[] { first, second, again }.Select(lease => lease.Epoch));
        Assert.False(await log.Leases.RenewAsync(first));
        Assert.False(await log.Leases.RenewAsync(second));
        Assert.Null(await log.Leases.TryAcquireAsync(0, One));
    }

    [Fact]
    public async Task An_expired_lease_passes_on_and_its_late_owner_changes_nothing()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var late = (await log.Leases.TryAcquireAsync(0, One))!;
        Assert.Equal(1, await AppendAsync(log, late, Facts(log, 1)));
        await ExpireAsync(log);
        var present = (await log.Leases.TryAcquireAsync(0, Two))!;
        var before = await log.Log.HeadAsync(0);

        Assert.Equal(0, await AppendAsync(log, late, Facts(log, 2)));
        Assert.False(await log.Leases.RenewAsync(late));
        Assert.Equal(before, await log.Log.HeadAsync(0));
        Assert.Equal(3, await AppendAsync(log, present, Facts(log, 3)));
        Assert.Equal(4, (await log.Log.HeadAsync(0)).Position);
    }

    [Fact]
    public async Task An_expired_lease_that_nobody_took_is_renewed()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var lease = (await log.Leases.TryAcquireAsync(0, One))!;
        await ExpireAsync(log);
        Assert.True(await log.Leases.RenewAsync(lease));
        Assert.Null(await log.Leases.TryAcquireAsync(0, Two));
    }

    [Fact]
    public async Task Facts_follow_in_order_with_their_own_clock()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "signed_up").SendAsync();
        var lease = (await log.Leases.TryAcquireAsync(0, One))!;
        var facts = Facts(log, 3);
        await AppendAsync(log, lease, facts);

        var rows = (await log.Log.ReadAsync(0, 1, 10)).ToList();
        Assert.Equal(facts.Select(fact => (fact.Id, fact.Clock, fact.Clock, fact.Ordinal)), rows.Select(row => (row.Id, row.Clock, row.OccurredAt, row.Ordinal!.Value)));
        Assert.Equal([2, 3, 4], rows.Select(row => row.Position));
        Assert.All(rows, row => Assert.Equal((EventKind.Fact, log.Customer("ann").Key), (row.Kind, row.Customer!.Value)));
        Assert.Equal(new StageConflict("lifecycle", "decline"), EventCodec.ToRecordedFact(rows[0]).Fact);
    }

    private static Task ExpireAsync(TestLog log) => log.Server.ExecuteAsync("update shard_lease set expires_at = clock_timestamp() - interval '1 second'");

    private static List<NewFact> Facts(TestLog log, int count) =>
    [
        .. Enumerable.Range(0, count).Select(ordinal => NewFact.Of(log.Tenant.Id, log.Customer("ann").Key, new RecordedFact(
            new RecordId(StableHash.Of($"fact {count} {ordinal}")), Instant.FromUtc(2030, 1, 1, 0, ordinal), new RecordId(StableHash.Of("cause")), ordinal,
            new StageConflict("lifecycle", "decline")))),
    ];

    private static async Task<long> AppendAsync(TestLog log, Lease lease, IReadOnlyList<NewFact> facts)
    {
        await using var batch = log.Database.Source.CreateBatch();
        batch.BatchCommands.Add(LogStatements.LockLease(lease));
        batch.BatchCommands.Add(LogStatements.LockHead(lease.Shard));
        batch.BatchCommands.Add(LogStatements.AppendFacts(lease, facts));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        var count = reader.GetInt64(0);
        await reader.NextResultAsync();
        return count;
    }
}
