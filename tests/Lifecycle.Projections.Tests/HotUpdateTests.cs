using Lifecycle.Testing;
using Xunit.Abstractions;

namespace Lifecycle.Projections.Tests;

/// <summary>Rows that change with every event leave no trace in the indexes: PostgreSQL finds room for the new version beside the old one.</summary>
/// <remarks>While others work on the same PostgreSQL it has to keep old versions for longer, so this is measured when nobody does.</remarks>
[Collection(Alone)]
public sealed class HotUpdateTests(ITestOutputHelper output)
{
    private const string Alone = "alone";

    private static readonly string[] Changing = ["state", "shard_head", "shard_lease"];

    [Fact]
    public async Task Nine_of_ten_updates_of_states_heads_and_leases_touch_no_index()
    {
        const int customers = 400, rounds = 60, each = 40;
        await using var shop = await ProjectionShop.OpenAsync(shards: 2);
        var random = new Random(7);
        await shop.SendAsync([.. Enumerable.Range(0, customers).Select(n => shop.Order($"customer {n}"))]);
        await shop.SettleAsync();
        for (var round = 0; round < rounds; round++)
        {
            var some = Enumerable.Range(0, customers).ToArray();
            random.Shuffle(some);
            await shop.SendAsync([.. some.Take(each).Select(n => shop.Order($"customer {n}"))]);
            await shop.SettleAsync();
        }
        // Sessions tell what they did when they end.
        ((Npgsql.NpgsqlDataSource)shop.Log.Database.Source).Clear();
        foreach (var (table, least) in Changing.Zip([rounds * each, rounds, rounds]))
        {
            var (updates, hot) = await ReadAsync(shop, table, least);
            output.WriteLine($"{table}: {updates} updates, {100.0 * hot / updates:F1} % of them HOT");
            Assert.True(hot >= 0.9 * updates, $"Of {updates} updates of {table} only {hot} were HOT.");
        }
    }

    private static async Task<(long Updates, long Hot)> ReadAsync(ProjectionShop shop, string table, int least)
    {
        var updates = 0L;
        await Patience.UntilAsync(async () => (updates = await shop.Log.Server.ScalarAsync<long>($"select n_tup_upd from pg_stat_user_tables where relname = '{table}'")) >= least,
            () => $"PostgreSQL counts {updates} updates of {table}, of at least {least}.");
        return (updates, await shop.Log.Server.ScalarAsync<long>($"select n_tup_hot_upd from pg_stat_user_tables where relname = '{table}'"));
    }
}

/// <summary>Runs after all that runs side by side.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
