using System.Collections.Concurrent;
using System.Data.Common;
using Lifecycle.EventLog.Concurrency;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using NodaTime;

namespace Lifecycle.EventLog.Archive;

/// <summary>One month of one shard whose events of customers have moved into a file.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="RowsHash">SHA-256 of the file.</param>
/// <param name="IndexHash">SHA-256 of its index.</param>
public sealed record ArchivedMonth(int Shard, YearMonth Month, long Rows, long Bytes, byte[] RowsHash, byte[] IndexHash);

/// <summary>Reads the events of customers that have moved into files, together with those that have not.</summary>
/// <remarks>Whatever lies in files has lower positions than everything of the same shard's customers in the database. Shard inputs never leave the
/// database.</remarks>
public sealed class LogArchive
{
    /// <summary>As many files as have their index in memory.</summary>
    private const int IndexesMax = 256;

    private readonly DbDataSource _source;
    private readonly string? _folder;
    private readonly ConcurrentDictionary<int, IReadOnlyList<ArchivedMonth>> _known = new();
    private readonly GenerationCache<(int Shard, YearMonth Month), ArchiveFile> _files = new(IndexesMax);

    internal LogArchive(DbDataSource source, string? folder) => (_source, _folder) = (source, folder);

    /// <summary>Asks the database something of some customers, with what the archive holds of them, each customer's rows in the order of the
    /// log.</summary>
    /// <remarks>A month may move into files at any time: what is asked is asked again when one has moved meanwhile, so no row is missed and none seen
    /// twice.</remarks>
    /// <param name="read">Reads the database, and makes the answer from both.</param>
    /// <exception cref="ArchiveUnavailableException">A file is not there, or not what was written.</exception>
    public async Task<T> WithAsync<T>(int shard, IReadOnlyCollection<CustomerAddress> customers, Func<IReadOnlyList<LogRow>, Task<T>> read,
        CancellationToken ct)
    {
        var months = _known.GetValueOrDefault(shard, []);
        while (true)
        {
            var answer = await read(await RowsAsync(months, customers, ct));
            var now = await MonthsAsync(shard, ct);
            if (now.Count == months.Count) return answer;
            months = _known[shard] = now;
        }
    }

    /// <summary>Rows of some customers, each customer's in the order of the log: those that lie in files and are wanted, then those the database
    /// answers.</summary>
    /// <inheritdoc cref="WithAsync" path="/exception"/>
    public Task<List<LogRow>> ReadAsync(
        int shard, IReadOnlyCollection<CustomerAddress> customers, Func<LogRow, bool> wanted, Func<DbCommand> query, CancellationToken ct) =>
        WithAsync<List<LogRow>>(shard, customers,
            async archived => [.. archived.Where(wanted), .. await query().ListAsync(row => row.GetLogRow(shard), ct)], ct);

    /// <summary>The months of a shard that lie in files, in order. None ever comes back.</summary>
    public async Task<IReadOnlyList<ArchivedMonth>> MonthsAsync(int shard, CancellationToken ct = default) =>
        await _source.CreateCommand(SqlFiles.Of("read_archived_months")).With(shard).ListAsync(row => new ArchivedMonth(shard,
            LocalDate.FromDateOnly(row.GetFieldValue<DateOnly>(0)).ToYearMonth(), row.GetInt64(1), row.GetInt64(2),
            row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4)), ct);

    /// <summary>Reads all of a month's file and compares it with what was written. Answers how many rows it has.</summary>
    /// <exception cref="ArchiveUnavailableException">The file is not there, or not what was written.</exception>
    public Task<long> CheckAsync(ArchivedMonth month, CancellationToken ct = default) => new ArchiveFile(Folder(), month).CheckAsync(ct);

    private async Task<IReadOnlyList<LogRow>> RowsAsync(IReadOnlyList<ArchivedMonth> months, IReadOnlyCollection<CustomerAddress> customers,
        CancellationToken ct)
    {
        if (months.Count == 0) return [];
        var (rows, wanted) = (new List<LogRow>(), customers.ToHashSet());
        foreach (var month in months)
        {
            if (!_files.TryGet((month.Shard, month.Month), out var file))
                _files.Add((month.Shard, month.Month), file = new ArchiveFile(Folder(), month));
            try
            {
                rows.AddRange(await file.ReadAsync(wanted, ct));
            }
            catch (ArchiveUnavailableException)
            {
                _files.Add((month.Shard, month.Month), new ArchiveFile(Folder(), month)); // Its index is read anew when it has been put back.
                throw;
            }
        }
        return rows;
    }

    private string Folder() => _folder
        ?? throw new ArchiveUnavailableException("A part of this log lies in files of an archive: say with LIFECYCLE_ARCHIVE where the archive is.");
}
