using System.Globalization;
using System.Text;
using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Archive;
using Lifecycle.EventLog.Customers;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Tenants;
using Lifecycle.Projections.Queries;
using Lifecycle.Projections.Releases;
using Lifecycle.Projections.Replaying;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.Projections.Tests;

/// <summary>Months of the log move into files, and everything that reads the log reads on.</summary>
public sealed class ArchiveReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_that_is_read_of_customers_is_the_same_before_and_after()
    {
        await using var shop = await AgedAsync();
        var before = await ReadAllAsync(shop);
        var rows = await shop.CountAsync("event where customer is not null");
        var (inputs, spans) = (await shop.CountAsync("event where kind = 3"), await shop.CountAsync("span"));

        var moved = await ArchiveAsync(shop);
        Assert.True(moved > 60, $"Only {moved} rows have moved.");
        Assert.Equal(rows - moved, await shop.CountAsync("event where customer is not null"));
        Assert.Equal((inputs, spans), (await shop.CountAsync("event where kind = 3"), await shop.CountAsync("span")));
        Assert.Equal(before, await ReadAllAsync(shop));
        Assert.Equal(before, await ReadAllAsync(await ReopenedAsync(shop)));
    }

    [Fact]
    public async Task States_are_rebuilt_and_facts_verified_from_files_and_database_together()
    {
        await using var shop = await AgedAsync();
        await ArchiveAsync(shop);
        var reader = await ReopenedAsync(shop);
        var states = await shop.Log.Server.ScalarAsync<string>("select string_agg(s::text, E'\n' order by s::text) from state s");
        await shop.RestartAsync();
        await shop.Log.Server.ExecuteAsync("delete from state; delete from due; delete from span");
        var (rebuild, report) = (new Rebuild(reader.Log, reader.Releases), RebuildReport.Empty);
        for (var shard = 0; shard < reader.Log.Database.Shards; shard++) report = report.And(await rebuild.RunAsync(shard));
        Assert.Equal(0, report.Different + report.SetAside);
        Assert.Equal(states, await shop.Log.Server.ScalarAsync<string>("select string_agg(s::text, E'\n' order by s::text) from state s"));
    }

    [Fact]
    public async Task What_comes_late_and_what_a_new_release_asks_is_judged_by_the_archived_past_too()
    {
        await using var shop = await AgedAsync();
        await ArchiveAsync(shop);
        await shop.RestartAsync();
        await shop.SendAsync(shop.PastOrder("live 1", shop.Wall.Now - Duration.FromDays(50)), shop.PastOrder("customer 3", shop.Wall.Now - Duration.FromDays(60)));
        await shop.SettleAsync();
        await SweepTests.CloseHistoryAsync(shop);
        await shop.Publishing.PublishAsync(shop.Tenant, SmallShop.Release);
        await shop.SettleAsync();
        await shop.PassAsync(Duration.FromDays(9));
        await shop.SettleAsync();
        var report = await new Replay(shop.Log.Log, shop.Releases).CompareAsync();
        Assert.Empty(report.Differences);
        Assert.True(report.Facts > 60);
    }

    [Fact]
    public async Task Who_reads_while_a_month_moves_sees_all_of_it_once()
    {
        await using var shop = await AgedAsync();
        var before = await ReadAllAsync(shop);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var rounds = 0;
            for (; !done.IsCancellationRequested; rounds++) Assert.Equal(before, await ReadAllAsync(shop));
            return rounds;
        })).ToList();
        await ArchiveAsync(shop);
        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), rounds => Assert.True(rounds > 0));
    }

    [Fact]
    public async Task A_month_moves_when_it_is_the_oldest_and_over_and_judged()
    {
        await using var shop = await AgedAsync();
        var archiving = Archiving(shop);
        var months = (await archiving.ListAsync()).Select(month => month.Month).ToList();
        Assert.True(months.Count >= 3);
        var refused = await Assert.ThrowsAsync<ArchivingRefusedException>(() => archiving.ArchiveAsync(months[1]));
        Assert.Contains("goes before", refused.Message, StringComparison.Ordinal);
        await shop.SendAsync([.. Enumerable.Range(0, 20).Select(number => shop.Order($"unjudged {number}"))]);
        foreach (var month in months.Where(month => EndOf(month) <= shop.Wall.Now)) await archiving.ArchiveAsync(month);
        var running = (await archiving.ListAsync())[0].Month;
        Assert.Contains("is not over", (await Assert.ThrowsAsync<ArchivingRefusedException>(() => archiving.ArchiveAsync(running))).Message, StringComparison.Ordinal);
        await shop.PassAsync(Duration.FromDays(40));
        Assert.Contains("not yet judged", (await Assert.ThrowsAsync<ArchivingRefusedException>(() => archiving.ArchiveAsync(running))).Message, StringComparison.Ordinal);
        await shop.SettleAsync();
        Assert.NotEmpty(await archiving.ArchiveAsync(running));
        await shop.SendAsync(shop.Order("live 1"));
        await shop.SettleAsync();
        Assert.Empty((await new Replay(shop.Log.Log, shop.Releases).CompareAsync()).Differences);
    }

    [Fact]
    public async Task What_was_broken_off_leaves_the_month_where_it_was_and_is_done_again()
    {
        await using var shop = await AgedAsync();
        var before = await ReadAllAsync(shop);
        var month = (await Archiving(shop).ListAsync())[0].Month;
        // Whoever holds the log for longer than the command is willing to wait: the files are there by then.
        await using (var connection = await shop.Log.Server.ConnectAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var holding = new Npgsql.NpgsqlCommand("lock table event in access share mode", connection, transaction);
            await holding.ExecuteNonQueryAsync();
            using var patience = new CancellationTokenSource();
            var archiving = Archiving(shop).ArchiveAsync(month, patience.Token);
            await Patience.UntilAsync(() => Directory.GetFiles(_folder.Path, "*.jsonl.gz", SearchOption.AllDirectories).Length > 0, () => "No file of the month was written.");
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => archiving);
        }
        Assert.Equal(before, await ReadAllAsync(shop));
        await ArchiveAsync(shop);
        Assert.Equal(before, await ReadAllAsync(shop));
    }

    [Fact]
    public async Task A_file_that_is_gone_or_changed_is_named_and_nothing_is_made_up()
    {
        await using var shop = await AgedAsync();
        var before = await ReadAllAsync(shop);
        await ArchiveAsync(shop);
        var months = await shop.Log.Database.Archive.MonthsAsync(0);
        foreach (var file in Directory.GetFiles(_folder.Path, "shard-0000*", SearchOption.AllDirectories))
        {
            var content = await File.ReadAllBytesAsync(file);
            content[content.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, content);
            Assert.Contains(file, (await Assert.ThrowsAsync<ArchiveUnavailableException>(() => CheckAsync(shop))).Message, StringComparison.Ordinal);
            Assert.Contains("not what was written", (await Assert.ThrowsAsync<ArchiveUnavailableException>(async () => await ReadAllAsync(await ReopenedAsync(shop)))).Message, StringComparison.Ordinal);
            File.Delete(file);
            Assert.Contains(file, (await Assert.ThrowsAsync<ArchiveUnavailableException>(async () => await ReadAllAsync(await ReopenedAsync(shop)))).Message, StringComparison.Ordinal);
            content[content.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, content);
        }
        await CheckAsync(shop);
        Assert.Equal(before, await ReadAllAsync(shop));
        Assert.All(months, month => Assert.True(month.Rows > 0));

        async Task CheckAsync(ProjectionShop shop)
        {
            var archive = (await ReopenedAsync(shop)).Log.Database.Archive;
            foreach (var month in await archive.MonthsAsync(0)) await archive.CheckAsync(month);
        }
    }

    [Fact]
    public async Task A_program_that_is_not_told_where_the_archive_is_says_so()
    {
        await using var shop = await AgedAsync();
        await ArchiveAsync(shop);
        await using var blind = await shop.Log.Server.OpenLogAsync(new LogOptions { Shards = shop.Log.Database.Shards });
        var refusal = await Assert.ThrowsAsync<ArchiveUnavailableException>(() => new TouchpointLog(blind).ReadCustomerAsync(
            shop.Log.Customer("live 1").Shard, shop.Tenant.Id, shop.Log.Customer("live 1").Key, 100));
        Assert.Contains("LIFECYCLE_ARCHIVE", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The eventful shop, two months later: with something of everybody in each month.</summary>
    private async Task<ProjectionShop> AgedAsync()
    {
        var shop = await ReplayTests.EventfulAsync(new LogOptions { Shards = 2, ArchiveFolder = _folder.Path });
        await shop.SendAsync(shop.Log.Input("live 1", new ProfileChanged(Properties.Parse("""{"city":"Bern","plan":"a"}"""))));
        for (var month = 0; month < 2; month++)
        {
            await shop.PassAsync(Duration.FromDays(25));
            await shop.SendAsync(shop.Order("live 1", 20), shop.Order("customer 3"), shop.Log.Input("live 1", new ProfileChanged(Properties.Parse($$"""{"plan":"{{month}}"}"""))));
            await shop.SettleAsync();
        }
        return shop;
    }

    private MonthArchiver Archiving(ProjectionShop shop) => new(shop.Log.Log, _folder.Path);

    private async Task<long> ArchiveAsync(ProjectionShop shop)
    {
        var moved = 0L;
        foreach (var month in (await Archiving(shop).ListAsync()).Select(month => month.Month).Where(month => EndOf(month) <= shop.Wall.Now))
            moved += (await Archiving(shop).ArchiveAsync(month)).Sum(file => file.Rows);
        return moved;
    }

    /// <summary>Everything that can be read of everybody, as text, in pages as small as make every seam.</summary>
    private static Task<string> ReadAllAsync(ProjectionShop shop) => ReadAllAsync(new Reader(shop.Log.Log, shop.Releases, shop.Log.Customers, shop.Wall, shop.Tenant));

    private static async Task<string> ReadAllAsync(Reader reader)
    {
        var text = new StringBuilder();
        foreach (var id in new[] { "live 1", "live 2", "customer 3", "customer 5" })
        {
            foreach (var question in new[]
            {
                new TimelineQuestion { Limit = 3 }, new TimelineQuestion { Limit = 4, LatestFirst = true },
                new TimelineQuestion { Limit = 2, Kinds = [TimelineKind.Input], Names = ["order_completed"] },
                new TimelineQuestion { Limit = 5, From = reader.Wall.Now - Duration.FromDays(70), To = reader.Wall.Now - Duration.FromDays(10) },
            })
            {
                for (var (after, more) = ((TimelineCursor?)null, true); more;)
                {
                    var page = (await reader.Timelines.ReadAsync(reader.Tenant, id, question with { After = after }))!;
                    foreach (var item in page.Items) text.Append(item.Properties.ToJsonString()).AppendLine((item with { Properties = [] }).ToString());
                    (after, more) = (page.Next, page.Next is not null);
                }
            }
            foreach (var days in new[] { 0, 5, 20, 45, 60, 200 })
                text.AppendLine(Told(await reader.Pages.FindAtAsync(reader.Tenant, id, reader.Wall.Now - Duration.FromDays(days))));
            text.AppendLine(Told(await reader.Pages.FindAsync(reader.Tenant, id)));
            foreach (var span in (await reader.Stages.SpansAsync(reader.Tenant, id))!) text.AppendLine(span.ToString());
        }
        var report = await new Replay(reader.Log, reader.Releases).CompareAsync();
        Assert.Empty(report.Differences);
        return text.AppendLine(CultureInfo.InvariantCulture, $"{report.Customers} {report.Facts}").ToString();
    }

    private static string Told(CustomerPage? page) => page is null ? "nobody" : string.Join(' ', page.Attributes.ToJsonString(), page.FirstSeen, page.LastSeen,
        string.Join(' ', page.Metrics.Select(metric => $"{metric.Key}={metric.Value}")), string.Join(' ', page.Tracks), string.Join(' ', page.Benefits));

    /// <summary>As a process that starts now sees the same database.</summary>
    private async Task<Reader> ReopenedAsync(ProjectionShop shop)
    {
        var database = await shop.Log.Server.OpenLogAsync(new LogOptions { Shards = shop.Log.Database.Shards, ArchiveFolder = _folder.Path });
        return new Reader(new TouchpointLog(database), new ReleaseStore(database), new CustomerDirectory(database), shop.Wall, shop.Tenant);
    }

    private static Instant EndOf(YearMonth month) => month.PlusMonths(1).OnDayOfMonth(1).AtMidnight().InUtc().ToInstant();

    private sealed record Reader(TouchpointLog Log, ReleaseStore Releases, CustomerDirectory Customers, ScriptedWall Wall, Tenant Tenant)
    {
        public CustomerQueries Pages => new(Log, Customers, Releases, Wall);
        public TimelineQueries Timelines => new(Log.Database, Customers);
        public StageQueries Stages => new(Log, Customers, Releases, Pages);
    }
}
