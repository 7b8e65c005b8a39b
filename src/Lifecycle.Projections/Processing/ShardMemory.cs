using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Sql;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>What the processor of a shard keeps in memory: tenants, the customers last seen, and who is set aside. All of it can be read
/// again.</summary>
internal sealed class ShardMemory(TouchpointLog log, TenantStore tenants, ReleaseStore releases, int shard, int customersMax, long bytesMax,
    ILogger logger)
{
    private readonly Dictionary<int, TenantInShard> _tenants = [];
    private readonly PersonalParts _personal = new(log.Database);
    private readonly EncryptedStates _states = new(log.Database);
    private readonly HashSet<CustomerAddress> _erased = [];
    private readonly CustomerCache _customers = new(customersMax, bytesMax);

    public int Shard => shard;

    /// <summary>Whether a customer's state was found to be closed for ever.</summary>
    public bool IsErased(CustomerAddress address) => _erased.Contains(address);

    /// <summary>Who is passed over, with the position of their first input that was not applied.</summary>
    public Dictionary<CustomerAddress, long> Quarantined { get; } = [];

    public IEnumerable<TenantInShard> Tenants => _tenants.Values;

    /// <summary>Forgets everything and reads what a processor needs that has consumed up to a position. Answers the shard inputs up to
    /// there.</summary>
    public async Task<IReadOnlyList<(TenantInShard Tenant, RecordedShardInput Input)>> OpenAsync(long consumed, CancellationToken ct)
    {
        Clear();
        var inputs = new List<(TenantInShard, RecordedShardInput)>();
        foreach (var row in await log.ReadShardInputsAsync(shard, 0, ct))
        {
            if (row.Position > consumed) break;
            inputs.Add(await TakeAsync(row, ct));
        }
        var aside = await log.Database.Statement("read_set_aside").With(shard)
            .ListAsync(row => (Address: new CustomerAddress(row.GetInt32(0), row.GetCustomer(1)), Position: row.GetInt64(2)), ct);
        foreach (var (address, position) in aside) Quarantined.Add(address, position);
        return inputs;
    }

    public void Clear()
    {
        _tenants.Clear();
        _customers.Clear();
        _erased.Clear();
        Quarantined.Clear();
    }

    /// <summary>Remembers a shard input that was read from the log.</summary>
    public async Task<(TenantInShard Tenant, RecordedShardInput Input)> TakeAsync(LogRow row, CancellationToken ct)
    {
        var tenant = await TenantAsync(row.Tenant, ct);
        var input = EventCodec.ToShardInput(row);
        if (input.Input is ReleaseActivated activated)
        {
            // A process of a newer version has come while this one ran; what follows is its to judge.
            if (log.Database.Options.Engine.RefusalOf(activated.Engine) is { } refusal) throw new LogConfigurationException(refusal);
            await releases.LoadAsync(row.Tenant, activated.Release, ct);
        }
        tenant.Add(input);
        return (tenant, input);
    }

    public async Task<TenantInShard> TenantAsync(int id, CancellationToken ct)
    {
        if (_tenants.TryGetValue(id, out var known)) return known;
        var tenant = await tenants.FindAsync(id, ct)
            ?? throw new InvalidOperationException($"The log of shard {shard} names a tenant {id} that is not there.");
        return _tenants[id] = new TenantInShard(tenant, number => releases.Get(id, number));
    }

    /// <summary>The customers of these addresses, one query for all who are not in memory. Whose state cannot be read is absent from the
    /// answer.</summary>
    public async Task<IReadOnlyDictionary<CustomerAddress,
        LiveCustomer>> LoadAsync(IReadOnlyCollection<CustomerAddress> addresses, CancellationToken ct)
    {
        var found = new Dictionary<CustomerAddress, LiveCustomer>(addresses.Count);
        var missing = new List<CustomerAddress>();
        foreach (var address in addresses)
        {
            if (_customers.Find(address) is { } customer) found[address] = customer;
            else missing.Add(address);
        }
        if (missing.Count == 0) return found;
        var query = log.Database.Statement("read_states").With(shard)
            .With(missing.Select(address => address.Tenant).ToArray()).With(missing.Select(address => address.Key.Value).ToArray());
        var rows = await query.ListAsync(row => (Address: new CustomerAddress(row.GetInt32(0), row.GetCustomer(1)),
            Body: row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2), Due: row.GetInstantOrNull(3)), ct);
        var bodies = await _states.OpenAsync(shard, [.. rows.Select(row => (row.Address, row.Body))], ct);
        for (var place = 0; place < rows.Count; place++)
        {
            var (address, stored, due) = rows[place];
            // The key is destroyed when the end of a life is appended; that the end is consumed follows.
            if (stored is not null && bodies[place] is null) _erased.Add(address);
            if (ReadCustomer(address, bodies[place], isNew: stored is null, due) is not { } customer) continue;
            found[customer.Address] = customer;
            _customers.Keep(customer);
        }
        return found;
    }

    /// <summary>The customer as the database holds them, whatever was done to them in memory.</summary>
    public async Task<LiveCustomer?> ReloadAsync(CustomerAddress address, CancellationToken ct)
    {
        Forget(address);
        return (await LoadAsync([address], ct)).GetValueOrDefault(address);
    }

    /// <summary>Rows of the shard with what rules may read of what is sealed in them.</summary>
    public ValueTask<IReadOnlyList<LogRow>> OpenedAsync(IReadOnlyList<LogRow> rows, CancellationToken ct) => _personal.OpenAsync(shard, rows, ct);

    public void Forget(CustomerAddress address) => _customers.Forget(address);

    /// <summary>The rows of these customers' facts, and of their inputs before a position, in the order of the log.</summary>
    public async Task<ILookup<CustomerAddress,
        LogRow>> ReadPastAsync(IReadOnlyCollection<CustomerAddress> addresses, long before, CancellationToken ct)
    {
        var rows = await log.Database.Archive.ReadAsync(shard, addresses, row => row.Kind == EventKind.Fact || row.Position < before,
            () => log.Database.Statement("read_past_of").With(shard)
                .With(addresses.Select(address => address.Tenant).ToArray()).With(addresses.Select(address => address.Key.Value).ToArray())
                .With(before), ct);
        return (await OpenedAsync(rows, ct)).ToLookup(row => new CustomerAddress(row.Tenant, row.Customer!.Value));
    }

    private LiveCustomer? ReadCustomer(CustomerAddress address, byte[]? body, bool isNew, Instant? due)
    {
        if (isNew) return new LiveCustomer(address, new CustomerState(address.Key), due);
        if (body is null) return null;
        try
        {
            return new LiveCustomer(address, body, due);
        }
        catch (Exception unreadable)
        {
            logger.LogError(unreadable, "The state of customer {Customer} of tenant {Tenant} cannot be read.", address.Key, address.Tenant);
            return null;
        }
    }
}
