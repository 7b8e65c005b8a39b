using System.Diagnostics;
using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.Benchmarks;

/// <summary>The load as rows of the log, and the limit of everything that writes: binary COPY of these rows into the log's own tables and indexes.</summary>
internal static class Rows
{
    private const int Writers = 2, BatchSize = 5000;

    /// <summary>Batches of one shard each, dealt to the writers so that no two write to one shard.</summary>
    public static async Task<List<NewInput[]>[]> PrepareAsync(LogDatabase database)
    {
        var tenant = await new TenantStore(database).EnsureAsync("bench", false, CancellationToken.None);
        var customers = new CustomerDirectory(database);
        var located = Enumerable.Range(0, Load.Customers).Select(i => customers.Locate(tenant, string.Create(CultureInfo.InvariantCulture, $"player-{i}"))).ToArray();
        var (random, now) = (new Random(1), SystemClock.Instance.GetCurrentInstant());
        var inputs = Enumerable.Range(0, Load.Events).Select(number =>
        {
            var open = Load.Open(number, random);
            return new NewInput(located[Load.Customer(random)], Load.Id(number), StableHash.Of(open), Load.Name(random), 1, open, null, now, false, 0, false);
        });
        var writers = Enumerable.Range(0, Writers).Select(_ => new List<NewInput[]>()).ToArray();
        foreach (var shard in inputs.GroupBy(input => input.Customer.Shard))
            writers[shard.Key % Writers].AddRange(shard.Chunk(BatchSize));
        return writers;
    }

    /// <summary>Events a second that two writers get through, each its own batches one after the other.</summary>
    public static async Task<double> RateAsync(List<NewInput[]>[] writers, Func<NewInput[], Task> write)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(writers.Select(batches => Task.Run(async () =>
        {
            foreach (var batch in batches) await write(batch);
        })));
        return Load.Events / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Events a second by binary COPY, one COPY a table and one commit for 5,000 rows, the second time it is done: the first is the compiler's.
    /// The tables are emptied before and after.</summary>
    public static async Task<double> CopiedAsync(Rig rig, List<NewInput[]>[] batches)
    {
        var copied = 0.0;
        for (var time = 0; time < 2; time++)
        {
            await rig.ExecuteAsync("truncate event, message_id");
            var positions = new long[rig.Database.Shards];
            copied = await RateAsync(batches, batch => CopyAsync((NpgsqlDataSource)rig.Database.Source, batch, positions));
        }
        await rig.ExecuteAsync("truncate event, message_id");
        return copied;
    }

    private static async Task CopyAsync(NpgsqlDataSource source, NewInput[] batch, long[] positions)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (shard, now) = (batch[0].Customer.Shard, DateTime.UtcNow);
        var first = positions[shard];
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy event (shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, id, open) from stdin binary"))
        {
            foreach (var input in batch)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(shard, NpgsqlDbType.Integer);
                await copy.WriteAsync(++positions[shard], NpgsqlDbType.Bigint);
                for (var time = 0; time < 3; time++) await copy.WriteAsync(now, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(input.Customer.Tenant, NpgsqlDbType.Integer);
                await copy.WriteAsync(input.Customer.Key.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync((short)EventKind.Input, NpgsqlDbType.Smallint);
                await copy.WriteAsync(input.Name, NpgsqlDbType.Text);
                await copy.WriteAsync(input.Version, NpgsqlDbType.Smallint);
                await copy.WriteAsync(false, NpgsqlDbType.Boolean);
                await copy.WriteAsync((short)0, NpgsqlDbType.Smallint);
                await copy.WriteAsync(input.Id.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(input.Open, NpgsqlDbType.Bytea);
            }
            await copy.CompleteAsync();
        }
        await using (var copy = await connection.BeginBinaryImportAsync("copy message_id (shard, time_window, tenant, customer, id, content, position) from stdin binary"))
        {
            foreach (var input in batch)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(shard, NpgsqlDbType.Integer);
                await copy.WriteAsync(0, NpgsqlDbType.Integer);
                await copy.WriteAsync(input.Customer.Tenant, NpgsqlDbType.Integer);
                await copy.WriteAsync(input.Customer.Key.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(input.Id.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(input.Content, NpgsqlDbType.Uuid);
                await copy.WriteAsync(++first, NpgsqlDbType.Bigint);
            }
            await copy.CompleteAsync();
        }
        await transaction.CommitAsync();
    }
}
