using System.Data.Common;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Archive;
using Lifecycle.EventLog.Concurrency;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Migrations;
using Lifecycle.EventLog.Partitions;
using Lifecycle.EventLog.Sql;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Database;

/// <summary>The one PostgreSQL database that holds everything, open and of the right shape.</summary>
public sealed class LogDatabase : IAsyncDisposable
{
    /// <summary>As long as a session may be idle in a transaction, see <see cref="LogConnection"/>.</summary>
    private static readonly TimeSpan StoppedAfter = TimeSpan.FromSeconds(3);

    /// <param name="source">Of the present schema, with all shards made.</param>
    internal LogDatabase(DbDataSource source, LogOptions options) : this(source, null, options, options.CommitsMax)
    {
    }

    private LogDatabase(DbDataSource source, LogDatabase? readers, LogOptions options, int commitsMax)
    {
        CustomerKeys = readers?.CustomerKeys ?? new(options.CustomersRememberedMax);
        (Source, Readers, Options, MessageIds, Months, Archive, CommitsInFlight) = (source, readers ?? this, options,
            new MessageIdPartitions(source, options), new EventMonths(source), new LogArchive(source, options.ArchiveFolder),
                new FairSemaphore(commitsMax));
    }

    /// <summary>Where this process's connections come from.</summary>
    public DbDataSource Source { get; }

    /// <summary>The same database by a quarter of this process's connections, for those who only read: however many they are, who writes finds a
    /// connection. They wait for one of theirs up to 10 seconds.</summary>
    public LogDatabase Readers { get; }

    public LogOptions Options { get; }

    public int Shards => Options.Shards;

    /// <summary>What moved out of the database into files, and how it is read along with the rest.</summary>
    public LogArchive Archive { get; }

    /// <summary>The keys of customers last seen: whoever seals and whoever opens here shares them.</summary>
    internal GenerationCache<(int Tenant, CustomerKey Customer), byte[]> CustomerKeys { get; }

    internal MessageIdPartitions MessageIds { get; }

    internal EventMonths Months { get; }

    internal FairSemaphore CommitsInFlight { get; }

    /// <summary>Opens a database, bringing its schema up to date and making its shards where it is new. Several processes may do so at
    /// once.</summary>
    /// <param name="connection"><c>postgresql://user:password@host:port/name</c> or an Npgsql connection string.</param>
    /// <exception cref="LogConfigurationException">Options, address or database do not fit; the message says how.</exception>
    /// <exception cref="LogUnavailableException">The database does not answer.</exception>
    public static async Task<LogDatabase> OpenAsync(string connection, LogOptions options, CancellationToken ct = default)
    {
        var settings = LogConnection.Settings(connection);
        var database = Connect(settings, options.Checked());
        try
        {
            await SchemaMigrations.RunAsync(settings, ct);
            await database.EnsureClusterAsync(ct);
            await database.EnsureShardsAsync(ct);
            return database;
        }
        catch (Exception failure)
        {
            await database.DisposeAsync();
            if (PassingFailures.MayPass(failure)) throw new LogUnavailableException(Outages.Of(failure).Advice(), failure);
            if (failure is PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
                or PostgresErrorCodes.InvalidCatalogName } refused)
                throw new LogConfigurationException($"PostgreSQL refuses the connection: {refused.MessageText}.", failure);
            throw;
        }
    }

    /// <summary>Brings a database's schema up to date and no more: its number of shards is not fixed yet.</summary>
    public static Task MigrateAsync(string connection, CancellationToken ct = default) =>
        SchemaMigrations.RunAsync(LogConnection.Settings(connection), ct);

    /// <summary>Told of a failure of this database. Where the server has become a standby, all connections to it are given up: the next ones may lead
    /// to the primary, and sessions begun before a promotion may stay read only after it.</summary>
    public void Note(Exception failure)
    {
        if (Outages.Of(failure) == Outage.ReadOnly) GiveUpConnections();
    }

    /// <summary>Whether the server takes writes at present. Where it does not, the next question is put to it by another connection.</summary>
    public async Task<bool> TakesWritesAsync(CancellationToken ct = default)
    {
        await using var command = Source.CreateCommand(SqlFiles.Of("takes_writes"));
        if (await command.ExecuteScalarAsync(ct) is true) return true;
        GiveUpConnections();
        return false;
    }

    /// <summary>Ends sessions whose process stopped in the middle of a batch, so that they hold no shard. For whoever waited for a lock in
    /// vain.</summary>
    internal async Task EndStoppedSessionsAsync(CancellationToken ct)
    {
        await using var command = Source.CreateCommand(SqlFiles.Of("end_stopped_sessions")).With(StoppedAfter);
        await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Notes that a process of this version of the engine judges from now on: older programs do not open the log any more.</summary>
    public async Task RaiseEngineAsync(CancellationToken ct = default)
    {
        await using var raise = Source.CreateCommand(SqlFiles.Of("raise_engine")).With(Options.Engine.Semantics).With(Options.Engine.Zones);
        await raise.ExecuteNonQueryAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (Readers != this) await Readers.DisposeAsync();
        await Source.DisposeAsync();
    }

    private void GiveUpConnections() => (Source as NpgsqlDataSource)?.Clear();

    // Of the connections a quarter is the readers'; of the rest at most half is in commits, so that processing and delivery go on under any intake.
    private static LogDatabase Connect(string settings, LogOptions options)
    {
        var budget = options.ConnectionsMax ?? new NpgsqlConnectionStringBuilder(settings).MaxPoolSize;
        if (budget < LogOptions.ConnectionsMin)
            throw new LogConfigurationException($"A process needs at least {LogOptions.ConnectionsMin} connections and may have {budget}.");
        var (forReading, forWriting) = (budget / 4, budget - budget / 4);
        var readers = new LogDatabase(Pool(forReading, writing: false), null, options, 1);
        return new LogDatabase(Pool(forWriting, writing: true), readers, options, Math.Min(options.CommitsMax, forWriting / 2));

        NpgsqlDataSource Pool(int size, bool writing) => NpgsqlDataSource.Create(LogConnection.ForPool(settings, size, writing));
    }

    // What is fixed when the database is created: whoever comes first decides, whoever comes later must agree.
    private async Task EnsureClusterAsync(CancellationToken ct)
    {
        var window = (long)Options.MessageIdWindow.TotalMilliseconds;
        await using var create =
            Source.CreateCommand("insert into cluster (shards, message_id_window_ms) values ($1, $2) on conflict (one) do nothing")
            .With(Shards).With(window);
        await create.ExecuteNonQueryAsync(ct);
        await using var read = Source.CreateCommand("select shards, message_id_window_ms, semantics, zone_version from cluster");
        await using var reader = await read.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var (shards, kept) = (reader.GetInt32(0), reader.GetInt64(1));
        if (Options.Engine.RefusalOf(new EngineVersion(reader.GetInt32(2), reader.GetString(3))) is { } refusal)
            throw new LogConfigurationException(refusal);
        if (shards != Shards)
            throw new LogConfigurationException(
                $"The database was created with {shards} shards and this program is set to {Shards}: set it to {shards}, or copy the log into a "
                + "new database.");
        if (kept != window)
            throw new LogConfigurationException(
                $"The database was created with a window of message ids of {Duration.FromMilliseconds(kept)} and this program is set to "
                + $"{Options.MessageIdWindow}: set it to the former.");
    }

    private async Task EnsureShardsAsync(CancellationToken ct)
    {
        await using var time = Source.CreateCommand("select date_trunc('milliseconds', clock_timestamp())");
        var now = Instant.FromDateTimeUtc((DateTime)(await time.ExecuteScalarAsync(ct))!);
        for (var shard = 0; shard < Shards; shard++)
        {
            var recordedAt = await EnsureShardAsync(shard, now, ct);
            await EnsurePartitionsAsync(recordedAt > now ? recordedAt : now, ct);
        }
    }

    /// <summary>Makes the partitions that an append to the shard needs now, whatever this process remembers.</summary>
    internal async Task EnsurePartitionsForAsync(int shard, CancellationToken ct)
    {
        MessageIds.Forget();
        Months.Forget();
        await EnsurePartitionsAsync(await LogPartitions.PresentAsync(Source, shard, ct), ct);
    }

    /// <summary>Makes the partitions that an append at this recorded time needs, and the next of each.</summary>
    internal async Task EnsurePartitionsAsync(Instant recordedAt, CancellationToken ct)
    {
        await MessageIds.EnsureAsync(recordedAt, ct);
        await Months.EnsureAsync(recordedAt, ct);
    }

    private async Task<Instant> EnsureShardAsync(int shard, Instant now, CancellationToken ct)
    {
        await using var batch = Source.CreateBatch();
        batch.BatchCommands.Add(LogStatements.Command("create_shard_head").With(shard).With((Instant?)now));
        batch.BatchCommands.Add(LogStatements.Command("create_shard_lease").With(shard).With((Instant?)now));
        batch.BatchCommands.Add(LogStatements.Command("read_head").With(shard));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var recordedAt = reader.GetInstant(1);
        await reader.NextResultAsync(ct);
        return recordedAt;
    }
}
