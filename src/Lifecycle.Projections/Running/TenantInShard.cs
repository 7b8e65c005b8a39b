using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>What concerns all customers of one tenant in one shard: the machine, and the shard inputs consumed so far in the order of the log.</summary>
internal sealed class TenantInShard(int shard, Tenant tenant, Func<int, Release> releases)
{
    private readonly List<RecordedShardInput> _inputs = [];
    private EventId? _lastCuts;
    private Instant? _topSince;

    public Tenant Tenant { get; } = tenant;
    public CustomerMachine Machine { get; } = new(tenant.Name, releases);

    /// <summary>The release activated last.</summary>
    public Release Release { get; private set; } = Release.None;

    /// <summary>Whether the last that was said of history opened it.</summary>
    public bool HistoryIsOpen { get; private set; }

    public void Add(RecordedShardInput input)
    {
        _inputs.Add(input);
        switch (input.Input)
        {
            case ReleaseActivated activated:
                Release = releases(activated.Release);
                _topSince = Release.Cuts.IsEmpty ? null : _topSince ?? input.Clock;
                break;
            case HistoryOpened:
                HistoryIsOpen = true;
                break;
            case HistoryClosed:
                HistoryIsOpen = false;
                if (_topSince is { } since) _topSince = Instants.Later(since, input.Clock);
                break;
            case CutPointsComputed:
                _lastCuts = input.Id;
                break;
        }
    }

    /// <summary>The tenant's last midnight before an instant if that one wants cut points that are not recorded; null for a test tenant, whose
    /// midnights come when its clock is set.</summary>
    /// <remarks>Midnights before the release asked for them, or before imported history was complete, want none.</remarks>
    public Instant? MidnightWithoutCuts(Instant now)
    {
        if (Tenant.Test || HistoryIsOpen || _topSince is not { } since) return null;
        var midnight = CutScan.MidnightUpTo(now, Release.Zone);
        return midnight >= since && _lastCuts != CutScan.IdOf(Tenant, shard, midnight, Release.Zone) ? midnight : null;
    }

    /// <summary>Notes that a midnight's cut points are in the log, before they are consumed from it.</summary>
    public void CutsRecorded(EventId id) => _lastCuts = id;

    /// <summary>The shard inputs with <c>after &lt; position &lt; before</c>, in order.</summary>
    /// <remarks>Asked for before every input of every customer, and nearly always there is none.</remarks>
    public IReadOnlyList<RecordedShardInput> Between(long after, long before)
    {
        var (from, to) = (FirstAfter(after), FirstAfter(before - 1));
        return from < to ? _inputs.GetRange(from, to - from) : [];
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
