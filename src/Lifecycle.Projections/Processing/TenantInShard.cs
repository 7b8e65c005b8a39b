using System.Runtime.InteropServices;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Thresholds;
using NodaTime;

namespace Lifecycle.Projections.Processing;

/// <summary>A count of a shard's customers that is wanted.</summary>
/// <param name="Id">The same in every shard.</param>
/// <param name="HeldAt">Counted is when all that was recorded before this instant is judged and nothing later.</param>
/// <param name="At">The instant at which metrics are read.</param>
internal sealed record WantedCount(RecordId Id, Instant HeldAt, Instant At);

/// <summary>What concerns all customers of one tenant in one shard: the machine, and the shard inputs consumed so far in the order of the
/// log.</summary>
internal sealed class TenantInShard(Tenant tenant, Func<int, Release> releases)
{
    private readonly List<RecordedShardInput> _inputs = [];
    private readonly HashSet<RecordId> _counted = [];
    private readonly HashSet<RecordId> _recorded = [];
    private Instant? _topSince;
    private WantedCount? _asked;

    public Tenant Tenant { get; } = tenant;
    public CustomerMachine Machine { get; } = new(tenant.Name, releases);

    /// <summary>The release activated last.</summary>
    public Release Release { get; private set; } = Release.None;

    /// <summary>The version of the engine that judges by that release; null before any.</summary>
    public EngineVersion? Engine { get; private set; }

    /// <summary>The activation by which another version of the engine began to judge last; null where there was none.</summary>
    public RecordedShardInput? EngineChange { get; private set; }

    /// <summary>Whether the last that was said of history opened it.</summary>
    public bool HistoryIsOpen { get; private set; }

    /// <summary>The end of a history after which nobody has asked yet that all customers be counted; null where there is none, or the release
    /// compares nobody.</summary>
    public RecordedShardInput? ClosedUncounted { get; private set; }

    public void Add(RecordedShardInput input)
    {
        _inputs.Add(input);
        switch (input.Input)
        {
            case ReleaseActivated activated:
                if (activated.Release == Release.Number) EngineChange = input;
                Engine = activated.Engine;
                Release = releases(activated.Release);
                if (Release.Cuts.IsEmpty) (_topSince, _asked, ClosedUncounted) = (null, null, null);
                else _topSince ??= input.Clock;
                break;
            case HistoryOpened:
                // What was asked for and is not made yet cannot be made as of then when this history is closed, and will be asked for again.
                (HistoryIsOpen, ClosedUncounted, _asked) = (true, null, null);
                break;
            case HistoryClosed:
                HistoryIsOpen = false;
                if (_topSince is { } since) (_topSince, ClosedUncounted) = (Instants.Later(since, input.Clock), input);
                break;
            case CountAsked when !HistoryIsOpen && _topSince is { } comparing:
                var held = input.RecordedAt.After(1);
                (_topSince, ClosedUncounted) = (Instants.Later(comparing, input.Clock), null);
                _asked = new WantedCount(TenantCounts.IdOf(input), held, Tenant.Test ? input.Clock : held);
                break;
            case CutPointsComputed:
                _counted.Add(input.Id);
                _recorded.Add(input.Id);
                break;
        }
    }

    /// <summary>The last count of this shard's customers that is wanted up to an instant, if it is not made yet: at the tenant's midnight, or later
    /// where it was asked for.</summary>
    /// <remarks>Midnights before the release asked for them, or before imported history was complete, want none. The midnights of a test tenant come
    /// when its clock is set.</remarks>
    public WantedCount? Wanted(Instant now)
    {
        if (HistoryIsOpen || _topSince is not { } since) return null;
        var wanted = _asked?.HeldAt <= now ? _asked : null;
        if (!Tenant.Test && TopThresholdScan.MidnightUpTo(now, Release.Zone) is var midnight && midnight >= since)
            wanted = new WantedCount(TenantCounts.IdOf(Tenant, midnight, Release.Zone), midnight, midnight);
        return wanted is null || _counted.Contains(wanted.Id) ? null : wanted;
    }

    /// <summary>The instant after the present one from which a count that was asked for can be made; never where none was.</summary>
    public Instant WantedFrom(Instant now) => _asked is { } asked && asked.HeldAt > now ? asked.HeldAt : Instants.Never;

    /// <summary>Notes that this shard's customers are counted.</summary>
    public void Counted(RecordId id) => _counted.Add(id);

    /// <summary>Whether what all shards counted together was consumed.</summary>
    public bool HasRecorded(RecordId id) => _recorded.Contains(id);

    /// <summary>The shard inputs with <c>after &lt; position &lt; before</c>, in order.</summary>
    public ReadOnlySpan<RecordedShardInput> Between(long after, long before)
    {
        var first = FirstAfter(after);
        return CollectionsMarshal.AsSpan(_inputs)[first..Math.Max(first, FirstAfter(before - 1))];
    }

    /// <summary>The position of a shard input; null for none of this id.</summary>
    public long? PositionOf(RecordId id) => _inputs.Find(input => input.Id == id)?.Position;

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
