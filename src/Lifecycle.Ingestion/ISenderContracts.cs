using Lifecycle.Domain;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;

namespace Lifecycle.Ingestion;

/// <summary>What the tenants' releases ask of those who send. Asked with every request, so the answer is remembered and mostly there at
/// once.</summary>
public interface ISenderContracts
{
    /// <summary>What the tenant's newest release asks; <see cref="SenderContract.None"/> before any.</summary>
    /// <exception cref="LogUnavailableException">Nothing is remembered and the database does not answer.</exception>
    ValueTask<SenderContract> OfAsync(Tenant tenant, CancellationToken ct);
}
