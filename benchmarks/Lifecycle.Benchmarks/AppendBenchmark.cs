using System.Diagnostics;
using System.Globalization;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;

using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.Benchmarks;

/// <summary>Durable append with de-duplication and timeline index, beside binary COPY of the same rows into the same tables and indexes; two writers each, 5,000 rows a commit.</summary>
internal static class AppendBenchmark
{
    private const int Writers = 2, BatchSize = 5000;

    public static async Task<Figure> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lifecycle-bench-").FullName;
        var server = await PrivateServer.StartAsync(folder, CancellationToken.None);
        try
        {
            await using var database = await LogDatabase.OpenAsync(server.ConnectionUri, new LogOptions(), CancellationToken.None);
            var batches = await PrepareAsync(database);
            var postmaster = await PostmasterAsync((NpgsqlDataSource)database.Source);

            var log = new Log(database);
            var meter = new CpuMeter(postmaster);
            var appended = await RateAsync(batches, batch => log.AppendAsync(batch));
            var (clientUs, serverUs) = (meter.ClientSeconds * 1e6 / Load.Events, meter.ServerSeconds * 1e6 / Load.Events);

            await using (var command = database.Source.CreateCommand("truncate event, message_id")) await command.ExecuteNonQueryAsync();
            var positions = new long[database.Shards];
            var copied = await RateAsync(batches, batch => CopyAsync((NpgsqlDataSource)database.Source, batch, positions));
            return Figure.Of("append", "events per second", appended, copied, clientUs, serverUs);
        }
        finally
        {
            await server.StopAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The process id of the server itself: the parent of the backend that answers.</summary>
    private static async Task<int> PostmasterAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        var stat = await File.ReadAllTextAsync($"/proc/{backend}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Batches of one shard each, dealt to the writers so that no two write to one shard.</summary>
    private static async Task<List<NewInput[]>[]> PrepareAsync(LogDatabase database)
    {
        var tenant = await new Tenants(database).EnsureAsync("bench", false, CancellationToken.None);
        var customers = new Customers(database);
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

    private static async Task<double> RateAsync(List<NewInput[]>[] writers, Func<NewInput[], Task> write)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(writers.Select(batches => Task.Run(async () =>
        {
            foreach (var batch in batches) await write(batch);
        })));
        return Load.Events / watch.Elapsed.TotalSeconds;
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
