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

    /// <summary>How many bytes of memory they take, nearly: a base for all, and what their history adds, for most little and for the busiest some hundred
    /// thousand.</summary>
    public int Size { get; private set; } = SizeOf(state);

    /// <summary>Notes what the committed step wrote.</summary>
    public void Stored(Instant? due) => (IsNew, StoredDue, Size) = (false, due, SizeOf(State));

    private static int SizeOf(CustomerState state)
    {
        var size = 2048;
        foreach (var series in state.History.Series) size += series.Size;
        return size;
    }
}

/// <summary>The customers last asked for, in two generations: when the young one is full it becomes the old one, and what nobody asked for since is forgotten.</summary>
/// <param name="capacity">As many customers as it holds.</param>
/// <param name="bytes">As much memory as they take, nearly. A customer grows while they are here, and is weighed again whenever they are asked for.</param>
internal sealed class CustomerCache(int capacity, long bytes)
{
    private readonly int _generation = Math.Max(1, capacity / 2);
    private Dictionary<CustomerAddress, (LiveCustomer Customer, int Size)> _young = [];
    private Dictionary<CustomerAddress, (LiveCustomer Customer, int Size)> _old = [];
    private long _youngSize;

    public LiveCustomer? Find(CustomerAddress address)
    {
        if (_young.TryGetValue(address, out var kept) && kept.Size == kept.Customer.Size) return kept.Customer;
        if (kept.Customer is null && !_old.TryGetValue(address, out kept)) return null;
        Keep(kept.Customer);
        return kept.Customer;
    }

    public void Keep(LiveCustomer customer)
    {
        Forget(customer.Address);
        if (_young.Count >= _generation || (_youngSize + customer.Size > bytes / 2 && _young.Count > 0)) (_old, _young, _youngSize) = (_young, [], 0);
        _young.Add(customer.Address, (customer, customer.Size));
        _youngSize += customer.Size;
    }

    public void Forget(CustomerAddress address)
    {
        if (_young.Remove(address, out var kept)) _youngSize -= kept.Size;
        _old.Remove(address);
    }

    public void Clear() => (_young, _old, _youngSize) = ([], [], 0);
}
