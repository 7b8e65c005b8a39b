using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Delivery.Sql;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Sql;
using NodaTime;

namespace Lifecycle.Delivery;

/// <summary>What an operator asks about a tenant's deliveries, and does to them. Each statement touches one shard.</summary>
public sealed class DeliveryStore(LogDatabase database, EndpointStore endpoints, WebhookChannel channel, TimeProvider time)
{
    /// <summary>Raised with the shard when a delivery is to be sent once more; handlers must be quick.</summary>
    public event Action<int>? Replayed;

    /// <summary>As many as a page may hold.</summary>
    public const int LimitMax = 200;

    /// <summary>A tenant's deliveries over all shards with their attempts, newest first.</summary>
    /// <param name="limit">From 1 to <see cref="LimitMax"/>; what lies beyond is taken for the bound.</param>
    /// <param name="after">Where the page before ended, null for the first.</param>
    public async Task<DeliveryPage> ListAsync(int tenant, int limit, DeliveryCursor? after = null, CancellationToken cancellation = default)
    {
        var size = Math.Clamp(limit, 1, LimitMax);
        var found = new List<(int Shard, DeliveryRecord Delivery)>();
        for (var shard = 0; shard < database.Shards; shard++)
            found.AddRange((await ReadShardAsync(shard, tenant, size + 1, after, cancellation)).Select(delivery => (shard, delivery)));

        var newest = found
            .OrderByDescending(one => one.Delivery.CreatedAt).ThenByDescending(one => one.Delivery.Key).ThenByDescending(one => one.Delivery.Endpoint)
            .Take(size).ToArray();
        var attempts = new Dictionary<(RecordId, int), List<DeliveryAttempt>>();
        foreach (var group in newest.GroupBy(one => one.Shard, one => one.Delivery.Key))
            await ReadAttemptsAsync(group.Key, tenant, [.. group.Distinct()], attempts, cancellation);

        var page = newest.Select(one => one.Delivery)
            .Select(delivery => delivery with { Attempts = attempts.GetValueOrDefault((delivery.Key, delivery.Endpoint)) ?? [] })
            .ToArray();
        return new DeliveryPage(page, found.Count > size ? CursorOf(page[^1]) : null);
    }

    /// <summary>Makes a delivery that came to its end pending again, due now, with a fresh round of attempts and the message it always had.</summary>
    public async Task<ReplayResult> ReplayAsync(int tenant, RecordId key, int endpoint, CancellationToken cancellation = default)
    {
        for (var shard = 0; shard < database.Shards; shard++)
        {
            if (await FindAsync(shard, tenant, key, endpoint, cancellation) is not { } found) continue;
            if (found.Status == DeliveryStatus.Pending) return ReplayResult.AlreadyPending;
            var attempts = RetrySchedule.RoundAfter(found.Attempt);
            await using var command = database.Source.CreateCommand(DeliverySql.ReplayDelivery)
                .With(shard).With(tenant).With(key.Value).With(endpoint).With(attempts).With(found.Now);
            if (await command.ExecuteNonQueryAsync(cancellation) == 0) return ReplayResult.AlreadyPending;
            Replayed?.Invoke(shard);
            return ReplayResult.Replayed;
        }
        return ReplayResult.Unknown;
    }

    /// <summary>Sends an endpoint a message of the type <c>endpoint.tested</c> at once, enabled or not, and records nothing.</summary>
    /// <returns>Null if there is no such endpoint.</returns>
    public async Task<ReceiverAnswer?> TestSendAsync(int tenant, int endpoint, CancellationToken cancellation = default)
    {
        if (await endpoints.FindAsync(tenant, endpoint, cancellation) is not { } found) return null;
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var message = new WebhookMessage(found.Url, found.Secrets!, $"msg_test_{Guid.NewGuid():n}", ActionMessage.WriteTest(endpoint, now));
        return await channel.SendAsync(message, cancellation);
    }

    /// <summary>How much of what a tenant's customers asked for is still under way for the first time: deliveries of which no attempt has come to
    /// its end, and what waits to be carried to another customer. Zero once every one of them has its first outcome in the log.</summary>
    public async Task<long> PendingAsync(int tenant, CancellationToken cancellation = default)
    {
        var pending = 0L;
        for (var shard = 0; shard < database.Shards; shard++)
        {
            await using var command = database.Source.CreateCommand(DeliverySql.CountPending).With(shard).With(tenant);
            pending += (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        return pending;
    }

    private async Task<IReadOnlyList<DeliveryRecord>> ReadShardAsync(
        int shard, int tenant, int limit, DeliveryCursor? after, CancellationToken cancellation)
    {
        var query = database.Source.CreateCommand(DeliverySql.ListDeliveries).With(shard).With(tenant).With(limit)
            .With(after?.CreatedAt).With(after?.Key.Value).With(after?.Endpoint);
        return await query.ListAsync(row => new DeliveryRecord(
            new RecordId(row.GetGuid(0)), row.GetInt32(1), row.GetCustomer(2), row.GetStringOrNull(3), row.GetInstant(4), row.GetInstant(5),
            row.GetFieldValue<byte[]>(6), (DeliveryStatus)row.GetInt16(7), row.GetInt32(8), row.GetInstant(9), row.GetInt32OrNull(10),
            row.GetStringOrNull(11), []), cancellation);
    }

    private async Task ReadAttemptsAsync(
        int shard, int tenant, RecordId[] keys, Dictionary<(RecordId, int), List<DeliveryAttempt>> attempts, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(DeliverySql.ListAttempts).With(shard).With(tenant)
            .With(Array.ConvertAll(keys, key => key.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var delivery = (new RecordId(reader.GetGuid(0)), reader.GetInt32(1));
            if (!attempts.TryGetValue(delivery, out var list)) attempts[delivery] = list = [];
            list.Add(new DeliveryAttempt(reader.GetInt32(2), reader.GetInstant(3), Duration.FromMilliseconds(reader.GetInt32(4)),
                reader.GetInt32OrNull(5), reader.GetStringOrNull(6)));
        }
    }

    private async Task<(DeliveryStatus Status, int Attempt, Instant Now)?> FindAsync(
        int shard, int tenant, RecordId key, int endpoint, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(DeliverySql.FindDelivery).With(shard).With(tenant).With(key.Value).With(endpoint);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? ((DeliveryStatus)reader.GetInt16(0), reader.GetInt32(1), reader.GetInstant(2)) : null;
    }

    private static DeliveryCursor CursorOf(DeliveryRecord delivery) => new(delivery.CreatedAt, delivery.Key, delivery.Endpoint);
}
