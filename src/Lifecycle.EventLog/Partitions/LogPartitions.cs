using System.Data.Common;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Partitions;

/// <summary>What the partitions of message ids and those of events have in common.</summary>
internal static class LogPartitions
{
    /// <summary>The recorded time of what would be appended to a shard now.</summary>
    public static async Task<Instant> PresentAsync(DbDataSource source, int shard, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select greatest(recorded_at, clock_timestamp()) from shard_head where shard = $1")
            .With(shard);
        return await command.ExecuteScalarAsync(ct) is DateTime present
            ? Instant.FromDateTimeUtc(present)
            : throw new LogConfigurationException($"The database has no shard {shard}.");
    }

    /// <summary>Makes a partition unless it is there.</summary>
    /// <param name="values">The rows it is for, as in <c>for values …</c>.</param>
    /// <param name="constraint">What it has beyond its parent's columns, checks and indexes.</param>
    public static async Task MakeAsync(DbDataSource source, string parent, string name, string values, string? constraint, CancellationToken ct)
    {
        await using var exists = source.CreateCommand("select to_regclass($1) is not null").With(name);
        if (await exists.ExecuteScalarAsync(ct) is true) return;
        await using var batch = source.CreateBatch();
        // Made beside the table and attached, which lets appends go on meanwhile: "create ... partition of" would lock them out.
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand($"create table {name} (like {parent} including all{(constraint is null ? "" : ", " + constraint)})"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"alter table {parent} attach partition {name} for values {values}"));
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException there) when (there.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject
            or PostgresErrorCodes.UniqueViolation)
        {
            // Another process made it in this moment, and it depends on how far it was whether the table, its row type or their entries in the
            // catalog are found to be there; creation and attachment commit together, so it is complete.
        }
    }
}
