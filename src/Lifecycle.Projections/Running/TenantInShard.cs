using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;

namespace Lifecycle.Projections;

/// <summary>What concerns all customers of one tenant in one shard: the machine, and the shard inputs consumed so far in the order of the log.</summary>
internal sealed class TenantInShard(Tenant tenant, CustomerMachine machine)
{
    private readonly List<RecordedShardInput> _inputs = [];

    public Tenant Tenant { get; } = tenant;
    public CustomerMachine Machine { get; } = machine;

    /// <summary>Whether the last that was said of history opened it.</summary>
    public bool HistoryIsOpen { get; private set; }

    public void Add(RecordedShardInput input)
    {
        _inputs.Add(input);
        if (input.Input is HistoryOpened) HistoryIsOpen = true;
        if (input.Input is HistoryClosed) HistoryIsOpen = false;
    }

    /// <summary>The shard inputs with <c>after &lt; position &lt; before</c>, in order.</summary>
    public IEnumerable<RecordedShardInput> Between(long after, long before)
    {
        for (var i = FirstAfter(after); i < _inputs.Count && _inputs[i].Position < before; i++) yield return _inputs[i];
    }

    private int FirstAfter(long position)
    {
        var (low, high) = (0, _inputs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_inputs[middle].Position <= position) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
