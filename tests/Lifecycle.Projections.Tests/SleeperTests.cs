using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Lifecycle.Definitions;
using Lifecycle.Domain;
using Lifecycle.Domain.Events;
using Lifecycle.Domain.States;
using Lifecycle.Projections.Processing;
using NodaTime;
using Npgsql;
using Xunit.Abstractions;

namespace Lifecycle.Projections.Tests;

/// <summary>Customers of the sample game who play for two months and then fall silent. <c>LIFECYCLE_SLEEPERS</c> says how many; a million is what is
/// promised.</summary>
public sealed class SleeperTests(ITestOutputHelper output)
{
    private const int HistoryDays = 60, AtOnceMax = 4000;
    private static readonly int Sleepers =
        int.Parse(Environment.GetEnvironmentVariable("LIFECYCLE_SLEEPERS") ?? "20000", CultureInfo.InvariantCulture);
    private static readonly int[] DaysBetweenLooks = [1, 2, 4, 7, 14, 30, 90, 400];

    [Fact]
    public void Sleepers_are_reviewed_only_when_something_changes_and_nothing_changes_in_between()
    {
        var release = ReleaseReader.Read(Game(), 1).Release!;
        Release Releases(int number) => number == 1 ? release : Release.None;
        var start = Instant.FromUtc(2026, 3, 1, 0, 0);
        var total = new SleeperWatch(new CustomerMachine("sleepers", Releases), Releases);
        var watch = Stopwatch.StartNew();
        Parallel.ForEach(Enumerable.Range(0, Sleepers).Chunk(1000), chunk =>
        {
            var machine = new CustomerMachine("sleepers", Releases);
            var (counts, facts) = (new SleeperWatch(machine, Releases), new List<RecordedFact>());
            foreach (var sleeper in chunk)
            {
                var state = new CustomerState(new CustomerKey(StableHash.Of($"sleeper {sleeper}"))) { Release = 1 };
                var position = 0;
                foreach (var (at, name, properties) in HistoryOf(sleeper))
                {
                    var id = new RecordId(StableHash.Of($"{sleeper} {++position}"));
                    var touchpoint = new Touchpoint(name, Properties.Parse(properties));
                    machine.Apply(state, new Recorded(position, start + at, start + at, start + at, id, false, 0, touchpoint), facts);
                }
                facts.Clear();
                counts.Live(state, start + Duration.FromDays(HistoryDays + 800));
                Assert.Equal(Instants.Never, machine.NextReview(state));
            }
            lock (total) total.Add(counts);
        });
        output.WriteLine($"{Sleepers:N0} sleepers in memory, {watch.Elapsed.TotalSeconds:0.0} s: {total}. {Memory()}");
        Assert.True(total.Moving > Sleepers);
        Assert.Equal(0, total.Empty);
    }

    [Fact]
    public async Task Sleepers_are_visited_only_when_due_and_in_vain_at_most_once_for_a_deadline_that_was_pushed_on()
    {
        var clock = Stopwatch.StartNew();
        await using var shop = await ProjectionShop.OpenAsync(shards: 4, release: Game());
        await SendHistoriesAsync(shop);
        await SettleAsync(shop);
        await SweepTests.CloseHistoryAsync(shop);
        await SettleAsync(shop);
        Assert.Equal(Sleepers, await shop.CountAsync("state"));
        var events = await shop.CountAsync("event where kind = 1");
        output.WriteLine($"{Sleepers:N0} sleepers, {events:N0} events imported, judged and closed after {clock.Elapsed.TotalSeconds:0.0} s.");

        var (pushed, total) = (new HashSet<Guid>(), (Visits: 0L, InVain: 0L, Pushes: 0L));
        Release Releases(int number) => shop.Releases.Get(shop.Tenant.Id, number);
        var watch = new SleeperWatch(new CustomerMachine(shop.Tenant.Name, Releases), Releases);
        for (var look = 0; look < DaysBetweenLooks.Length; look++)
        {
            if (look < DaysBetweenLooks.Length - 2) total.Pushes += await PushAsync(shop, look, pushed);
            var to = shop.Wall.Now + Duration.FromDays(DaysBetweenLooks[look]);
            var transaction = await NoteWhoIsDueAsync(shop, to);
            var factsBefore = await shop.CountAsync("event where kind = 2");
            await shop.PassAsync(Duration.FromDays(DaysBetweenLooks[look]));
            await SettleAsync(shop);

            // Nobody but those who were due was touched, and nobody is due any more.
            Assert.Equal(0, await shop.CountAsync($"due where at <= '{to.ToIso()}'"));
            var touched = $"state s where s.xmin::text::bigint >= {transaction}";
            var (due, written) = (await shop.CountAsync("visited"), await shop.CountAsync(touched));
            Assert.Equal(written, await shop.CountAsync($"{touched} and (s.shard, s.customer) in (select shard, customer from visited)"));

            var (factsWatched, inVain) = (watch.Facts, 0);
            await foreach (var (customer, dueAt, before, after) in VisitedAsync(shop))
            {
                var state = StateCodec.Read(before, new CustomerKey(customer));
                var reviews = watch.Live(state, to);
                Assert.True(after.AsSpan().SequenceEqual(StateCodec.Write(state)), $"{customer} was not left as the machine leaves them.");
                total.Visits++;
                var wasPushed = pushed.Remove(customer);
                if (reviews > 0) continue;
                Assert.True(wasPushed, $"{customer} was visited at {dueAt} for nothing, with no event since the last visit.");
                inVain++;
            }
            // Whoever was visited in vain is as before and was not written.
            Assert.Equal(due - inVain, written);
            total.InVain += inVain;
            Assert.Equal(watch.Facts - factsWatched, await shop.CountAsync("event where kind = 2") - factsBefore);
            output.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s, {DaysBetweenLooks[look]} days later: {due:N0} visited.");
        }
        output.WriteLine($"{total.Pushes:N0} pushed on by an event, {total.Visits:N0} visits, {total.InVain:N0} in vain; {watch}. {Memory()}");
        Assert.Equal(0, watch.Empty);
        Assert.InRange(total.InVain, 1, total.Pushes);
        Assert.Equal(0, await shop.CountAsync("due"));
    }

    /// <summary>A player's two months: sessions, and for some purchases, each at its own millisecond.</summary>
    private static List<(Duration At, string Name, string Properties)> HistoryOf(int sleeper)
    {
        var random = new Random(sleeper);
        var until = random.Next(1, HistoryDays) * 86_400_000L;
        Duration Some() => Duration.FromMilliseconds(random.NextInt64(until));
        var events = new List<(Duration At, string Name, string Properties)>();
        for (var sessions = random.Next(1, 8); sessions > 0; sessions--) events.Add((Some(), "session_start", "{}"));
        for (var orders = random.Next(-3, 4); orders > 0; orders--)
            events.Add((Some(), "order_completed", $$"""{"revenue":{{random.Next(6, 3000)}},"sku":"item-{{orders}}"}"""));
        events.Sort((a, b) => a.At.CompareTo(b.At));
        return events;
    }

    private static async Task SendHistoriesAsync(ProjectionShop shop)
    {
        var start = shop.Wall.Now - Duration.FromDays(HistoryDays);
        foreach (var some in Enumerable.Range(0, Sleepers).Chunk(AtOnceMax))
            await shop.SendAsync([.. some.SelectMany(sleeper => HistoryOf(sleeper).Select((e, i) =>
                shop.Log.Touchpoint($"sleeper {sleeper}", e.Name, start + e.At, e.Properties, $"{sleeper} {i}", imported: true)))]);
    }

    /// <summary>One in twenty plays once more, which pushes the deadlines of their silence on.</summary>
    private static async Task<int> PushAsync(ProjectionShop shop, int look, HashSet<Guid> pushed)
    {
        var chosen = Enumerable.Range(0, Sleepers).Where(sleeper => sleeper % 20 == look).ToList();
        foreach (var some in chosen.Chunk(AtOnceMax))
        {
            var inputs = some.Select(sleeper => shop.Log.Touchpoint($"sleeper {sleeper}", "session_start")).ToArray();
            await shop.SendAsync(inputs);
            pushed.UnionWith(inputs.Select(input => input.Customer.Key.Value));
        }
        await SettleAsync(shop);
        return chosen.Count;
    }

    /// <summary>Keeps a copy of the state of everybody who will be due by then, and gives the number of a transaction before all visits.</summary>
    private static async Task<long> NoteWhoIsDueAsync(ProjectionShop shop, Instant to)
    {
        await shop.Log.Server.ExecuteAsync($"""
            drop table if exists visited;
            create table visited as
              select d.shard, d.customer, d.at, s.body as before
              from due d join state s using (shard, lane, tenant, customer)
              where d.wall and d.at <= '{to.ToIso()}';
            analyze visited;
            """);
        return await shop.Log.Server.ScalarAsync<long>("select pg_current_xact_id()::text::bigint");
    }

    private static async IAsyncEnumerable<(Guid Customer, Instant Due, byte[] Before, byte[] After)> VisitedAsync(ProjectionShop shop)
    {
        await using var connection = await shop.Log.Server.ConnectAsync();
        await using var command = new NpgsqlCommand("select customer, at, before, body from visited join state using (shard, customer)", connection);
        command.CommandTimeout = 600;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var due = Instant.FromDateTimeUtc(reader.GetDateTime(1));
            yield return (reader.GetGuid(0), due, reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3));
        }
    }

    /// <summary>Every shard until it rests, all at once as in the product.</summary>
    private static async Task SettleAsync(ProjectionShop shop)
    {
        var processors = new List<ShardProcessor>();
        for (var shard = 0; shard < shop.Log.Database.Shards; shard++) processors.Add(await shop.ProcessorAsync(shard));
        await Task.WhenAll(processors.Select(processor => Task.Run(() => ProjectionShop.SettleAsync(processor))));
    }

    /// <summary>The sample with amounts in the place of <c>top</c>: for that alone all customers are looked at every day, and here it is told what
    /// happens without.</summary>
    private static ReleaseText Game([CallerFilePath] string file = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "samples", "tianxia");
        var files = Directory.GetFiles(folder, "*.yaml").Select(path => new DefinitionFile(Path.GetFileName(path), File.ReadAllText(path))).ToList();
        var text = ReleaseReader.ReadFiles(files, 1).Text!;
        var definition = text.Definition.Replace("top(spend_90d, 5%)", "spend_90d >= 3000", StringComparison.Ordinal)
            .Replace("top(spend_90d, 10%)", "spend_90d >= 2000", StringComparison.Ordinal);
        var read = ReleaseReader.Read(text with { Definition = definition }, 1);
        Assert.Empty(read.Errors);
        Assert.Empty(read.Release!.Cuts);
        return text with { Definition = definition };
    }

    private static string Memory() =>
        $"{GC.GetTotalMemory(forceFullCollection: true) / 1e6:0} MB live, {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB at most.";
}
