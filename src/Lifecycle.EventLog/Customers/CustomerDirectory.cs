using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Personal;
using Lifecycle.EventLog.Concurrency;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Encryption;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;

namespace Lifecycle.EventLog.Customers;

/// <summary>Who is behind a customer's key, and the key under which what is personal about them is sealed.</summary>
public sealed class CustomerDirectory(LogDatabase database)
{
    private const int KeySize = 32;

    /// <summary>The longest id whose place is remembered; of longer ones, which nobody needs to send, so many would take too much memory.</summary>
    private const int RememberedLengthMax = 64;

    private readonly GenerationCache<(int Tenant, string Id), CustomerRef> _places = new(database.Options.CustomersRememberedMax);
    private readonly GenerationCache<(int Tenant, CustomerKey Customer), byte[]> _keys = database.CustomerKeys;

    /// <summary>Where a customer's events are: the first 128 bits of HMAC-SHA-256 of the id's UTF-8 under the tenant's secret, and the
    /// shard.</summary>
    public CustomerRef Locate(Tenant tenant, string id)
    {
        if (id.Length > RememberedLengthMax) return Compute(tenant, id);
        if (_places.TryGet((tenant.Id, id), out var known)) return known;
        var place = Compute(tenant, id);
        _places.Add((tenant.Id, id), place);
        return place;
    }

    /// <summary>Under which a value is found: the first 128 bits of HMAC-SHA-256 under the tenant's secret. Nothing else is kept of it to look
    /// for.</summary>
    /// <param name="normalised">As <see cref="LookUp.Normalised"/> gives it.</param>
    public static Guid LookUpHash(Tenant tenant, LookUpKind kind, string normalised)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(tenant.Secret, Encoding.UTF8.GetBytes($"look up {kind}\n{normalised}"), hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    private CustomerRef Compute(Tenant tenant, string id)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(tenant.Secret, Encoding.UTF8.GetBytes(id), hash);
        var shard = (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)database.Shards);
        return new CustomerRef(tenant.Id, shard, new CustomerKey(new Guid(hash[..16], bigEndian: true)), id);
    }

    /// <summary>Registers those who are new and answers each one's key for <see cref="PersonalCipher"/>. An erased customer has none.</summary>
    public async Task<IReadOnlyDictionary<CustomerKey,
        byte[]>> EnsureAsync(IReadOnlyCollection<CustomerRef> customers, CancellationToken ct = default)
    {
        var keys = new Dictionary<CustomerKey, byte[]>(customers.Count);
        var unknown = new Dictionary<(int Tenant, CustomerKey Customer), CustomerRef>();
        foreach (var customer in customers)
        {
            if (_keys.TryGet((customer.Tenant, customer.Key), out var key)) keys[customer.Key] = key;
            else unknown[(customer.Tenant, customer.Key)] = customer;
        }
        foreach (var shard in unknown.Values.GroupBy(customer => customer.Shard))
            await EnsureAsync(shard.Key, [.. shard], keys, ct);
        return keys;
    }

    /// <summary>The id that a customer was sent with; null when unknown.</summary>
    public async Task<string?> FindIdAsync(int tenant, int shard, CustomerKey customer, CancellationToken ct = default) =>
        (await FindAsync(tenant, shard, customer, ct))?.Id;

    /// <summary>The key under which a customer's personal data is sealed; null when unknown or erased.</summary>
    public async Task<byte[]?> FindKeyAsync(int tenant, int shard, CustomerKey customer, CancellationToken ct = default)
    {
        if (_keys.TryGet((tenant, customer), out var known)) return known;
        var key = (await FindAsync(tenant, shard, customer, ct))?.Key;
        if (key is not null) _keys.Add((tenant, customer), key);
        return key;
    }

    /// <summary>The keys of those customers of a shard who have one.</summary>
    public async Task<IReadOnlyDictionary<CustomerAddress,
        byte[]>> FindKeysAsync(int shard, IReadOnlyCollection<CustomerAddress> customers, CancellationToken ct = default)
    {
        var keys = new Dictionary<CustomerAddress, byte[]>(customers.Count);
        var unknown = new List<CustomerAddress>();
        foreach (var customer in customers)
        {
            if (_keys.TryGet((customer.Tenant, customer.Key), out var known)) keys[customer] = known;
            else unknown.Add(customer);
        }
        if (unknown.Count == 0) return keys;
        await using var command = database.Source.CreateCommand(SqlFiles.Of("read_customer_keys")).With(shard)
            .With(unknown.Select(customer => customer.Tenant).ToArray()).With(unknown.Select(customer => customer.Key.Value).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (reader.IsDBNull(2)) continue;
            var (customer, key) = (new CustomerAddress(reader.GetInt32(0), reader.GetCustomer(1)), reader.GetFieldValue<byte[]>(2));
            keys[customer] = key;
            _keys.Add((customer.Tenant, customer.Key), key);
        }
        return keys;
    }

    // Registered in an order of its own, so that two who register the same customers wait for each other and never in a circle.
    private async Task EnsureAsync(int shard, List<CustomerRef> customers, Dictionary<CustomerKey, byte[]> keys, CancellationToken ct)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(LogStatements.Command("ensure_customers").With(shard)
            .WithColumn(customers, customer => customer.Tenant)
            .WithColumn(customers, customer => customer.Key.Value)
            .WithColumn(customers, customer => customer.Id)
            .WithColumn(customers, _ => RandomNumberGenerator.GetBytes(KeySize)));
        batch.BatchCommands.Add(LogStatements.Command("read_customer_keys").With(shard)
            .WithColumn(customers, customer => customer.Tenant)
            .WithColumn(customers, customer => customer.Key.Value));
        var found = new List<(int Tenant, CustomerKey Customer, byte[] Key)>(customers.Count);
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                if (!reader.IsDBNull(2)) found.Add((reader.GetInt32(0), reader.GetCustomer(1), reader.GetFieldValue<byte[]>(2)));
            await reader.NextResultAsync(ct);
        }
        // Remembered only now: before the end of the answers the registration is not on disk.
        foreach (var (tenant, customer, key) in found)
        {
            keys[customer] = key;
            _keys.Add((tenant, customer), key);
        }
    }

    /// <summary>The id that a customer was sent with and the key under which their personal data is sealed; null when unknown or erased.</summary>
    public async Task<(string Id, byte[] Key)?> FindAsync(int tenant, int shard, CustomerKey customer, CancellationToken ct = default)
    {
        await using var command = database.Source.CreateCommand(SqlFiles.Of("read_customer_entry")).With(shard).With(tenant).With(customer.Value);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && !reader.IsDBNull(1) ? (reader.GetString(0), reader.GetFieldValue<byte[]>(1)) : null;
    }
}
