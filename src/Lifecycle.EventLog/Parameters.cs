using Lifecycle.Domain.Events;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.EventLog;

/// <summary>Positional parameters with their exact types, so that a statement is prepared once and null has a type.</summary>
internal static class Parameters
{
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    public static NpgsqlCommand With<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Instant? value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, Instant? value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    /// <summary>One column of many rows, as an array.</summary>
    public static NpgsqlBatchCommand WithColumn<TRow, T>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = column(rows[i]);
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | TypeOf(typeof(T)) });
        return command;
    }

    public static Instant GetInstant(this NpgsqlDataReader reader, int ordinal) => StoredTime.Read(reader, ordinal);

    public static CustomerKey GetCustomer(this NpgsqlDataReader reader, int ordinal) => new(reader.GetGuid(ordinal));

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value, NpgsqlDbType = TypeOf(typeof(T)) };

    private static NpgsqlParameter Of(Instant? value) =>
        new() { Value = value is { } instant ? instant.ToDateTimeUtc() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlDbType TypeOf(Type type) => type switch
    {
        _ when type == typeof(int) => NpgsqlDbType.Integer,
        _ when type == typeof(long) => NpgsqlDbType.Bigint,
        _ when type == typeof(short) => NpgsqlDbType.Smallint,
        _ when type == typeof(string) => NpgsqlDbType.Text,
        _ when type == typeof(Guid) => NpgsqlDbType.Uuid,
        _ when type == typeof(byte[]) => NpgsqlDbType.Bytea,
        _ when type == typeof(bool) || type == typeof(bool?) => NpgsqlDbType.Boolean,
        _ when type == typeof(DateTime) => NpgsqlDbType.TimestampTz,
        _ when type == typeof(TimeSpan) => NpgsqlDbType.Interval,
        _ => throw new ArgumentException($"No column of ours holds {type.Name}."),
    };
}
