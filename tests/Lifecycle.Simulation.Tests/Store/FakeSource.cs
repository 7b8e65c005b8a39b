using System.Collections;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Lifecycle.Simulation.Tests.Store;

/// <summary>A data source behind which there is no server but whoever answers the calls.</summary>
/// <param name="send">Takes the statements of one transaction to the store and brings back the answers, or a failure.</param>
internal sealed class FakeSource(Func<IReadOnlyList<Call>, Task<IReadOnlyList<Answer>>> send) : DbDataSource
{
    public override string ConnectionString => "";

    protected override DbConnection CreateDbConnection() => throw new NotSupportedException("The simulation's store has no connections.");

    protected override DbCommand CreateDbCommand(string? commandText = null) => new FakeCommand(send) { CommandText = commandText! };

    protected override DbBatch CreateDbBatch() => new FakeBatch(send);
}

/// <summary>One statement. Its parameters are Npgsql's, as the product makes them.</summary>
internal sealed class FakeCommand(Func<IReadOnlyList<Call>, Task<IReadOnlyList<Answer>>> send) : DbCommand
{
    private readonly NpgsqlBatchCommand _inner = new();

    [AllowNull]
    public override string CommandText { get => _inner.CommandText; set => _inner.CommandText = value; }

    public override int CommandTimeout { get; set; }
    public override CommandType CommandType { get; set; } = CommandType.Text;
    public override bool DesignTimeVisible { get; set; }
    public override UpdateRowSource UpdatedRowSource { get; set; }
    protected override DbConnection? DbConnection { get; set; }
    protected override DbTransaction? DbTransaction { get; set; }
    protected override DbParameterCollection DbParameterCollection => _inner.Parameters;

    public override void Cancel()
    {
    }

    public override void Prepare()
    {
    }

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => (await SendAsync())[0].Affected;

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) =>
        (await SendAsync())[0].Rows is [[var value, ..], ..] ? value ?? DBNull.Value : null;

    public override int ExecuteNonQuery() => throw new NotSupportedException();

    public override object ExecuteScalar() => throw new NotSupportedException();

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        new FakeReader(await SendAsync());

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException();

    protected override DbParameter CreateDbParameter() => new NpgsqlParameter();

    private Task<IReadOnlyList<Answer>> SendAsync() => send([FakeBatchCommand.CallOf(_inner)]);
}

/// <summary>Several statements, which are one transaction.</summary>
internal sealed class FakeBatch(Func<IReadOnlyList<Call>, Task<IReadOnlyList<Answer>>> send) : DbBatch
{
    private readonly FakeBatchCommands _commands = new();

    public override int Timeout { get; set; }
    protected override DbConnection? DbConnection { get; set; }
    protected override DbTransaction? DbTransaction { get; set; }
    protected override DbBatchCommandCollection DbBatchCommands => _commands;

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default) =>
        (await SendAsync()).Where(answer => answer.Affected >= 0).Select(answer => answer.Affected).DefaultIfEmpty(-1).Sum();

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override int ExecuteNonQuery() => throw new NotSupportedException();

    public override object ExecuteScalar() => throw new NotSupportedException();

    public override void Prepare()
    {
    }

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public override void Cancel()
    {
    }

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        new FakeReader(await SendAsync());

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => throw new NotSupportedException();

    protected override DbBatchCommand CreateDbBatchCommand() => new FakeBatchCommand(new NpgsqlBatchCommand());

    private async Task<IReadOnlyList<Answer>> SendAsync()
    {
        var answers = await send([.. _commands.List.Select(command => FakeBatchCommand.CallOf(command.Inner))]);
        for (var i = 0; i < answers.Count; i++) _commands.List[i].Affected = answers[i].Affected;
        return answers;
    }
}

/// <summary>A statement of the product with room for what Npgsql would note on its own.</summary>
internal sealed class FakeBatchCommand(NpgsqlBatchCommand inner) : DbBatchCommand
{
    public NpgsqlBatchCommand Inner => inner;

    public int Affected { get; set; } = -1;

    [AllowNull]
    public override string CommandText { get => inner.CommandText; set => inner.CommandText = value; }

    public override CommandType CommandType { get; set; } = CommandType.Text;
    public override int RecordsAffected => Affected;
    protected override DbParameterCollection DbParameterCollection => inner.Parameters;

    public static Call CallOf(NpgsqlBatchCommand command)
    {
        var parameters = new object?[command.Parameters.Count];
        for (var i = 0; i < parameters.Length; i++) parameters[i] = command.Parameters[i].Value is DBNull ? null : command.Parameters[i].Value;
        return new Call(command.CommandText, parameters);
    }
}

internal sealed class FakeBatchCommands : DbBatchCommandCollection
{
    public List<FakeBatchCommand> List { get; } = [];

    public override int Count => List.Count;
    public override bool IsReadOnly => false;

    public override void Add(DbBatchCommand item) => List.Add(new FakeBatchCommand((NpgsqlBatchCommand)item));

    public override void Clear() => List.Clear();

    public override bool Contains(DbBatchCommand item) => IndexOf(item) >= 0;

    public override void CopyTo(DbBatchCommand[] array, int arrayIndex) => throw new NotSupportedException();

    public override IEnumerator<DbBatchCommand> GetEnumerator() => List.GetEnumerator();

    public override int IndexOf(DbBatchCommand item) => List.FindIndex(command => command.Inner == item || command == item);

    public override void Insert(int index, DbBatchCommand item) => List.Insert(index, new FakeBatchCommand((NpgsqlBatchCommand)item));

    public override bool Remove(DbBatchCommand item) => throw new NotSupportedException();

    public override void RemoveAt(int index) => List.RemoveAt(index);

    protected override DbBatchCommand GetBatchCommand(int index) => List[index];

    protected override void SetBatchCommand(int index, DbBatchCommand batchCommand) => throw new NotSupportedException();
}

/// <summary>Answers that have all arrived. A query's rows are read as exactly the types that the database would send.</summary>
internal sealed class FakeReader(IReadOnlyList<Answer> answers) : DbDataReader
{
    // Like Npgsql, a reader stands on the first statement that answers rows, and passes over those that only write.
    private int _result = Next(answers, 0);
    private int _row = -1;

    public override int Depth => 0;
    public override int FieldCount => Rows.Count == 0 ? 0 : Rows[0].Length;
    public override bool HasRows => Rows.Count > 0;
    public override bool IsClosed => false;
    public override int RecordsAffected => answers.Where(answer => answer.Affected >= 0).Sum(answer => answer.Affected);

    private IReadOnlyList<object?[]> Rows => _result < answers.Count ? answers[_result].Rows : [];

    public override object this[int ordinal] => GetValue(ordinal);
    public override object this[string name] => throw new NotSupportedException();

    public override bool Read() => ++_row < Rows.Count;

    public override bool NextResult()
    {
        (_result, _row) = (Next(answers, _result + 1), -1);
        return _result < answers.Count;
    }

    public override Task<bool> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Read());

    public override Task<bool> NextResultAsync(CancellationToken cancellationToken) => Task.FromResult(NextResult());

    public override object GetValue(int ordinal) => Rows[_row][ordinal] ?? DBNull.Value;

    public override bool IsDBNull(int ordinal) => Rows[_row][ordinal] is null;

    public override T GetFieldValue<T>(int ordinal) => (T)GetValue(ordinal);

    public override bool GetBoolean(int ordinal) => (bool)GetValue(ordinal);

    public override DateTime GetDateTime(int ordinal) => (DateTime)GetValue(ordinal);

    public override Guid GetGuid(int ordinal) => (Guid)GetValue(ordinal);

    public override short GetInt16(int ordinal) => (short)GetValue(ordinal);

    public override int GetInt32(int ordinal) => (int)GetValue(ordinal);

    public override long GetInt64(int ordinal) => (long)GetValue(ordinal);

    public override string GetString(int ordinal) => (string)GetValue(ordinal);

    public override byte GetByte(int ordinal) => throw new NotSupportedException();

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override char GetChar(int ordinal) => throw new NotSupportedException();

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException();

    public override string GetDataTypeName(int ordinal) => throw new NotSupportedException();

    public override decimal GetDecimal(int ordinal) => (decimal)GetValue(ordinal);

    public override double GetDouble(int ordinal) => (double)GetValue(ordinal);

    public override Type GetFieldType(int ordinal) => throw new NotSupportedException();

    public override float GetFloat(int ordinal) => (float)GetValue(ordinal);

    public override string GetName(int ordinal) => throw new NotSupportedException();

    public override int GetOrdinal(string name) => throw new NotSupportedException();

    public override int GetValues(object[] values) => throw new NotSupportedException();

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();

    private static int Next(IReadOnlyList<Answer> answers, int from)
    {
        while (from < answers.Count && answers[from].Affected >= 0) from++;
        return from;
    }
}
