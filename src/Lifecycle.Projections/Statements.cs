using System.Collections.Concurrent;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.Projections;

/// <summary>The statements of the folder Sql by the name of their file, with positional parameters.</summary>
internal static class Statements
{
    private static readonly ConcurrentDictionary<string, string> Texts = new();

    public static NpgsqlCommand Statement(this LogDatabase database, string name) => database.Source.CreateCommand(Text(name));

    public static NpgsqlBatchCommand InBatch(string name) => new(Text(name));

    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, Instant value) => command.With(value.ToDateTimeUtc());

    public static NpgsqlCommand With(this NpgsqlCommand command, Instant? value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Instant value) => command.With(value.ToDateTimeUtc());

    /// <summary>One column of many rows, as an array.</summary>
    public static NpgsqlBatchCommand WithColumn<TRow, T>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = column(rows[i]);
        var parameter = new NpgsqlParameter<T[]> { TypedValue = values };
        // An array that begins with null would not say which of PostgreSQL's two kinds of time it holds.
        if (typeof(T) == typeof(DateTime) || typeof(T) == typeof(DateTime?)) parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
        command.Parameters.Add(parameter);
        return command;
    }

    public static Instant GetInstant(this NpgsqlDataReader reader, int ordinal) => StoredTime.Read(reader, ordinal);

    public static Instant? GetInstantOrNull(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInstant(ordinal);

    public static CustomerKey GetCustomer(this NpgsqlDataReader reader, int ordinal) => new(reader.GetGuid(ordinal));

    /// <summary>Every row of an answer, each read by <paramref name="read"/>.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlCommand query, Func<NpgsqlDataReader, T> read, CancellationToken ct = default)
    {
        await using var command = query;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(read(reader));
        return rows;
    }

    /// <summary>A row of the log, from a statement that selects its columns in the order of the table's but the shard.</summary>
    public static LogRow ReadLogRow(int shard, NpgsqlDataReader reader) => new(
        shard, reader.GetInt64(0), reader.GetInstant(1), reader.GetInstant(2), reader.GetInstant(3), reader.GetInt32(4),
        reader.IsDBNull(5) ? null : reader.GetCustomer(5), (EventKind)reader.GetInt16(6), reader.GetString(7), reader.GetInt16(8),
        reader.GetBoolean(9), reader.GetInt16(10),
        reader.IsDBNull(11) ? null : new EventId(reader.GetGuid(11)), reader.IsDBNull(12) ? null : reader.GetInt32(12),
        new EventId(reader.GetGuid(13)), reader.GetFieldValue<byte[]>(14), reader.IsDBNull(15) ? null : reader.GetFieldValue<byte[]>(15));

    /// <summary>The text of a statement.</summary>
    public static string Text(string name) => Texts.GetOrAdd(name, static name =>
    {
        using var stream = typeof(Statements).Assembly.GetManifestResourceStream($"Sql/{name}.sql")
            ?? throw new InvalidOperationException($"The statement {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    private static NpgsqlParameter Of(Instant? value) =>
        new() { Value = value is { } instant ? instant.ToDateTimeUtc() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
