using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace Lifecycle.Testing;

/// <summary>Every statement that the product has executed in this process, as the database's client tells it, judged by <see cref="SqlRules"/>.</summary>
/// <remarks>What tests ask on connections of their own is not the product's. It is told from it by the settings that the product's connections have.</remarks>
public static class ExecutedSql
{
    /// <summary>Makes the table of the transactions that tests have made by hand.</summary>
    public const string ByHand = "create table by_hand (transaction text primary key)";

    private const string ProductsOwn = "idle_in_transaction_session_timeout=3s";

    /// <summary>What may be, with the reason; by how the statement begins.</summary>
    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["select pg_advisory_lock("] = "Those who start at once migrate one after the other; no safety of the running product hangs on it.",
        ["select pg_advisory_unlock("] = "The end of that.",
    };

    private static readonly ConcurrentDictionary<string, bool> Seen = new();
    private static readonly ConcurrentQueue<string> Broken = new();
    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = source => source.Name == "Npgsql",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        ActivityStopped = Hear,
    };

    /// <summary>The distinct statements so far, without comments.</summary>
    public static IEnumerable<string> Statements => Seen.Keys;

    /// <summary>Begins to listen. Once is enough.</summary>
    public static void Record() => ActivitySource.AddActivityListener(Listener);

    /// <summary>Takes in what was executed; several statements of a batch are separated by semicolons.</summary>
    public static void Add(string text)
    {
        foreach (var part in SqlRules.WithoutComments(text).Split(';'))
        {
            var statement = Regex.Replace(part, @"\s+", " ").Trim();
            if (statement == "" || !Seen.TryAdd(statement, true) || IsExcepted(statement)) continue;
            foreach (var breach in SqlRules.Breaches(statement)) Broken.Enqueue($"The contract is broken, {breach}\n  {statement}");
        }
    }

    /// <summary>Fails the test that ends now when a statement broke the contract. Each breach is told once.</summary>
    /// <exception cref="SqlContractException">One did; it may have been executed by another test that runs at the same time.</exception>
    public static void ThrowIfBroken()
    {
        var breaches = new List<string>();
        while (Broken.TryDequeue(out var breach)) breaches.Add(breach);
        if (breaches.Count > 0) throw new SqlContractException(string.Join('\n', breaches));
    }

    /// <summary>Fails the test that ends now when one transaction wrote rows of several shards into a database.</summary>
    /// <exception cref="SqlContractException">One did.</exception>
    public static async Task ThrowIfAcrossShardsAsync(NpgsqlConnection connection)
    {
        // Every row knows which transaction wrote it.
        var hot = SqlRules.Tables().Select(table => table.Name).Where(SqlRules.IsHot);
        var rows = string.Join(" union all ", hot.Select(table => $"select xmin::text as transaction, shard, '{table}' as place from {table}"));
        await using var command = new NpgsqlCommand($"""
            select string_agg(distinct place, ', ') from (
              select string_agg(distinct place, ', ') as place from ({rows}) r
              where transaction not in (select transaction from by_hand)
              group by transaction having count(distinct shard) > 1
            ) t
            """, connection);
        if (await command.ExecuteScalarAsync() is string places)
            throw new SqlContractException($"One transaction has written to several shards: {places}.");
    }

    /// <summary>Notes that the connection's present transaction is a test's own.</summary>
    public static async Task NoteByHandAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("insert into by_hand values (pg_current_xact_id()::xid::text)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static bool IsExcepted(string statement) =>
        Exceptions.Keys.Any(beginning => statement.StartsWith(beginning, StringComparison.Ordinal))
        || Regex.IsMatch(statement, "^(create|alter|drop) (table|index)", RegexOptions.IgnoreCase); // The schema, which SqlContract reads from its files.

    private static void Hear(Activity activity)
    {
        if (activity.GetTagItem("db.npgsql.data_source") is string settings && settings.Contains(ProductsOwn, StringComparison.Ordinal)
            && activity.GetTagItem("db.query.text") is string text) Add(text);
    }
}

/// <summary>The product has executed what a distributed database could not.</summary>
public sealed class SqlContractException(string message) : Exception(message);
