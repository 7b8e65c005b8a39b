using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.EventLog;
using NodaTime;

namespace Lifecycle.Projections;

/// <summary>Reads at a midnight, page by page, where the top of one shard's customers begins, and records it as an input of them all.</summary>
/// <remarks>What is kept in memory is one number for each customer and cut. Whoever is known by open history alone is not counted.</remarks>
internal sealed class CutScan(Log log, int shard, Tenant tenant, Release release, Instant midnight, int pageMax)
{
    private readonly SealedStates _states = new(log.Database);
    private readonly List<decimal>[] _values = [.. release.Cuts.Select(_ => new List<decimal>())];
    private Guid _after;

    /// <summary>Under which the cut points of this day are appended: who computes them again appends nothing.</summary>
    public EventId Id { get; } = IdOf(tenant, shard, midnight, release.Zone);

    /// <summary>The last midnight of a zone up to and including an instant. Where a day begins later than at 00:00, it is that beginning.</summary>
    public static Instant MidnightUpTo(Instant now, DateTimeZone zone) => zone.AtStartOfDay(now.InZone(zone).Date).ToInstant();

    /// <summary>The first midnight of a zone after an instant.</summary>
    public static Instant MidnightAfter(Instant now, DateTimeZone zone) => zone.AtStartOfDay(now.InZone(zone).Date.PlusDays(1)).ToInstant();

    /// <summary>The id of a day's cut points.</summary>
    public static EventId IdOf(Tenant tenant, int shard, Instant midnight, DateTimeZone zone) => new(StableHash.Of("cut points", tenant.Name,
        shard.ToString(CultureInfo.InvariantCulture), midnight.InZone(zone).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)));

    /// <summary>Reads one page more. False after the last.</summary>
    public async Task<bool> ReadPageAsync(CancellationToken ct)
    {
        var page = await log.Database.Statement("read_states_after").With(shard).With(tenant.Id).With(_after).With(pageMax)
            .ListAsync(row => (Customer: row.GetCustomer(0), Body: row.GetFieldValue<byte[]>(1)), ct);
        var bodies = await _states.OpenAsync(shard, [.. page.Select(row => (new CustomerAddress(tenant.Id, row.Customer), (byte[]?)row.Body))], ct);
        for (var place = 0; place < page.Count; place++)
            if (bodies[place] is { } body) Count(page[place].Customer, body);
        if (page.Count > 0) _after = page[^1].Customer.Value;
        return page.Count == pageMax;
    }

    /// <summary>Appends what was found. The day's first is kept, whoever appended it.</summary>
    public Task<AppendOutcome> AppendAsync(CancellationToken ct)
    {
        var points = release.Cuts.Select((cut, i) => PointsOf(cut, _values[i]));
        return log.AppendShardInputAsync(shard, tenant, new CutPointsComputed([.. points]), Id, ct);
    }

    /// <summary>The answer to a question, of the values of all who have one. They are sorted.</summary>
    internal static CutPoints PointsOf(Cut cut, List<decimal> values)
    {
        values.Sort();
        return new CutPoints(cut.Key, values.Count, [.. cut.RanksAmong(values.Count).Select(rank => values[(int)rank - 1])]);
    }

    private void Count(CustomerKey customer, byte[] body)
    {
        var state = Read(customer, body);
        if (state is not { IsBorn: true, Historical: false } || state.Release != release.Number) return;
        var reading = release.Read(state, midnight);
        for (var i = 0; i < _values.Length; i++)
            if (release.Cuts[i].Measure(reading) is { } value) _values[i].Add(value);
    }

    // Whose state cannot be read is set aside when their turn comes; the others have a top all the same.
    private static CustomerState? Read(CustomerKey customer, byte[] body)
    {
        try
        {
            return StateCodec.Read(body, customer);
        }
        catch (Exception)
        {
            return null;
        }
    }
}
