using Lifecycle.Testing;
using Npgsql;

namespace Lifecycle.EventLog.Tests;

/// <summary>The watch over what the product executes, which every test's database ends with.</summary>
public sealed class ExecutedSqlTests
{
    [Fact]
    public async Task What_the_product_executes_is_heard_and_what_tests_execute_is_not()
    {
        await using var log = await TestLog.StartAsync();
        await log.Did("ann", "signed_up").SendAsync();
        await log.Server.ExecuteAsync("select from event where position = -77");
        Assert.Contains(ExecutedSql.Statements, statement => statement.StartsWith("with head as materialized", StringComparison.Ordinal));
        Assert.Contains(ExecutedSql.Statements, statement => statement.StartsWith("select position, recorded_at from shard_head", StringComparison.Ordinal)
            || statement.StartsWith("select position from shard_head", StringComparison.Ordinal));
        Assert.DoesNotContain(ExecutedSql.Statements, statement => statement.Contains("-77", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_transaction_that_writes_to_two_shards_is_found()
    {
        await using var log = await TestLog.StartAsync();
        await using var connection = await log.Server.ConnectAsync();
        await WriteAsync(connection, "values (0, 1, true, now()), (0, 2, true, now())");
        await ExecutedSql.ThrowIfAcrossShardsAsync(connection);
        await WriteAsync(connection, "values (1, 3, true, now()), (2, 3, true, now())");
        var found = await Assert.ThrowsAsync<SqlContractException>(() => ExecutedSql.ThrowIfAcrossShardsAsync(connection));
        Assert.Equal("One transaction has written to several shards: history.", found.Message);
        await log.Server.ExecuteAsync("truncate history");
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string values)
    {
        await using var command = new NpgsqlCommand("insert into history (shard, tenant, open, last_input_at) " + values, connection);
        await command.ExecuteNonQueryAsync();
    }
}
