using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Microsoft.Win32.SafeHandles;
using NodaTime;

namespace Lifecycle.EventLog.Archive;

/// <summary>Writes one shard's month into a file and its index, to disk.</summary>
internal static class ArchiveWriter
{
    /// <summary>As many bytes of lines as a block gathers. Whoever reads a customer reads one or two of them in each month.</summary>
    private const int BlockBytesMin = 64 * 1024;

    /// <summary>Writes the rows, given in the order of tenant, customer and position. Null where there are none.</summary>
    /// <exception cref="ArchivingRefusedException">A row would not come back the same, or the disk does not take it.</exception>
    public static async Task<ArchivedMonth?> WriteAsync(string folder, int shard, YearMonth month, IAsyncEnumerable<LogRow> rows,
        CancellationToken ct)
    {
        var (path, indexPath) = (ArchiveFile.RowsPathOf(folder, shard, month), ArchiveFile.IndexPathOf(folder, shard, month));
        var made = ArchiveFile.FolderOf(folder, month);
        try
        {
            MakeFolder(folder);
            MakeFolder(made);
            var (blocks, hash, bytes) = await WriteRowsAsync(path + ".new", shard, rows, ct);
            if (blocks.Count == 0)
            {
                File.Delete(path + ".new");
                return null;
            }
            var index = new ArchiveIndex(blocks).Write();
            await using (var file = Create(indexPath + ".new"))
            {
                await file.WriteAsync(index, ct);
                file.Flush(flushToDisk: true);
            }
            File.Move(path + ".new", path, overwrite: true);
            File.Move(indexPath + ".new", indexPath, overwrite: true);
            foreach (var place in new[] { made, folder }) FolderToDisk(place);
            return new ArchivedMonth(shard, month, blocks.Sum(block => (long)block.Rows), bytes, hash, SHA256.HashData(index));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ArchivingRefusedException(
                $"The archive could not be written to {made}: {failure.Message} Nothing was taken out of the database.", failure);
        }
    }

    private static async Task<(List<ArchiveBlock> Blocks, byte[] Hash, long Bytes)> WriteRowsAsync(
        string path, int shard, IAsyncEnumerable<LogRow> rows, CancellationToken ct)
    {
        var (blocks, lines, count) = (new List<ArchiveBlock>(), new ArrayBufferWriter<byte>(2 * BlockBytesMin), 0);
        CustomerAddress first = default;
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = Create(path);
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (count++ == 0) first = new CustomerAddress(row.Tenant, row.Customer!.Value);
            var start = lines.WrittenCount;
            ArchivedRow.Write(lines, row);
            if (!IsSame(row, ArchivedRow.Read(shard, lines.WrittenSpan[start..])))
                throw new ArchivingRefusedException(
                    $"The event at position {row.Position} of shard {shard} would not come back the same. Nothing was taken out of the database.");
            lines.Write("\n"u8);
            if (lines.WrittenCount >= BlockBytesMin) await EndBlockAsync();
        }
        if (count > 0) await EndBlockAsync();
        file.Flush(flushToDisk: true);
        return (blocks, sum.GetHashAndReset(), file.Length);

        async Task EndBlockAsync()
        {
            using var packed = new MemoryStream();
            await using (var packing = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) packing.Write(lines.WrittenSpan);
            var block = packed.GetBuffer().AsMemory(0, (int)packed.Length);
            blocks.Add(new ArchiveBlock(first, file.Position, block.Length, count, SHA256.HashData(block.Span)));
            sum.AppendData(block.Span);
            await file.WriteAsync(block, ct);
            lines.ResetWrittenCount();
            count = 0;
        }
    }

    private static bool IsSame(LogRow written, LogRow read) =>
        written.Open.Span.SequenceEqual(read.Open.Span)
        && written.Sealed.HasValue == read.Sealed.HasValue
            && written.Sealed.GetValueOrDefault().Span.SequenceEqual(read.Sealed.GetValueOrDefault().Span)
        && written with { Open = default, Sealed = null } == read with { Open = default, Sealed = null };

    private static FileStream Create(string path)
    {
        // Two commands at once would write into one file.
        var owner = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) owner.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, owner);
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The names in a folder are on disk when the folder itself is; .NET flushes files only.</summary>
    private static void FolderToDisk(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new SafeFileHandle(OpenFile(path, flags: 0), ownsHandle: true);
        if (folder.IsInvalid) throw new IOException($"The folder {path} could not be written to disk.");
        RandomAccess.FlushToDisk(folder);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFile([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
