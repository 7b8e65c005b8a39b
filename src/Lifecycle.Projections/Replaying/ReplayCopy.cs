using System.Globalization;
using Lifecycle.EventLog.Leases;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Processing;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Sql;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;

namespace Lifecycle.Projections.Replaying;

/// <summary>Replays the inputs of one database into another, fresh one: the same tenants, releases, customers, inputs and shard inputs, new
/// positions. Erased customers' inputs are left out.</summary>
/// <remarks>Nothing is delivered or carried there. Afterwards the two databases must hold the same facts, whatever disturbed the making of the
/// first.</remarks>
public sealed class ReplayCopy(TouchpointLog source, TouchpointLog target)
{
    private static readonly IReadOnlyList<string> TenantTables = ["tenant", "release"];
    private static readonly IReadOnlyList<string> ShardTables = ["customer", "erased", "history", "tenant_clock"];

    private const string EventColumns =
        "(shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, sealed)";

    /// <summary>Copies and processes everything that the source has consumed, firing due instants as far as the source has.</summary>
    /// <exception cref="InvalidOperationException">The databases have different numbers of shards, the target is not fresh, or months of the source
    /// lie in files.</exception>
    public async Task RunAsync(ProcessingOptions? options = null, CancellationToken ct = default)
    {
        if (source.Database.Shards != target.Database.Shards) throw new InvalidOperationException("A replay needs as many shards as its source has.");
        await using (var present = target.Database.Source.CreateCommand("select exists (select from tenant)"))
            if (await present.ExecuteScalarAsync(ct) is true) throw new InvalidOperationException("A replay needs a fresh database.");
        if ((await source.Database.Archive.MonthsAsync(0, ct)).Count > 0)
            throw new InvalidOperationException("A log with archived months is not copied; Replay compares it where it is.");
        foreach (var table in TenantTables) await CopyAsync(table, $"select * from {table}", "", ct);
        for (var shard = 0; shard < source.Database.Shards; shard++) await CopyShardAsync(shard, ct);

        var releases = new ReleaseStore(target.Database);
        for (var shard = 0; shard < source.Database.Shards; shard++) await ProcessAsync(shard, releases, (options ?? new ProcessingOptions())
            .Checked(), ct);
    }

    private async Task CopyShardAsync(int shard, CancellationToken ct)
    {
        var number = shard.ToString(CultureInfo.InvariantCulture);
        foreach (var table in ShardTables) await CopyAsync(table, $"select * from {table} where shard = {number}", "", ct);
        await CopyAsync("event", ProjectionSql.Text("copy_inputs").Replace("$1", number, StringComparison.Ordinal), EventColumns, ct);
        await using var raise = target.Database.Statement("raise_to_last_event").With(shard);
        await raise.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Sends rows from one database to the other as they are. COPY takes no parameters; all that is put into its text are numbers and names
    /// of ours.</summary>
    private async Task CopyAsync(string table, string rows, string columns, CancellationToken ct)
    {
        await using var from = await ((NpgsqlDataSource)source.Database.Source).OpenConnectionAsync(ct);
        await using var to = await ((NpgsqlDataSource)target.Database.Source).OpenConnectionAsync(ct);
        await using var reading = await from.BeginRawBinaryCopyAsync($"copy (\n{rows}\n) to stdout (format binary)", ct);
        await using var writing = await to.BeginRawBinaryCopyAsync($"copy {table} {columns} from stdin (format binary)", ct);
        await reading.CopyToAsync(writing, ct);
    }

    private async Task ProcessAsync(int shard, ReleaseStore releases, ProcessingOptions options, CancellationToken ct)
    {
        var firedTo = await source.Database.Statement("read_lease").With(shard).ListAsync(row => row.GetInstant(4), ct);
        var leases = new LeaseStore(target.Database);
        var lease = await leases.TryAcquireAsync(shard, Guid.NewGuid(), ct)
            ?? throw new InvalidOperationException($"Shard {shard} of the fresh database is being processed by somebody else.");
        using var processor =
            new ShardProcessor(target, new TenantStore(target.Database), releases, new ShardProgressBoard(target.Database), lease, options,
            NullLogger.Instance, firedTo[0]);
        while (await processor.RoundAsync(ct) is var round && round != ProcessingRound.Idle)
            if (round == ProcessingRound.LeaseLost)
            throw new InvalidOperationException($"The lease of shard {shard} was lost during the replay.");
        await leases.ReleaseAsync(lease, ct);
    }
}
