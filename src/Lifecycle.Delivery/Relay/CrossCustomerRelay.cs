using System.Data.Common;
using Lifecycle.Delivery.Sql;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Delivery.Relay;

/// <summary>Carries what one customer's machine says to another customer into that customer's log, wherever their shard is.</summary>
/// <remarks>The input bears the id of the fact it came from, so that carrying it twice appends it once: it is appended first and
/// taken off the list afterwards, in two transactions of one shard each.</remarks>
/// <param name="shards">The shards to serve at present; asked at every round.</param>
/// <param name="poll">The longest a shard is left unlooked at when nothing wakes it; a second by default.</param>
public sealed class CrossCustomerRelay(
    LogDatabase database, TouchpointLog log, TenantStore tenants, CustomerDirectory customers, Func<IReadOnlyCollection<int>> shards,
    TimeProvider time,
    ILogger<CrossCustomerRelay> logger, Duration? poll = null)
{
    private const int BatchSizeMax = 500;
    private static readonly Duration PollDefault = Duration.FromSeconds(1);

    private readonly Duration _poll = poll ?? PollDefault;
    private readonly KnownTenants _tenants = new(tenants);
    private readonly ShardRounds _rounds = new(shards, poll ?? PollDefault, time, logger);

    /// <summary>There may be something new to carry out of this shard.</summary>
    public void Wake(int shard) => _rounds.Wake(shard);

    /// <summary>Carries until stopped.</summary>
    public Task RunAsync(CancellationToken stop) => _rounds.RunAsync(LookAsync, stop);

    /// <summary>Carries what waits in one shard now.</summary>
    /// <returns>How many were carried, at most 500.</returns>
    public async Task<int> MoveOnceAsync(int shard, CancellationToken cancellation = default)
    {
        var waiting = await ReadAsync(shard, cancellation);
        if (waiting.Count == 0) return 0;

        var targets = waiting.Select(one => one.Input.Customer).DistinctBy(customer => (customer.Tenant, customer.Key));
        await customers.EnsureAsync([.. targets], cancellation);
        var outcomes = await log.AppendAsync([.. waiting.Select(one => one.Input)], cancellation);
        foreach (var ((tenant, input), _) in waiting.Zip(outcomes).Where(pair => pair.Second.Result == AppendResult.Conflict))
            logger.LogError("Tenant {Tenant} has another event with the id of the carried {Id}; that one stays", tenant, input.Id);
        await RemoveAsync(shard, waiting, cancellation);
        return waiting.Count;
    }

    private async Task<Duration> LookAsync(int shard, CancellationToken stop) =>
        await MoveOnceAsync(shard, stop) == BatchSizeMax ? Duration.Zero : _poll;

    private async Task<IReadOnlyList<(int Tenant, NewInput Input)>> ReadAsync(int shard, CancellationToken cancellation)
    {
        var rows = new List<(int Tenant, Func<Tenant, NewInput> Input)>();
        await using (var command = database.Source.CreateCommand(DeliverySql.ReadCarry).With(shard).With(BatchSizeMax))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) rows.Add((reader.GetInt32(0), InputOf(reader)));
        }

        var owners = new Dictionary<int, Tenant>();
        foreach (var id in rows.Select(row => row.Tenant).Distinct()) owners[id] = await _tenants.FindAsync(id, cancellation);
        return [.. rows.Select(row => (row.Tenant, row.Input(owners[row.Tenant])))];
    }

    // The customer's place depends on the tenant's secret, which is read after the rows.
    private Func<Tenant, NewInput> InputOf(DbDataReader reader)
    {
        var id = new RecordId(reader.GetGuid(1));
        var clock = reader.GetInstant(2);
        var (target, hops, name, version) = (reader.GetString(3), reader.GetInt16(4), reader.GetString(5), reader.GetInt16(6));
        var open = reader.GetFieldValue<byte[]>(7);
        return tenant => new NewInput(customers.Locate(tenant, target), id, StableHash.Of(open), name, version, open, Sealed: null,
            clock, Imported: false, hops, tenant.Test);
    }

    private async Task RemoveAsync(int shard, IReadOnlyList<(int Tenant, NewInput Input)> moved, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(DeliverySql.RemoveCarried).With(shard)
            .WithColumn(moved, one => one.Tenant)
            .WithColumn(moved, one => one.Input.Id.Value);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
