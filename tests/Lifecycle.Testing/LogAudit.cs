using System.Globalization;
using Lifecycle.EventLog.Database;
using Npgsql;

namespace Lifecycle.Testing;

/// <summary>Asks the database itself, in SQL, whether what must hold of every log holds.</summary>
public sealed class LogAudit(string uri)
{
    /// <summary>What must hold, with a query that counts where it does not.</summary>
    private static readonly (string Rule, string Breaches)[] Rules =
    [
        ("per shard the last position, the number of events and the head are one number", """
            select count(*) from shard_head h
            left join (select shard, max(position) as last, count(*) as rows from event group by shard) e using (shard)
            where h.position <> coalesce(e.last, 0) or h.position <> coalesce(e.rows, 0)
            """),
        ("an input's id is in the log once", "select count(*) from (select 1 from event where kind = 1 group by tenant, customer, id having count(*) > 1) doubled"),
        ("a fact's id is in the log once", "select count(*) from (select 1 from event where kind = 2 group by tenant, customer, id having count(*) > 1) doubled"),
        ("recorded time never goes back", """
            select count(*) from (select recorded_at < lag(recorded_at) over (partition by shard order by position) as backwards from event) e where backwards
            """),
        ("every fact that an event caused has that event", """
            select count(*) from event f
            where f.kind = 2 and convert_from(f.open, 'UTF8')::json->>'cause' = 'event'
              and not exists (select from event i where i.shard = f.shard and i.tenant = f.tenant and i.customer = f.customer and i.id = f.cause)
            """),
        ("every request has one delivery for each endpoint, and every delivery its request", """
            select count(*) from (
              select shard, tenant, customer, (convert_from(open, 'UTF8')::json->>'key')::uuid as key from event where kind = 2 and name = 'action_requested'
            ) f
            full join (select distinct shard, tenant, customer, key from delivery) d using (shard, tenant, customer, key)
            where f.key is null or d.key is null
            """),
    ];

    // An audit may take longer than the product's own statements are allowed to, and the server may have been restarted meanwhile.
    private readonly string _connection = new NpgsqlConnectionStringBuilder(LogConnection.Settings(uri)) { Options = "", CommandTimeout = 600, Pooling = false }.ConnectionString;

    public async Task<long> CountAsync(string sql) => Convert.ToInt64(await ScalarAsync(sql), CultureInfo.InvariantCulture);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        var rows = new List<T>();
        await foreach (var row in RowsAsync(sql, read)) rows.Add(row);
        return rows;
    }

    /// <summary>The rows of a query, one by one as they come.</summary>
    public async IAsyncEnumerable<T> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) yield return read(reader);
    }

    public async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    /// <summary>The rules of every log that this one breaks, with how often.</summary>
    public async Task<IReadOnlyList<string>> BreachesAsync(IEnumerable<(string Rule, string Breaches)>? more = null)
    {
        var found = new List<string>();
        foreach (var (rule, breaches) in Rules.Concat(more ?? []))
            if (await CountAsync(breaches) is > 0 and var count) found.Add($"Not so: {rule} ({count} times).");
        return found;
    }

    /// <summary>Positions without gaps, ids once, recorded time never backwards, every fact with its cause, every request with a delivery.</summary>
    /// <exception cref="UnsoundLogException">Something of it does not hold.</exception>
    public async Task AssertSoundAsync()
    {
        if (await BreachesAsync() is { Count: > 0 } breaches) throw new UnsoundLogException(string.Join(' ', breaches));
    }

    /// <summary>A connection with the settings of an ordinary client, none of the log's.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        return connection;
    }
}

/// <summary>A log breaks a rule that holds for every log.</summary>
public sealed class UnsoundLogException(string message) : Exception(message);
