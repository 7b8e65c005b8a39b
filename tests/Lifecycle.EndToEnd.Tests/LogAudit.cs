using Npgsql;
using Xunit;

namespace Lifecycle.EndToEnd.Tests;

/// <summary>Asks the database itself, in SQL, whether what must hold of every log holds.</summary>
internal sealed class LogAudit(string uri)
{
    // Without the options by which the product's own connections are known: what is asked here is not held to its contract.
    private readonly string _connection = new NpgsqlConnectionStringBuilder(EventLog.LogConnection.Settings(uri)) { Options = "" }.ConnectionString;

    public async Task<long> CountAsync(string sql) => Convert.ToInt64(await ScalarAsync(sql), System.Globalization.CultureInfo.InvariantCulture);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        return await command.ExecuteScalarAsync();
    }

    public async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Positions without gaps, ids once, recorded time never backwards, every fact with its cause, every request with a delivery.</summary>
    public async Task AssertSoundAsync()
    {
        Assert.Equal(0, await CountAsync("""
            select count(*) from shard_head h
            left join (select shard, max(position) as last, count(*) as rows from event group by shard) e using (shard)
            where h.position <> coalesce(e.last, 0) or h.position <> coalesce(e.rows, 0)
            """));
        Assert.Equal(0, await CountAsync("select count(*) from (select 1 from event where kind = 1 group by tenant, customer, id having count(*) > 1) doubled"));
        Assert.Equal(0, await CountAsync("select count(*) from (select 1 from event where kind = 2 group by tenant, customer, id having count(*) > 1) doubled"));
        Assert.Equal(0, await CountAsync("""
            select count(*) from (select recorded_at < lag(recorded_at) over (partition by shard order by position) as backwards from event) e where backwards
            """));
        Assert.Equal(0, await CountAsync("""
            select count(*) from event f
            where f.kind = 2 and convert_from(f.open, 'UTF8')::json->>'cause' = 'event'
              and not exists (select from event i where i.shard = f.shard and i.tenant = f.tenant and i.customer = f.customer and i.id = f.cause)
            """));
        Assert.Equal(0, await CountAsync("""
            select count(*) from event f
            where f.kind = 2 and f.name = 'action_requested'
              and not exists (select from delivery d where d.shard = f.shard and d.tenant = f.tenant and d.customer = f.customer)
            """));
    }
}
