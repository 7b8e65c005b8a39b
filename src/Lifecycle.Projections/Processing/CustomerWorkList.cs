using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;

namespace Lifecycle.Projections.Processing;

/// <summary>Groups inputs by customer in the order of the log. What cannot be read ends its customer's list.</summary>
internal sealed class CustomerWorkList
{
    private static readonly string ErasedName = EventCatalog.NameOf(typeof(CustomerErased));

    private readonly Dictionary<CustomerAddress, List<Recorded>> _inputs = [];
    private readonly Dictionary<CustomerAddress, long> _broken = [];

    public void Add(LogRow row)
    {
        var address = new CustomerAddress(row.Tenant, row.Customer!.Value);
        if (row.Name == ErasedName)
        {
            // Whatever else they have in this step, and be it unreadable, does not count any more.
            _broken.Remove(address);
            _inputs[address] = [EventCodec.ToRecorded(row)];
            return;
        }
        if (_broken.ContainsKey(address)) return;
        if (!_inputs.TryGetValue(address, out var inputs)) _inputs[address] = inputs = new List<Recorded>(1); // Most have one in a step.
        try
        {
            inputs.Add(EventCodec.ToRecorded(row));
        }
        catch (Exception)
        {
            // A row that this version cannot read concerns one customer, who is set aside from here on with that reason.
            _broken[address] = row.Position;
        }
    }

    public IReadOnlyList<CustomerWork> ToList() => [.. _inputs.Select(entry =>
        new CustomerWork(entry.Key, new CustomerTimeline(entry.Value), _broken.TryGetValue(entry.Key, out var position) ? position : null))];
}
