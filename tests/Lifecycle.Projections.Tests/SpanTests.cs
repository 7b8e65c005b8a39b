using Lifecycle.EventLog.Sql;
using Lifecycle.Projections.Sql;
using Npgsql;

namespace Lifecycle.Projections.Tests;

/// <summary>What it costs to write spans before there are any statistics.</summary>
public sealed class SpanTests
{
    private const int Customers = 3000, PagesForEach = 25;
    private static readonly Guid Owner = Guid.NewGuid();
    private static readonly DateTime Entered = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly Guid[] All = [.. Enumerable.Range(0, Customers).Select(number => new Guid(number, 0, 0, new byte[8])).Order()];

    [Fact]
    public async Task To_enter_the_first_stage_costs_the_same_however_many_customers_come_at_once()
    {
        await using var shop = await ShopWithLeaseAsync();
        await using var connection = await shop.Log.Server.ConnectAsync();
        Assert.InRange((await Explained.RunAsync(connection, Open(All))).Pages, 1, PagesForEach * Customers);
        Assert.Equal(Customers, await shop.CountAsync("span"));
    }

    [Fact]
    public async Task To_leave_a_stage_for_another_costs_the_same_however_many_customers_there_are()
    {
        await using var shop = await ShopWithLeaseAsync();
        await using var connection = await shop.Log.Server.ConnectAsync();
        foreach (var few in All.Chunk(100))
            foreach (var statement in (Func<NpgsqlBatchCommand>[])[() => Open(few), () => Close(few), () => Open(few)])
            {
                var (pages, plan) = await Explained.RunAsync(connection, statement());
                Assert.InRange(pages, 1, PagesForEach * few.Length);
                // A plan is kept for statements to come, when there are more: the index of a tenant's members would look cheap now and be dear then.
                Assert.DoesNotContain("span_members", plan, StringComparison.Ordinal);
            }
        Assert.Equal(2 * Customers, await shop.CountAsync("span"));
        Assert.Equal(Customers, await shop.CountAsync("span where ordinal = 1 and left_at is null"));
        Assert.Equal(Customers, await shop.CountAsync("span where ordinal = 0 and left_at is not null"));
    }

    private static async Task<ProjectionShop> ShopWithLeaseAsync()
    {
        var shop = await ProjectionShop.OpenAsync();
        await shop.Log.Server.ExecuteAsync($"update shard_lease set epoch = 1, owner = '{Owner}' where shard = 0");
        return shop;
    }

    private static NpgsqlBatchCommand Open(IReadOnlyList<Guid> customers) => Guarded("open_spans", customers)
        .WithColumn(customers, _ => 0)
        .WithColumn(customers, _ => "exploration")
        .WithColumn(customers, _ => Entered)
        .WithColumn(customers, _ => (DateTime?)null)
        .WithColumn(customers, _ => 1)
        .WithColumn(customers, customer => customer);

    private static NpgsqlBatchCommand Close(IReadOnlyList<Guid> customers) => Guarded("close_spans", customers).WithColumn(customers, _ => Entered.AddDays(1));

    private static NpgsqlBatchCommand Guarded(string name, IReadOnlyList<Guid> customers) => ProjectionSql.InBatch(name).With(0).With(1L).With(Owner)
        .WithColumn(customers, _ => 1)
        .WithColumn(customers, customer => customer)
        .WithColumn(customers, _ => "lifecycle");
}
