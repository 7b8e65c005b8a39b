using System.Collections.Concurrent;
using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Sql;
using Lifecycle.Projections.Thresholds;
using NodaTime;

namespace Lifecycle.Projections.Releases;

/// <summary>What became of an attempt to advance a test tenant's clock.</summary>
public abstract record AdvanceResult
{
    private AdvanceResult()
    {
    }

    /// <summary>Everything that was due up to here is judged.</summary>
    public sealed record Advanced(Instant Clock) : AdvanceResult;

    /// <summary>Nothing was done: <c>live_tenant</c> has the wall's clock, <c>too_far</c> is beyond <see cref="TestClock.AdvanceMax"/>.</summary>
    public sealed record AdvanceRefused(string Code) : AdvanceResult;
}

/// <summary>The clocks of test tenants, which stand still between advances.</summary>
/// <param name="pendingDeliveries">How many of a tenant's deliveries and carried inputs are on their way right now; an advance waits for them at each
/// instant, so that what an action leads to happens before the next thing is due.</param>
public sealed class TestClock(
    TouchpointLog log, ReleaseStore releases, ShardProgressBoard progress, Func<Tenant, CancellationToken, Task<long>> pendingDeliveries,
    TimeProvider? time = null)
{
    private const int PageMax = 500;

    /// <summary>The longest way in one call.</summary>
    public static readonly Duration AdvanceMax = Duration.FromDays(400);

    /// <summary>How long one call waits for deliveries, over all instants together.</summary>
    private static readonly TimeSpan DeliveryPatience = TimeSpan.FromSeconds(20);

    /// <summary>How long the shards may take to judge one instant.</summary>
    private static readonly Duration JudgingPatience = Duration.FromMinutes(2);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly LogDatabase _database = log.Database;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _turns = new();

    /// <summary>The tenant's clock: the furthest over its shards.</summary>
    public async Task<Instant> NowAsync(Tenant tenant, CancellationToken ct = default)
    {
        var clocks = await ClocksAsync(tenant, ct);
        return clocks.Max();
    }

    /// <summary>Advances the clock by a duration; not back.</summary>
    public async Task<AdvanceResult> AdvanceAsync(Tenant tenant, Duration by, CancellationToken ct = default) =>
        tenant.Test ? await AdvanceAsync(tenant, (await NowAsync(tenant, ct)) + by, ct) : new AdvanceResult.AdvanceRefused("live_tenant");

    /// <summary>Advances the clock to an instant, living through all that is due on the way at its own instant. An instant that has passed changes
    /// nothing.</summary>
    /// <exception cref="LogUnavailableException">The shards did not judge an instant in time; the clock stands somewhere on the way, and asking again
    /// goes on from there.</exception>
    public async Task<AdvanceResult> AdvanceAsync(Tenant tenant, Instant to, CancellationToken ct = default)
    {
        if (!tenant.Test) return new AdvanceResult.AdvanceRefused("live_tenant");
        var turn = _turns.GetOrAdd(tenant.Id, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(ct);
        try
        {
            var target = to.ToMilliseconds();
            var clock = await NowAsync(tenant, ct);
            if (target - clock > AdvanceMax) return new AdvanceResult.AdvanceRefused("too_far");
            if (target < clock) return new AdvanceResult.Advanced(clock);
            await WaitUntilJudgedAsync(await HeadsAsync(ct), ct);
            await LiveToAsync(tenant, clock, target, ct);
            return new AdvanceResult.Advanced(target);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task LiveToAsync(Tenant tenant, Instant clock, Instant target, CancellationToken ct)
    {
        var waited = TimeSpan.Zero;
        Instant? last = null;
        // The clock may stand at a midnight whose cut points an interruption has left out.
        var midnight = await NextMidnightAsync(tenant, clock - Duration.FromMilliseconds(1), ct);
        while (true)
        {
            var due = await DueAsync(tenant, ct);
            var next = due.Count == 0 ? Instants.Never : due.Values.Min();
            if (Instants.Earlier(next, midnight) > target) break;
            if (midnight < next)
            {
                await RecordCutsAsync(tenant, midnight, ct);
                waited += await WaitForDeliveriesAsync(tenant, DeliveryPatience - waited, ct);
                (midnight, last) = (await NextMidnightAsync(tenant, midnight, ct), null);
                continue;
            }
            if (next == last) throw new InvalidOperationException($"What is due at {next.ToIso()} for tenant {tenant.Name} does not go away.");
            last = next;
            await SetAsync(tenant, [.. due.Where(entry => entry.Value == next).Select(entry => entry.Key)], next, ct);
            waited += await WaitForDeliveriesAsync(tenant, DeliveryPatience - waited, ct);
        }
        await SetAsync(tenant, [.. Enumerable.Range(0, _database.Shards)], target, ct);
    }

    /// <summary>Sets the clock in some shards and waits until they have judged it.</summary>
    private async Task SetAsync(Tenant tenant, IReadOnlyList<int> shards, Instant to, CancellationToken ct)
    {
        var outcomes =
            await Task.WhenAll(shards.Select(shard => log.AppendShardInputAsync(shard, tenant, new ClockAdvanced(to), Id(tenant, shard, to), ct)));
        await WaitUntilJudgedAsync(outcomes.ToDictionary(outcome => outcome.Shard, outcome => outcome.Position), ct);
    }

    /// <summary>The first midnight after an instant at which cut points are wanted; never where the release does not ask for the top.</summary>
    private async Task<Instant> NextMidnightAsync(Tenant tenant, Instant after, CancellationToken ct)
    {
        var release = await releases.NewestAsync(tenant.Id, ct);
        return release.Cuts.IsEmpty ? Instants.Never : TopThresholdScan.MidnightAfter(after, release.Zone);
    }

    /// <summary>Sets the clock to a midnight in every shard, then counts all customers there, tells every shard, and waits until it is
    /// judged.</summary>
    private async Task RecordCutsAsync(Tenant tenant, Instant midnight, CancellationToken ct)
    {
        var shards = Enumerable.Range(0, _database.Shards).ToList();
        await SetAsync(tenant, shards, midnight, ct);
        // While history is imported nobody is counted.
        var histories = await Task.WhenAll(shards.Select(shard =>
            _database.Statement("read_history").With(shard).With(tenant.Id).ListAsync(row => row.GetBoolean(0), ct)));
        if (histories.Any(history => history is [true])) return;
        var release = await releases.NewestAsync(tenant.Id, ct);
        var counts = new TenantCounts(log);
        var computed = await counts.CountAsync(tenant, release, midnight, PageMax, ct);
        await WaitUntilJudgedAsync(await counts.AppendAsync(tenant, computed, TenantCounts.IdOf(tenant, midnight, release.Zone), ct), ct);
    }

    private static RecordId Id(Tenant tenant, int shard, Instant to) =>
        new(StableHash.Of("clock", tenant.Name, shard.ToString(CultureInfo.InvariantCulture), to.ToIso()));

    /// <summary>Waits until nothing is on its way and its outcomes are judged, and answers how long that took.</summary>
    private async Task<TimeSpan> WaitForDeliveriesAsync(Tenant tenant, TimeSpan patience, CancellationToken ct)
    {
        var started = _time.GetTimestamp();
        while (await pendingDeliveries(tenant, ct) > 0 && _time.GetElapsedTime(started) < patience) await Task.Delay(LookAgain, _time, ct);
        await WaitUntilJudgedAsync(await HeadsAsync(ct), ct);
        return _time.GetElapsedTime(started);
    }

    private async Task WaitUntilJudgedAsync(IReadOnlyDictionary<int, long> positions, CancellationToken ct)
    {
        if (!await progress.WaitAsync(positions, JudgingPatience, ct))
            throw new LogUnavailableException("The shards did not judge what was due in time.");
    }

    private async Task<IReadOnlyDictionary<int, long>> HeadsAsync(CancellationToken ct)
    {
        var heads = await Task.WhenAll(Enumerable.Range(0, _database.Shards).Select(shard => log.HeadAsync(shard, ct)));
        return heads.ToDictionary(head => head.Shard, head => head.Position);
    }

    /// <summary>By shard, the tenant's next due instant; shards where nothing is due are absent.</summary>
    private async Task<IReadOnlyDictionary<int, Instant>> DueAsync(Tenant tenant, CancellationToken ct)
    {
        var shards = Enumerable.Range(0, _database.Shards);
        var due = await Task.WhenAll(shards.Select(shard => ReadAsync("read_next_test_due", shard, tenant, ct)));
        return shards.Where(shard => due[shard] is not null).ToDictionary(shard => shard, shard => due[shard]!.Value);
    }

    /// <summary>The clock in each shard, begun at the tenant's creation where it has not been.</summary>
    private async Task<IReadOnlyList<Instant>> ClocksAsync(Tenant tenant, CancellationToken ct)
    {
        var clocks = new List<Instant>();
        for (var shard = 0; shard < _database.Shards; shard++)
        {
            if (await ReadAsync("read_tenant_clock", shard, tenant, ct) is not { } clock)
            {
                var created = await _database.Statement("read_tenant_created").With(tenant.Id)
                    .ListAsync(row => row.GetInstant(0).ToMilliseconds(), ct);
                await using var start = _database.Statement("start_tenant_clock").With(shard).With(tenant.Id).With(created[0]);
                await start.ExecuteNonQueryAsync(ct);
                clock = created[0];
            }
            clocks.Add(clock);
        }
        return clocks;
    }

    private async Task<Instant?> ReadAsync(string statement, int shard, Tenant tenant, CancellationToken ct)
    {
        var instants = await _database.Statement(statement).With(shard).With(tenant.Id).ListAsync(row => row.GetInstant(0), ct);
        return instants.Count == 0 ? null : instants[0];
    }
}
