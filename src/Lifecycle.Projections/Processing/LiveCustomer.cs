using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lifecycle.Domain;
using Lifecycle.Domain.States;
using Lifecycle.EventLog.Customers;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>A customer whose machine runs here, with the due row that the database holds for them.</summary>
/// <remarks>Between steps they rest as the bytes that were stored. As objects a state takes ten times the memory, and all of it would be looked
/// through and moved by the garbage collector again and again, while everybody waits.</remarks>
internal sealed class LiveCustomer
{
    /// <summary>What a customer takes beside their bytes, nearly: this, and their place among those that are kept.</summary>
    public const int Overhead = 300;

    private CustomerState? _awake;
    private byte[] _stored;
    private Instant? _nextReview;

    /// <summary>Somebody whose state is not in the database as it is here.</summary>
    public LiveCustomer(CustomerAddress address, CustomerState state, Instant? storedDue) =>
        (Address, _awake, _stored, StoredDue, IsNew) = (address, state, [], storedDue, true);

    /// <param name="stored">The state as it is in the database.</param>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public LiveCustomer(CustomerAddress address, byte[] stored, Instant? storedDue)
    {
        (Address, _stored, StoredDue) = (address, stored, storedDue);
        _awake = Read();
    }

    public CustomerAddress Address { get; }

    public CustomerState State => _awake ??= Read();

    /// <summary>Nothing of theirs was consumed before.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The instant of their due row; null where they have none.</summary>
    public Instant? StoredDue { get; private set; }

    /// <summary>How many bytes of memory they take at rest, nearly.</summary>
    public int Size => Overhead + _stored.Length;

    /// <summary>Notes what the committed step wrote, and rests.</summary>
    /// <param name="nextReview">What the machine said last.</param>
    public void Stored(byte[] state, Instant? due, Instant nextReview) =>
        (IsNew, _stored, StoredDue, _nextReview, _awake) = (false, state, due, nextReview, null);

    /// <summary>Goes back to what is stored.</summary>
    public void Rest() => _awake = null;

    private CustomerState Read() => StateCodec.Read(_stored, Address.Key, _nextReview);
}

/// <summary>The customers last asked for, in two generations: when the young one is full it becomes the old one, and what nobody asked for since is
/// forgotten.</summary>
/// <param name="capacity">As many customers as it holds.</param>
/// <param name="bytes">As much memory as they take, nearly. A customer grows while they are here, and is weighed again whenever they are asked
/// for.</param>
internal sealed class CustomerCache(int capacity, long bytes)
{
    private readonly int _generation = Math.Max(1, capacity / 2);
    private Dictionary<CustomerAddress, (LiveCustomer Customer, int Size)> _young = [];
    private Dictionary<CustomerAddress, (LiveCustomer Customer, int Size)> _old = [];
    private long _youngSize;

    public LiveCustomer? Find(CustomerAddress address)
    {
        ref var young = ref CollectionsMarshal.GetValueRefOrNullRef(_young, address);
        if (Unsafe.IsNullRef(ref young))
        {
            if (!_old.TryGetValue(address, out var old)) return null;
            Keep(old.Customer);
            return old.Customer;
        }
        var customer = young.Customer;
        _youngSize += customer.Size - young.Size;
        young.Size = customer.Size;
        if (_youngSize > bytes / 2) Keep(customer);
        return customer;
    }

    public void Keep(LiveCustomer customer)
    {
        Forget(customer.Address);
        if (_young.Count >= _generation || (_youngSize + customer.Size > bytes / 2 && _young.Count > 0))
        {
            (_old, _young, _youngSize) = (_young, _old, 0);
            _young.Clear();
        }
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
