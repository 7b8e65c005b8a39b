using System.Data.Common;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Log;
using NodaTime;

namespace Lifecycle.EventLog.Sql;

/// <summary>How what the database answers is read.</summary>
public static class RowReading
{
    /// <summary>The column's instant; PostgreSQL's -infinity is <see cref="Instants.Beginning"/>, its infinity
    /// <see cref="Instants.Never"/>.</summary>
    /// <remarks>The client writes the first and the last instant that .NET knows as those two and reads them back without a zone.</remarks>
    public static Instant GetInstant(this DbDataReader reader, int ordinal)
    {
        var stored = reader.GetDateTime(ordinal);
        if (stored == DateTime.MinValue) return Instants.Beginning;
        return stored == DateTime.MaxValue ? Instants.Never : Instant.FromDateTimeUtc(stored);
    }

    public static Instant? GetInstantOrNull(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInstant(ordinal);

    public static string? GetStringOrNull(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static int? GetInt32OrNull(this DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt32(ordinal);

    public static CustomerKey GetCustomer(this DbDataReader reader, int ordinal) => new(reader.GetGuid(ordinal));

    /// <summary>A row of the log, from a statement that selects its columns in the order of the table's but the shard.</summary>
    public static LogRow GetLogRow(this DbDataReader reader, int shard) => new(
        shard, reader.GetInt64(0), reader.GetInstant(1), reader.GetInstant(2), reader.GetInstant(3), reader.GetInt32(4),
        reader.IsDBNull(5) ? null : reader.GetCustomer(5), (EventKind)reader.GetInt16(6), reader.GetString(7), reader.GetInt16(8),
        reader.GetBoolean(9), reader.GetInt16(10),
        reader.IsDBNull(11) ? null : new RecordId(reader.GetGuid(11)), reader.GetInt32OrNull(12),
        new RecordId(reader.GetGuid(13)), reader.GetFieldValue<byte[]>(14), reader.IsDBNull(15) ? (ReadOnlyMemory<byte>?)null
            : reader.GetFieldValue<byte[]>(15));

    /// <summary>Every row of an answer, each read by <paramref name="read"/>. The command is disposed of.</summary>
    public static async Task<List<T>> ListAsync<T>(this DbCommand query, Func<DbDataReader, T> read, CancellationToken ct = default)
    {
        await using var command = query;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }
}
