using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.Domain.States;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Thresholds;

/// <summary>Counts the customers of one tenant in one shard at an instant, page by page: of each metric that is compared, who has which
/// value.</summary>
/// <remarks>Counted is who is known by a user id and has a value. What is kept in memory is one number for each customer and metric. Whoever is known
/// by open history alone is not counted.</remarks>
internal sealed class TopThresholdScan(TouchpointLog log, int shard, Tenant tenant, Release release, Instant at, int pageMax)
{
    private readonly EncryptedStates _states = new(log.Database);
    private readonly List<TopThreshold> _ranked = [.. release.Cuts.DistinctBy(threshold => threshold.Ranked)];
    private readonly List<decimal>[] _values = [.. release.Cuts.DistinctBy(threshold => threshold.Ranked).Select(_ => new List<decimal>())];
    private Guid _after;

    /// <summary>The last midnight of a zone up to and including an instant. Where a day begins later than at 00:00, it is that beginning.</summary>
    public static Instant MidnightUpTo(Instant now, DateTimeZone zone) => Dates.StartOf(Dates.Of(now, zone), zone);

    /// <summary>The first midnight of a zone after an instant.</summary>
    public static Instant MidnightAfter(Instant now, DateTimeZone zone) => Dates.StartOf(Dates.Of(now, zone).PlusDays(1), zone);

    /// <summary>Reads one page more. False after the last.</summary>
    public async Task<bool> ReadPageAsync(CancellationToken ct)
    {
        var page = await log.Database.Statement("read_states_after").With(shard).With(tenant.Id).With(_after).With(pageMax)
            .ListAsync(row => (Customer: row.GetCustomer(0), Body: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)), ct);
        var bodies = await _states.OpenAsync(shard, [.. page.Select(row => (new CustomerAddress(tenant.Id, row.Customer), row.Body))], ct);
        for (var place = 0; place < page.Count; place++)
            if (bodies[place] is { } body) Count(page[place].Customer, body);
        if (page.Count > 0) _after = page[^1].Customer.Value;
        return page.Count == pageMax;
    }

    /// <summary>Reads what is left to read.</summary>
    public async Task<TopThresholdScan> ToEndAsync(CancellationToken ct)
    {
        while (await ReadPageAsync(ct))
        {
        }
        return this;
    }

    /// <summary>What was found of each metric, as <see cref="ValueCounts"/>.</summary>
    public IReadOnlyList<MetricCount> Counts =>
        [.. _ranked.Select((threshold, i) => new MetricCount(threshold.Ranked, ValueCounts.Write(_values[i])))];

    private void Count(CustomerKey customer, byte[] body)
    {
        var state = Read(customer, body);
        if (state is not { IsBorn: true, ImportOpen: false } || state.Release != release.Number) return;
        var reading = release.Read(state, at);
        for (var i = 0; i < _values.Length; i++)
            if (_ranked[i].Measure(reading) is { } value) _values[i].Add(value);
    }

    // Whose state cannot be read is set aside when their turn comes; the others are compared all the same.
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

/// <summary>One shard's count of one metric.</summary>
/// <param name="Ranked">The metric in canonical writing.</param>
internal sealed record MetricCount(string Ranked, byte[] Counts)
{
    /// <summary>Under which it is stored.</summary>
    public Guid Id => StableHash.Of("counted", Ranked);
}
