using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using NodaTime;

namespace Lifecycle.EventLog.Partitions;

/// <summary>The partitions of message ids: one per window of recorded time, made ahead and dropped whole.</summary>
/// <remarks>A window's number is its first instant in milliseconds since 1970 divided by its length. Number zero holds the ids of imported
/// rows.</remarks>
internal sealed class MessageIdPartitions(DbDataSource source, LogOptions options)
{
    private readonly ConcurrentDictionary<int, bool> _made = new();

    public int WindowOf(Instant recordedAt) =>
        checked((int)Math.Floor((double)recordedAt.ToUnixTimeMilliseconds() / (long)options.MessageIdWindow.TotalMilliseconds));

    /// <summary>Makes the partitions of the window that holds an instant and of the next. Costs nothing when this process has done so
    /// before.</summary>
    public async Task EnsureAsync(Instant recordedAt, CancellationToken ct)
    {
        var window = WindowOf(recordedAt);
        for (var number = window; number <= window + 1; number++)
        {
            if (_made.ContainsKey(number)) continue;
            await MakeAsync(number, ct);
            _made[number] = true;
        }
    }

    /// <summary>Forgets what this process has made, so that the next call looks again.</summary>
    public void Forget() => _made.Clear();

    /// <summary>Drops the windows before the previous one of the shard that is furthest behind.</summary>
    public async Task<int> DropOldAsync(CancellationToken ct)
    {
        var oldest = int.MaxValue;
        for (var shard = 0; shard < options.Shards; shard++) oldest =
            Math.Min(oldest, WindowOf(await LogPartitions.PresentAsync(source, shard, ct)) - 1);
        var old = (await ListAsync(ct)).Where(window => window < oldest).ToList();
        foreach (var window in old)
        {
            await using var drop = source.CreateCommand($"drop table if exists {NameOf(window)}");
            await drop.ExecuteNonQueryAsync(ct);
            _made.TryRemove(window, out _);
        }
        return old.Count;
    }

    private async Task<IReadOnlyList<int>> ListAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(SqlFiles.Of("read_message_id_windows"));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var windows = new List<int>();
        while (await reader.ReadAsync(ct)) windows.Add(reader.GetInt32(0));
        return windows;
    }

    private Task MakeAsync(int window, CancellationToken ct) =>
        LogPartitions.MakeAsync(source, "message_id", NameOf(window), $"in ({window.ToString(CultureInfo.InvariantCulture)})", null, ct);

    private static string NameOf(int window) => "message_id_" + window.ToString(CultureInfo.InvariantCulture);
}
