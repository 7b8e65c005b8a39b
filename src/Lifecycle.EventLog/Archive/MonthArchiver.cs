using System.Runtime.CompilerServices;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Partitions;
using Lifecycle.EventLog.Sql;
using NodaTime;
using Npgsql;

namespace Lifecycle.EventLog.Archive;

/// <summary>A month of the log as it lies in the database.</summary>
/// <param name="Rows">As many as PostgreSQL believes there are; -1 where it never looked.</param>
/// <param name="Bytes">With its indexes.</param>
public sealed record StoredMonth(YearMonth Month, long Rows, long Bytes);

/// <summary>A month cannot move into files. The message says why, and what to do.</summary>
public sealed class ArchivingRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Moves months of the log that are over out of the database into files. What reads the log reads on as before.</summary>
/// <remarks>Power may go at any time: a month is in the database until one transaction has noted its files, which are on disk by then, and dropped
/// it.</remarks>
public sealed class MonthArchiver(TouchpointLog log, string folder)
{
    private const int PageRows = 20_000, LockTriesMax = 60;
    private static readonly Duration LockRetry = Duration.FromSeconds(1);

    /// <summary>The months that lie in the database, the oldest first.</summary>
    public async Task<IReadOnlyList<StoredMonth>> ListAsync(CancellationToken ct = default) =>
        await log.Database.Source.CreateCommand(SqlFiles.Of("read_event_months")).ListAsync(row =>
            new StoredMonth(new YearMonth(row.GetInt32(0), row.GetInt32(1)), row.GetInt64(2), row.GetInt64(3)), ct);

    /// <summary>The months that lie in the database and end before another begins, the oldest first.</summary>
    /// <exception cref="ArchivingRefusedException">That other month has not begun.</exception>
    public async Task<IReadOnlyList<YearMonth>> ListBeforeAsync(YearMonth end, CancellationToken ct = default)
    {
        var present = EventMonths.Of(await LogPartitions.PresentAsync(log.Database.Source, 0, ct));
        return end.CompareTo(present) <= 0
            ? [.. (await ListAsync(ct)).Select(month => month.Month).Where(month => month.CompareTo(end) < 0)]
            : throw new ArchivingRefusedException(
                $"The month {EventMonths.TextOf(end)} has not begun; the latest that can be named is {EventMonths.TextOf(present)}.");
    }

    /// <summary>Moves one month, which must be the oldest in the database, over, and judged in every shard.</summary>
    /// <returns>What the files hold, for each shard that has some.</returns>
    /// <exception cref="ArchivingRefusedException">It cannot be moved now; it lies in the database as before.</exception>
    public async Task<IReadOnlyList<ArchivedMonth>> ArchiveAsync(YearMonth month, CancellationToken ct = default)
    {
        if (await ListAsync(ct) is not [{ Month: var oldest }, ..]) throw new ArchivingRefusedException("The database holds no months.");
        if (oldest != month)
            throw new ArchivingRefusedException(
                $"The oldest month in the database is {EventMonths.TextOf(oldest)}; it goes before {EventMonths.TextOf(month)}.");
        try
        {
            return await ArchiveOldestAsync(month, ct);
        }
        catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new ArchivingRefusedException($"The month {EventMonths.TextOf(month)} was archived by somebody else in this moment.", gone);
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ArchivingRefusedException(
                "The log was in use all the time; do it again when there is less to do. Nothing was taken out of the database.", busy);
        }
    }

    private async Task<IReadOnlyList<ArchivedMonth>> ArchiveOldestAsync(YearMonth month, CancellationToken ct)
    {
        var files = new List<ArchivedMonth>();
        for (var shard = 0; shard < log.Database.Shards; shard++) await CheckOverAndJudgedAsync(shard, month, ct);
        for (var shard = 0; shard < log.Database.Shards; shard++)
        {
            if (await ArchiveWriter.WriteAsync(folder, shard, month, RowsAsync(shard, month, ct), ct) is not { } written) continue;
            await new ArchiveFile(folder, written).CheckAsync(ct);
            files.Add(written);
        }
        await MoveAsync(month, files, ct);
        return files;
    }

    // Once the head's time is past the month's end, nothing can be recorded in it any more.
    private async Task CheckOverAndJudgedAsync(int shard, YearMonth month, CancellationToken ct)
    {
        var head = await log.RaiseAsync(shard, ct: ct);
        if (head.RecordedAt < EventMonths.StartOf(month.PlusMonths(1)))
            throw new ArchivingRefusedException($"The month {EventMonths.TextOf(month)} is not over.");
        await using var command = log.Database.Source.CreateCommand($"""
            select coalesce(max(position), 0) > (select consumed from shard_lease where shard = $1)
            from {EventMonths.NameOf(month)} where shard = $1 and kind = {(int)EventKind.Input}
            """).With(shard);
        if (await command.ExecuteScalarAsync(ct) is true)
            throw new ArchivingRefusedException(
                $"Events of {EventMonths.TextOf(month)} are not yet judged in shard {shard}: let a server with the role process come to its end.");
    }

    /// <summary>The rows of customers in the order of the files, page by page, since no statement may run for long.</summary>
    private async IAsyncEnumerable<LogRow> RowsAsync(int shard, YearMonth month, [EnumeratorCancellation] CancellationToken ct)
    {
        var (tenant, customer, position) = (int.MinValue, Guid.Empty, 0L);
        while (true)
        {
            var page = await log.Database.Source.CreateCommand($"""
                select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause,
                    ordinal, id, open, sealed
                from {EventMonths.NameOf(month)}
                where shard = $1 and customer is not null and (tenant, customer) >= ($2, $3) and (tenant, customer, position) > ($2, $3, $4)
                order by tenant, customer, position
                limit $5
                """).With(shard).With(tenant).With(customer).With(position).With(PageRows).ListAsync(row => row.GetLogRow(shard), ct);
            foreach (var row in page) yield return row;
            if (page.Count < PageRows) yield break;
            (tenant, customer, position) = (page[^1].Tenant, page[^1].Customer!.Value.Value, page[^1].Position);
        }
    }

    // Everything else waits while the lock on the log is wanted, so it is wanted for a second only, and again after a pause.
    private async Task MoveAsync(YearMonth month, List<ArchivedMonth> files, CancellationToken ct)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                await MoveOnceAsync(month, files, ct);
                return;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable && tried < LockTriesMax)
            {
                await Task.Delay(LockRetry.ToTimeSpan(), log.Database.Options.Time, ct);
            }
        }
    }

    private async Task MoveOnceAsync(YearMonth month, List<ArchivedMonth> files, CancellationToken ct)
    {
        await using var connection = await log.Database.Source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var statement in new[]
        {
            "set local lock_timeout = '1s'",
            "lock table event in access exclusive mode",
            $"drop table {EventMonths.NameOf(month)}",
        }) batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        foreach (var file in files)
            batch.BatchCommands.Add(LogStatements.Command("note_archived").With(file.Shard).With(month.Year).With(month.Month)
                .With(file.Rows).With(file.Bytes).With(file.RowsHash).With(file.IndexHash));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
