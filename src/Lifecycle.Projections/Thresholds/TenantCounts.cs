using System.Collections.Immutable;
using System.Globalization;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.Metrics;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Sql;
using NodaTime;

namespace Lifecycle.Projections.Thresholds;

/// <summary>What the counts of a tenant's shards come to together, and how every shard is told the same.</summary>
internal sealed class TenantCounts(TouchpointLog log)
{
    private readonly LogDatabase _database = log.Database;

    /// <summary>The id of a day's count. It is the same in every shard.</summary>
    public static RecordId IdOf(Tenant tenant, Instant midnight, DateTimeZone zone) => new(StableHash.Of("cut points", tenant.Name,
        midnight.InZone(zone).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)));

    /// <summary>The id of a count that was asked for.</summary>
    public static RecordId IdOf(RecordedShardInput asked) => new(StableHash.Of("cut points", asked.Id.ToString()));

    /// <summary>Stores one shard's count in a row of its own for each metric. The first is kept.</summary>
    public async Task StoreAsync(int shard, Tenant tenant, RecordId id, IReadOnlyList<MetricCount> counts, Instant at, CancellationToken ct)
    {
        await using var store = _database.Statement("store_cut_counts").With(shard).With(tenant.Id).With(id.Value)
            .With(counts.Select(count => count.Id).ToArray()).With(counts.Select(count => count.Counts).ToArray()).With(at);
        await store.ExecuteNonQueryAsync(ct);
    }

    /// <summary>When a shard stored its count; null where it has not.</summary>
    public async Task<Instant?> StoredAtAsync(int shard, Tenant tenant, RecordId id, CancellationToken ct)
    {
        var stored = await _database.Statement("read_cut_count_stored").With(shard).With(tenant.Id).With(id.Value)
            .ListAsync(row => row.GetInstant(0), ct);
        return stored.Count == 0 ? null : stored[0];
    }

    /// <summary>The answers to all that a release asks, from what the shards have stored. Null where some have not and are waited for.</summary>
    /// <remarks>A metric that a shard did not count, because another release ruled there, is not answered: what is known of it stands.</remarks>
    public async Task<CutPointsComputed?> TogetherAsync(Tenant tenant, RecordId id, Release release, bool waits, CancellationToken ct)
    {
        var stored = new List<int>();
        for (var shard = 0; shard < _database.Shards; shard++)
            if (await StoredAtAsync(shard, tenant, id, ct) is not null) stored.Add(shard);
        if (waits && stored.Count < _database.Shards) return null;
        var points = new List<CutPoints>();
        foreach (var metric in release.Cuts.GroupBy(threshold => threshold.Ranked))
        {
            var counts = new List<byte[]>();
            foreach (var shard in stored)
                counts.AddRange(await _database.Statement("read_cut_count").With(shard).With(tenant.Id).With(id.Value)
                    .With(new MetricCount(metric.Key, []).Id)
                    .ListAsync(row => row.GetFieldValue<byte[]>(0), ct));
            if (counts.Count == stored.Count) points.AddRange(ValueCounts.Answer([.. metric], counts));
        }
        return new CutPointsComputed([.. points], [.. Enumerable.Range(0, _database.Shards).Except(stored)]);
    }

    /// <summary>Appends an input to every shard. What shard 0 has under the id decides, so that all have the same, whoever else appends and whatever
    /// they found.</summary>
    public async Task<IReadOnlyDictionary<int, long>> AppendAsync(Tenant tenant, ShardInput input, RecordId id, CancellationToken ct)
    {
        var first = await log.AppendShardInputAsync(0, tenant, input, id, ct);
        if (first.Result != AppendResult.Appended)
            input = EventCodec.ToShardInput((await log.ReadAsync(0, first.Position - 1, 1, ct))[0]).Input;
        var others =
            await Task.WhenAll(Enumerable.Range(1, _database.Shards - 1).Select(shard => log.AppendShardInputAsync(shard, tenant, input, id, ct)));
        return others.Prepend(first).ToDictionary(outcome => outcome.Shard, outcome => outcome.Position);
    }

    /// <summary>Counts all customers as their states are, and answers what a release asks.</summary>
    public async Task<CutPointsComputed> CountAsync(Tenant tenant, Release release, Instant at, int pageMax, CancellationToken ct)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, _database.Shards)
            .Select(shard => new TopThresholdScan(log, shard, tenant, release, at, pageMax).ToEndAsync(ct)));
        return new CutPointsComputed(Answer(release.Cuts, [.. shards.SelectMany(scan => scan.Counts)]));
    }

    /// <summary>The answers to some questions from the counts of all shards.</summary>
    public static ImmutableArray<CutPoints> Answer(IEnumerable<TopThreshold> asked, IReadOnlyList<MetricCount> counts) =>
        [.. asked.GroupBy(threshold => threshold.Ranked).SelectMany(metric =>
            ValueCounts.Answer([.. metric], [.. counts.Where(count => count.Ranked == metric.Key).Select(count => count.Counts)]))];
}
