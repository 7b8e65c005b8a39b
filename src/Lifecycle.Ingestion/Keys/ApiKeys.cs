using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion.Protocols.Segment;
using Lifecycle.Ingestion.Sql;
using NodaTime;

namespace Lifecycle.Ingestion.Keys;

/// <summary>The keys of all tenants. The database holds their SHA-256 alone.</summary>
/// <remarks>A key is 192 random bits, so a hash without salt is enough. What a key opens is remembered for <see cref="Remembered"/>; that a
/// key is unknown is never remembered and never guessed: two SDKs throw their events away when they hear 401.</remarks>
public sealed class ApiKeys(LogDatabase database, TenantStore tenants, TimeProvider time)
{
    /// <summary>How long after its removal a key may still work in a process that has seen it.</summary>
    public static readonly Duration Remembered = Duration.FromSeconds(30);

    private const int RememberedMax = 10_000;
    private const int KeyLengthMax = 256;

    private readonly ConcurrentDictionary<string, (ApiKey Key, Instant Until)> _remembered = new();

    /// <summary>Makes a key. It is returned once and can never be read again.</summary>
    /// <returns><c>lc_write_…</c> or <c>lc_admin_…</c>.</returns>
    /// <exception cref="LogUnavailableException">The database did not answer.</exception>
    public async Task<string> CreateAsync(Tenant tenant, KeyKind kind, ClockMode mode = ClockMode.Server, CancellationToken ct = default)
    {
        var key = $"lc_{Wire(kind)}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24))}";
        await EnsureAsync(key, tenant, kind, mode, ct);
        return key;
    }

    /// <summary>Sees to it that a key of the caller's choice exists. One that exists keeps its tenant, kind and clock.</summary>
    /// <exception cref="LogUnavailableException">The database did not answer.</exception>
    public async Task EnsureAsync(string key, Tenant tenant, KeyKind kind, ClockMode mode = ClockMode.Server, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        try
        {
            await using var command = database.Source.CreateCommand(IngestionSql.CreateKey)
                .With(Hash(key)).With(tenant.Id).With(Wire(kind)).With(mode == ClockMode.Client ? "client" : "server");
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            throw new LogUnavailableException("The key could not be stored.", failure);
        }
    }

    /// <summary>What the key opens, or null when the database says that there is no such key.</summary>
    /// <exception cref="LogUnavailableException">The database did not answer, so nobody knows.</exception>
    public async Task<ApiKey?> VerifyAsync(string key, CancellationToken ct = default)
    {
        if (key.Length is 0 or > KeyLengthMax) return null;
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        if (_remembered.TryGetValue(key, out var entry) && now < entry.Until) return entry.Key;
        if (await FindAsync(key, ct) is not { } found)
        {
            _remembered.TryRemove(key, out _);
            return null;
        }
        if (_remembered.Count >= RememberedMax) _remembered.Clear();
        _remembered[key] = (found, now + Remembered);
        return found;
    }

    private async Task<ApiKey?> FindAsync(string key, CancellationToken ct)
    {
        try
        {
            int tenantId;
            string kind, mode;
            await using (var command = database.Source.CreateCommand(IngestionSql.FindKey).With(Hash(key)))
            {
                await using var reader = await command.ExecuteReaderAsync(ct);
                if (!await reader.ReadAsync(ct)) return null;
                (tenantId, kind, mode) = (reader.GetInt32(0), reader.GetString(1), reader.GetString(2));
            }
            var tenant = await tenants.FindAsync(tenantId, ct);
            return tenant is null
                ? null
                : new ApiKey(tenant, kind == "admin" ? KeyKind.Admin : KeyKind.Write, mode == "client" ? ClockMode.Client : ClockMode.Server);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException)
        {
            throw new LogUnavailableException("The table of keys did not answer.", failure);
        }
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static string Wire(KeyKind kind) => kind == KeyKind.Admin ? "admin" : "write";
}
