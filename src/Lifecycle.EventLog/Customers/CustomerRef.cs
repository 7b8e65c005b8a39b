using Lifecycle.Domain.Events;

namespace Lifecycle.EventLog.Customers;

/// <summary>A customer with the place where everything about them is kept.</summary>
/// <param name="Tenant">The tenant's id.</param>
/// <param name="Shard">The first four bytes of the key, read big-endian, modulo the number of shards.</param>
/// <param name="Key">The keyed hash of <paramref name="Id"/>.</param>
/// <param name="Id">As the sender wrote it; personal.</param>
public sealed record CustomerRef(int Tenant, int Shard, CustomerKey Key, string Id)
{
    /// <summary>The customer within their shard.</summary>
    public CustomerAddress Address() => new(Tenant, Key);
}
