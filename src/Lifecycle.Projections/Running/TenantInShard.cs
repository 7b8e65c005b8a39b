using System.Runtime.InteropServices;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>What concerns all customers of one tenant in one shard: the machine, and the shard inputs consumed so far in the order of the log.</summary>
internal sealed class TenantInShard(Tenant tenant, Func<int, Release> releases)
{
    private readonly List<RecordedShardInput> _inputs = [];
    private EventId? _lastCuts;
    private Instant? _topSince;

    public Tenant Tenant { get; } = tenant;
    public CustomerMachine Machine { get; } = new(tenant.Name, releases);

    /// <summary>The release activated last.</summary>
    public Release Release { get; private set; } = Release.None;

    /// <summary>The count of all customers that was consumed last.</summary>
    public EventId? CutsInLog { get; private set; }

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
                (_lastCuts, CutsInLog) = (input.Id, input.Id);
                break;
        }
    }

    /// <summary>The tenant's last midnight before an instant if this shard's customers are to be counted at it and are not yet; null for a test tenant, whose
    /// midnights come when its clock is set.</summary>
    /// <remarks>Midnights before the release asked for them, or before imported history was complete, want none.</remarks>
    public Instant? MidnightWithoutCuts(Instant now)
    {
        if (Tenant.Test || HistoryIsOpen || _topSince is not { } since) return null;
        var midnight = CutScan.MidnightUpTo(now, Release.Zone);
        return midnight >= since && _lastCuts != TenantCounts.IdOf(Tenant, midnight, Release.Zone) ? midnight : null;
    }

    /// <summary>Notes that this shard's customers are counted.</summary>
    public void Counted(EventId id) => _lastCuts = id;

    /// <summary>The shard inputs with <c>after &lt; position &lt; before</c>, in order.</summary>
    public ReadOnlySpan<RecordedShardInput> Between(long after, long before)
    {
        var first = FirstAfter(after);
        return CollectionsMarshal.AsSpan(_inputs)[first..Math.Max(first, FirstAfter(before - 1))];
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
