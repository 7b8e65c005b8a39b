using System.Data.Common;
using System.Globalization;
using System.Text;
using Lifecycle.EventLog.Database;
using Lifecycle.EventLog.Log;
using Lifecycle.Simulation.Tests.Store;
using Lifecycle.Testing;
using Npgsql;

namespace Lifecycle.Simulation.Tests.Contract;

/// <summary>What a store answers to a row of statements, written down to the type of each value, so that two stores can be compared.</summary>
internal sealed class Transcript(LogDatabase database)
{
    private readonly StringBuilder _text = new();

    public LogDatabase Database => database;

    /// <summary>Plays a scene on PostgreSQL and on the simulation's store: both must answer the same.</summary>
    public static async Task CompareAsync(Func<Transcript, Task> scene)
    {
        var options = new LogOptions { Shards = 2 };
        await using var server = await TestDatabase.CreateAsync();
        await using var real = await server.OpenLogAsync(options);
        var store = new FakeStore(options.Shards, () => TimeProvider.System.GetUtcNow().UtcDateTime);
        await using var fake = new LogDatabase(new FakeSource(calls => Task.FromResult(store.Execute(calls))), options);
        var (expected, found) = (new Transcript(real), new Transcript(fake));
        await scene(expected);
        await scene(found);
        Assert.Equal(expected._text.ToString(), found._text.ToString());
    }

    /// <summary>Runs statements as one transaction and notes every row they answer.</summary>
    public Task ReadAsync(params DbBatchCommand[] commands) => ReadAsync(columns: 100, sorted: false, commands);

    /// <param name="columns">How many of a row's columns are noted; those after are times that no two stores share.</param>
    /// <param name="sorted">For a statement that promises no order.</param>
    public async Task ReadAsync(int columns, bool sorted, params DbBatchCommand[] commands)
    {
        await using var batch = database.Source.CreateBatch();
        foreach (var command in commands) batch.BatchCommands.Add(command);
        _text.Append("> ").AppendLine(FakeStore.NameOf(commands[^1].CommandText));
        var answer = new StringBuilder();
        try
        {
            await using var reader = await batch.ExecuteReaderAsync();
            do
            {
                var rows = new List<string>();
                while (await reader.ReadAsync())
                    rows.Add(string.Join(" | ", Enumerable.Range(0, Math.Min(columns, reader.FieldCount)).Select(i => Told(reader.GetValue(i)))));
                if (sorted) rows.Sort(StringComparer.Ordinal);
                rows.ForEach(row => answer.AppendLine(row));
            }
            while (await reader.NextResultAsync());
        }
        catch (PostgresException refused)
        {
            // What came before the refusal is undone, whether its answer was on the way already or not.
            answer.Clear().Append(CultureInfo.InvariantCulture, $"refused: {refused.SqlState} {refused.TableName} {refused.ConstraintName}{Environment.NewLine}");
        }
        _text.Append(answer);
    }

    /// <summary>Runs one statement that writes and notes how many rows it wrote.</summary>
    public async Task WriteAsync(DbBatchCommand command)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync();
        _text.AppendLine(CultureInfo.InvariantCulture, $"> {FakeStore.NameOf(command.CommandText)} wrote {batch.BatchCommands[0].RecordsAffected}");
    }

    private static string Told(object value) => value switch
    {
        DBNull => "null",
        byte[] bytes => "bytes " + Convert.ToHexStringLower(bytes),
        DateTime time => "time " + time.ToString("O", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value.GetType().Name} {value}"),
    };
}
