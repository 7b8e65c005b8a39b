using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>A customer whose machine runs here, with the due row that the database holds for them.</summary>
internal sealed class LiveCustomer(CustomerAddress address, CustomerState state, bool isNew, Instant? storedDue)
{
    public CustomerAddress Address { get; } = address;
    public CustomerState State { get; } = state;

    /// <summary>Nothing of theirs was consumed before.</summary>
    public bool IsNew { get; private set; } = isNew;

    /// <summary>The instant of their due row; null where they have none.</summary>
    public Instant? StoredDue { get; private set; } = storedDue;

    /// <summary>Notes what the committed step wrote.</summary>
    public void Stored(Instant? due) => (IsNew, StoredDue) = (false, due);
}

/// <summary>The customers last asked for, in two generations: when the young one is full it becomes the old one, and what nobody asked for since is forgotten.</summary>
internal sealed class CustomerCache(int capacity)
{
    private readonly int _generation = Math.Max(1, capacity / 2);
    private Dictionary<CustomerAddress, LiveCustomer> _young = [];
    private Dictionary<CustomerAddress, LiveCustomer> _old = [];

    public LiveCustomer? Find(CustomerAddress address)
    {
        if (_young.TryGetValue(address, out var customer)) return customer;
        if (!_old.Remove(address, out customer)) return null;
        Keep(customer);
        return customer;
    }

    public void Keep(LiveCustomer customer)
    {
        if (_young.Count >= _generation) (_old, _young) = (_young, []);
        _young[customer.Address] = customer;
    }

    public void Forget(CustomerAddress address)
    {
        _young.Remove(address);
        _old.Remove(address);
    }

    public void Clear() => (_young, _old) = ([], []);
}
