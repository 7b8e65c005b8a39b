using System.Security.Cryptography;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using NodaTime;

namespace Lifecycle.EventLog.Tenants;

/// <summary>The tenants of this database. A tenant is made once and never changes.</summary>
public sealed class TenantStore(LogDatabase database)
{
    private const int SecretSize = 32;

    /// <summary>The tenant of this name, made if there is none. A test tenant's clock begins when it is made, equal in every shard.</summary>
    /// <exception cref="LogConfigurationException">The name belongs to a tenant of the other kind.</exception>
    public async Task<Tenant> EnsureAsync(string name, bool test, CancellationToken ct = default)
    {
        // Two who make different tenants at once may try the same number; the loser's insert does nothing and the loop tries the next.
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var (tenant, createdAt) = (await ListAsync(ct)).FirstOrDefault(entry => entry.Tenant.Name == name);
            if (tenant is not null)
            {
                if (tenant.Test != test)
                    throw new LogConfigurationException(
                        $"The tenant {name} exists and is {(test ? "live, not a test tenant" : "a test tenant, not live")}.");
                if (test) await EnsureClocksAsync(tenant.Id, createdAt, ct);
                return tenant;
            }
            await using var insert = database.Source.CreateCommand(SqlFiles.Of("ensure_tenant"))
                .With(name).With(test).With(RandomNumberGenerator.GetBytes(SecretSize));
            await insert.ExecuteNonQueryAsync(ct);
        }
        throw new LogUnavailableException($"The tenant {name} could not be made: others were faster a hundred times.");
    }

    /// <summary>The tenant with this number, or null.</summary>
    public async Task<Tenant?> FindAsync(int id, CancellationToken ct = default) => (await AllAsync(ct)).FirstOrDefault(tenant => tenant.Id == id);

    /// <summary>All tenants, in the order of their numbers.</summary>
    public async Task<IReadOnlyList<Tenant>> AllAsync(CancellationToken ct = default) => [.. (await ListAsync(ct)).Select(entry => entry.Tenant)];

    private async Task EnsureClocksAsync(int tenant, Instant beginning, CancellationToken ct)
    {
        for (var shard = 0; shard < database.Shards; shard++)
        {
            await using var command = database.Source.CreateCommand(SqlFiles.Of("ensure_tenant_clock")).With(shard).With(tenant)
                .With((Instant?)beginning);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private async Task<IReadOnlyList<(Tenant Tenant, Instant CreatedAt)>> ListAsync(CancellationToken ct)
    {
        await using var command = database.Source.CreateCommand(SqlFiles.Of("read_tenants"));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tenants = new List<(Tenant, Instant)>();
        while (await reader.ReadAsync(ct))
            tenants.Add(
            (new Tenant(reader.GetInt32(0), reader.GetString(1), reader.GetBoolean(2), reader.GetFieldValue<byte[]>(3)), reader.GetInstant(4)));
        return tenants;
    }
}
