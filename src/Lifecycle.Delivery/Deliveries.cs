using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.Delivery;

/// <summary>What an operator asks about a tenant's deliveries, and does to them. Each statement touches one shard.</summary>
public sealed class Deliveries(LogDatabase database, Endpoints endpoints, WebhookChannel channel, TimeProvider time)
{
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
        var attempts = new Dictionary<(EventId, int), List<DeliveryAttempt>>();
        foreach (var group in newest.GroupBy(one => one.Shard, one => one.Delivery.Key))
            await ReadAttemptsAsync(group.Key, tenant, [.. group.Distinct()], attempts, cancellation);

        var page = newest.Select(one => one.Delivery)
            .Select(delivery => delivery with { Attempts = attempts.GetValueOrDefault((delivery.Key, delivery.Endpoint)) ?? [] })
            .ToArray();
        return new DeliveryPage(page, found.Count > size ? CursorOf(page[^1]) : null);
    }

    /// <summary>Makes a delivery that came to its end pending again, due now, with a fresh round of attempts and the message it always had.</summary>
    public async Task<ReplayResult> ReplayAsync(int tenant, EventId key, int endpoint, CancellationToken cancellation = default)
    {
        for (var shard = 0; shard < database.Shards; shard++)
        {
            if (await FindAsync(shard, tenant, key, endpoint, cancellation) is not { } found) continue;
            if (found.Status == DeliveryStatus.Pending) return ReplayResult.AlreadyPending;
            var attempts = RetrySchedule.RoundAfter(found.Attempt);
            await using var command = Command(Sql.ReplayDelivery, shard, tenant, key.Value, endpoint, attempts, found.Now);
            return await command.ExecuteNonQueryAsync(cancellation) > 0 ? ReplayResult.Replayed : ReplayResult.AlreadyPending;
        }
        return ReplayResult.Unknown;
    }

    /// <summary>Sends an endpoint a message of the type <c>endpoint.tested</c> at once, enabled or not, and records nothing.</summary>
    /// <returns>Null if there is no such endpoint.</returns>
    public async Task<Answer?> TestSendAsync(int tenant, int endpoint, CancellationToken cancellation = default)
    {
        if (await endpoints.FindAsync(tenant, endpoint, cancellation) is not { } found) return null;
        var now = Instant.FromDateTimeOffset(time.GetUtcNow());
        var message = new Message(found.Url, found.Secrets!, $"msg_test_{Guid.NewGuid():n}", ActionMessage.WriteTest(endpoint, now));
        return await channel.SendAsync(message, cancellation);
    }

    /// <summary>How much of what a tenant's customers asked for is still under way for the first time: deliveries of which no attempt has come to
    /// its end, and what waits to be carried to another customer. Zero once every one of them has its first outcome in the log.</summary>
    public async Task<long> PendingAsync(int tenant, CancellationToken cancellation = default)
    {
        var pending = 0L;
        for (var shard = 0; shard < database.Shards; shard++)
        {
            await using var command = Command(Sql.CountPending, shard, tenant);
            pending += (long)(await command.ExecuteScalarAsync(cancellation))!;
        }
        return pending;
    }

    private async Task<IReadOnlyList<DeliveryRecord>> ReadShardAsync(
        int shard, int tenant, int limit, DeliveryCursor? after, CancellationToken cancellation)
    {
        await using var command = Command(Sql.ListDeliveries, shard, tenant, limit);
        command.Parameters.Add(new() { Value = (object?)after?.CreatedAt.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = (object?)after?.Key.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)after?.Endpoint ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });

        var deliveries = new List<DeliveryRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            deliveries.Add(new DeliveryRecord(
                new EventId(reader.GetGuid(0)), reader.GetInt32(1), new CustomerKey(reader.GetGuid(2)), TextAt(reader, 3),
                InstantAt(reader, 4), InstantAt(reader, 5), reader.GetFieldValue<byte[]>(6), (DeliveryStatus)reader.GetInt16(7), reader.GetInt32(8),
                InstantAt(reader, 9), NumberAt(reader, 10), TextAt(reader, 11), []));
        }
        return deliveries;
    }

    private async Task ReadAttemptsAsync(
        int shard, int tenant, EventId[] keys, Dictionary<(EventId, int), List<DeliveryAttempt>> attempts, CancellationToken cancellation)
    {
        await using var command = Command(Sql.ListAttempts, shard, tenant, keys.Select(key => key.Value).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var delivery = (new EventId(reader.GetGuid(0)), reader.GetInt32(1));
            if (!attempts.TryGetValue(delivery, out var list)) attempts[delivery] = list = [];
            list.Add(new DeliveryAttempt(reader.GetInt32(2), InstantAt(reader, 3), Duration.FromMilliseconds(reader.GetInt32(4)),
                NumberAt(reader, 5), TextAt(reader, 6)));
        }
    }

    private async Task<(DeliveryStatus Status, int Attempt, DateTime Now)?> FindAsync(
        int shard, int tenant, EventId key, int endpoint, CancellationToken cancellation)
    {
        await using var command = Command(Sql.FindDelivery, shard, tenant, key.Value, endpoint);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? ((DeliveryStatus)reader.GetInt16(0), reader.GetInt32(1), reader.GetDateTime(2)) : null;
    }

    private NpgsqlCommand Command(string statement, params object[] parameters)
    {
        var command = database.Source.CreateCommand(statement);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }

    private static DeliveryCursor CursorOf(DeliveryRecord delivery) => new(delivery.CreatedAt, delivery.Key, delivery.Endpoint);

    private static Instant InstantAt(NpgsqlDataReader reader, int column) => Instant.FromDateTimeUtc(reader.GetDateTime(column));

    private static int? NumberAt(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private static string? TextAt(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
