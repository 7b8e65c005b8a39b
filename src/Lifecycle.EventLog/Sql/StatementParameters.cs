using System.Data.Common;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Lifecycle.EventLog.Sql;

/// <summary>Positional parameters with their exact types, so that a statement is prepared once and null has a type.</summary>
public static class StatementParameters
{
    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    public static DbCommand With<T>(this DbCommand command, T value)
    {
        command.Parameters.Add(Of(value));
        return command;
    }

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Instant value) => command.With(value.ToDateTimeUtc());

    public static DbCommand With(this DbCommand command, Instant value) => command.With(value.ToDateTimeUtc());

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Instant? value) => command.With(value?.ToDateTimeUtc());

    public static DbCommand With(this DbCommand command, Instant? value) => command.With(value?.ToDateTimeUtc());

    /// <summary>One column of many rows, as an array.</summary>
    public static NpgsqlBatchCommand WithColumn<TRow, T>(this NpgsqlBatchCommand command, IReadOnlyList<TRow> rows, Func<TRow, T> column) =>
        command.With(ToColumn(rows, column));

    /// <inheritdoc cref="WithColumn{TRow, T}(NpgsqlBatchCommand, IReadOnlyList{TRow}, Func{TRow, T})"/>
    public static DbCommand WithColumn<TRow, T>(this DbCommand command, IReadOnlyList<TRow> rows, Func<TRow, T> column) =>
        command.With(ToColumn(rows, column));

    private static T[] ToColumn<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = column(rows[i]);
        return values;
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value, NpgsqlDbType = ColumnType<T>.Value };

    private static class ColumnType<T>
    {
        public static readonly NpgsqlDbType Value = Of(typeof(T));

        private static NpgsqlDbType Of(Type type) => type switch
        {
            _ when Nullable.GetUnderlyingType(type) is { } inner => Of(inner),
            _ when type == typeof(int) => NpgsqlDbType.Integer,
            _ when type == typeof(long) => NpgsqlDbType.Bigint,
            _ when type == typeof(short) => NpgsqlDbType.Smallint,
            _ when type == typeof(string) => NpgsqlDbType.Text,
            _ when type == typeof(Guid) => NpgsqlDbType.Uuid,
            _ when type == typeof(byte[]) => NpgsqlDbType.Bytea,
            _ when type == typeof(bool) => NpgsqlDbType.Boolean,
            _ when type == typeof(DateTime) => NpgsqlDbType.TimestampTz,
            _ when type == typeof(TimeSpan) => NpgsqlDbType.Interval,
            _ when type.IsArray => NpgsqlDbType.Array | Of(type.GetElementType()!),
            _ => throw new ArgumentException($"No column of ours holds {type.Name}."),
        };
    }
}
