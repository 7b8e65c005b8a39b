using Lifecycle.Domain.Events;

namespace Lifecycle.EventLog.Customers;

/// <summary>A customer of a shard, by tenant and key.</summary>
public readonly record struct CustomerAddress(int Tenant, CustomerKey Key) : IComparable<CustomerAddress>
{
    /// <summary>In the order of the database's keys: by tenant, then by the key's bytes.</summary>
    public int CompareTo(CustomerAddress other)
    {
        if (Tenant != other.Tenant) return Tenant.CompareTo(other.Tenant);
        Span<byte> own = stackalloc byte[16], others = stackalloc byte[16];
        Key.Value.TryWriteBytes(own, bigEndian: true, out _);
        other.Key.Value.TryWriteBytes(others, bigEndian: true, out _);
        return own.SequenceCompareTo(others);
    }
}
