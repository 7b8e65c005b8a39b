using System.Buffers.Text;
using System.Security.Cryptography;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Ingestion.Keys;

namespace Lifecycle.Api.Hosting;

/// <summary>The two tenants of an installation with their keys: one for real customers, one with a clock of its own for trying things out.</summary>
public sealed record LiveAndTest(Tenant Live, TenantKeys LiveKeys, Tenant Test, TenantKeys TestKeys)
{
    /// <summary>Sees to it that both exist, and keeps the keys that the data folder knows if the database still accepts them.</summary>
    public static async Task<LiveAndTest> EnsureAsync(Engine engine, string dataFolder, CancellationToken ct)
    {
        var live = await engine.Tenants.EnsureAsync("live", test: false, ct);
        var test = await engine.Tenants.EnsureAsync("test", test: true, ct);
        var known = KeyFile.Read(dataFolder);
        var liveKeys = await EnsureKeysAsync(engine.Keys, live, known?.Live, ct);
        var testKeys = await EnsureKeysAsync(engine.Keys, test, known?.Test, ct);
        new KeyFile(liveKeys, testKeys).Write(dataFolder);
        return new LiveAndTest(live, liveKeys, test, testKeys);
    }

    private static async Task<TenantKeys> EnsureKeysAsync(ApiKeys keys, Tenant tenant, TenantKeys? known, CancellationToken ct) => new(
        await EnsureKeyAsync(keys, tenant, KeyKind.Write, known?.WriteKey, ct),
        await EnsureKeyAsync(keys, tenant, KeyKind.Admin, known?.AdminKey, ct));

    private static async Task<string> EnsureKeyAsync(ApiKeys keys, Tenant tenant, KeyKind kind, string? known, CancellationToken ct)
    {
        if (known is not null && await keys.VerifyAsync(known, ct) is { } found && found.Tenant.Id == tenant.Id && found.Kind == kind) return known;
        var made = (kind == KeyKind.Admin ? "lc_admin_" : "lc_write_") + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await keys.EnsureAsync(made, tenant, kind, ct: ct);
        return made;
    }
}
