using System.Collections.Concurrent;
using Lifecycle.EventLog.Tenants;

namespace Lifecycle.Delivery;

/// <summary>The tenants met so far. A tenant never changes once it is made, so each is read once.</summary>
internal sealed class KnownTenants(TenantStore tenants)
{
    private readonly ConcurrentDictionary<int, Tenant> _known = new();

    /// <exception cref="InvalidOperationException">There is no such tenant, although something of theirs is there.</exception>
    public async ValueTask<Tenant> FindAsync(int id, CancellationToken cancellation) => _known.TryGetValue(id, out var tenant)
        ? tenant
        : _known[id] = await tenants.FindAsync(id, cancellation) ?? throw new InvalidOperationException($"There is no tenant {id}.");
}
