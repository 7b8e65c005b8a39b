using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Partitions;
using Microsoft.Win32.SafeHandles;
using NodaTime;

namespace Lifecycle.EventLog.Archive;

/// <summary>The events of customers that one shard recorded in one month, as a file that <c>zcat</c> reads, and beside it the index.</summary>
/// <remarks><c>2026-09/shard-0003.jsonl.gz</c>: lines of <see cref="ArchivedRow"/>, in the order of tenant, customer and position.
/// <c>2026-09/shard-0003.index.jsonl</c>: a line for each piece of it that can be read alone.</remarks>
internal sealed class ArchiveFile(string folder, ArchivedMonth month)
{
    private readonly Lazy<Task<ArchiveIndex>> _index = new(() => ReadIndexAsync(IndexPathOf(folder, month.Shard, month.Month), month.IndexHash));

    public static string FolderOf(string folder, YearMonth month) =>
        Path.Combine(folder, EventMonths.TextOf(month));

    public static string RowsPathOf(string folder, int shard, YearMonth month) => PathOf(folder, shard, month, "jsonl.gz");

    public static string IndexPathOf(string folder, int shard, YearMonth month) => PathOf(folder, shard, month, "index.jsonl");

    /// <summary>The rows of these customers, each customer's in the order of the log.</summary>
    /// <exception cref="ArchiveUnavailableException">The file is not there, or not what was written.</exception>
    public async Task<List<LogRow>> ReadAsync(IReadOnlyCollection<CustomerAddress> customers, CancellationToken ct)
    {
        var index = await _index.Value;
        var wanted = customers as IReadOnlySet<CustomerAddress> ?? customers.ToHashSet();
        var places = new SortedSet<int>();
        foreach (var customer in wanted)
        {
            var (from, to) = index.Find(customer);
            for (var place = from; place < to; place++) places.Add(place);
        }
        var rows = new List<LogRow>();
        if (places.Count == 0) return rows;
        await foreach (var line in LinesAsync(places.Select(place => index.Blocks[place]), ct))
            if (wanted.Contains(ArchivedRow.AddressOf(line.Span))) rows.Add(ArchivedRow.Read(month.Shard, line.Span));
        return rows;
    }

    /// <summary>Reads all of it and compares it with what the database knows of it. Answers how many rows there are.</summary>
    /// <exception cref="ArchiveUnavailableException">It is not what was written.</exception>
    public async Task<long> CheckAsync(CancellationToken ct)
    {
        var (path, index, rows) = (RowsPathOf(folder, month.Shard, month.Month), await _index.Value, 0L);
        await foreach (var line in LinesAsync(index.Blocks, ct))
        {
            ArchivedRow.Read(month.Shard, line.Span);
            rows++;
        }
        await using var file = File.OpenRead(path);
        if (rows != month.Rows || !(await SHA256.HashDataAsync(file, ct)).AsSpan().SequenceEqual(month.RowsHash)) throw Damaged(path);
        return rows;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(IEnumerable<ArchiveBlock> blocks, [EnumeratorCancellation] CancellationToken ct)
    {
        var path = RowsPathOf(folder, month.Shard, month.Month);
        using var file = Open(path);
        foreach (var block in blocks)
        {
            var packed = new byte[block.Length];
            if (await RandomAccess.ReadAsync(file, packed, block.Offset, ct) < packed.Length
                || !SHA256.HashData(packed).AsSpan().SequenceEqual(block.Hash))
                throw Damaged(path);
            using var text = new MemoryStream();
            await using (var unpacking = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)) await unpacking.CopyToAsync(text, ct);
            foreach (var line in text.GetBuffer().AsMemory(0, (int)text.Length).Lines()) yield return line;
        }
    }

    private static async Task<ArchiveIndex> ReadIndexAsync(string path, byte[] hash)
    {
        using var file = Open(path);
        var lines = new byte[RandomAccess.GetLength(file)];
        var read = 0;
        while (read < lines.Length && await RandomAccess.ReadAsync(file, lines.AsMemory(read), read) is var more and > 0) read += more;
        return SHA256.HashData(lines).AsSpan().SequenceEqual(hash) ? ArchiveIndex.Read(lines) : throw Damaged(path);
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, options: FileOptions.Asynchronous);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveUnavailableException(
                $"The archive's file {path} cannot be read ({absent.Message}): put it back, or say with LIFECYCLE_ARCHIVE where the archive is.",
                absent);
        }
    }

    private static ArchiveUnavailableException Damaged(string path) =>
        new($"The archive's file {path} is not what was written: its checksum differs from the one in the database. Put it back from a backup.");

    private static string PathOf(string folder, int shard, YearMonth month, string ending) =>
        Path.Combine(FolderOf(folder, month), string.Create(CultureInfo.InvariantCulture, $"shard-{shard:0000}.{ending}"));
}
