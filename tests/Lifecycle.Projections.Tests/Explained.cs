using System.Text.Json;
using Npgsql;

namespace Lifecycle.Projections.Tests;

/// <summary>What a statement costs, counted in pages of PostgreSQL that it looks at, however fast the machine is.</summary>
internal static class Explained
{
    /// <summary>Executes a statement and answers how many pages it looked at, and how it was planned.</summary>
    public static async Task<(int Pages, string Plan)> RunAsync(NpgsqlConnection connection, NpgsqlBatchCommand statement)
    {
        await using var command = new NpgsqlCommand("explain (analyze, buffers, format json) " + statement.CommandText, connection);
        foreach (var parameter in statement.Parameters.ToArray())
        {
            statement.Parameters.Remove(parameter);
            command.Parameters.Add(parameter);
        }
        var plan = (string)(await command.ExecuteScalarAsync())!;
        using var parsed = JsonDocument.Parse(plan);
        var whole = parsed.RootElement[0].GetProperty("Plan");
        return (whole.GetProperty("Shared Hit Blocks").GetInt32() + whole.GetProperty("Shared Read Blocks").GetInt32(), plan);
    }
}
