using Lifecycle.Domain.Events;
using Lifecycle.EventLog.Codec;
using Lifecycle.EventLog.Log;
using Lifecycle.EventLog.Sql;
using Lifecycle.Testing;
using NodaTime;

namespace Lifecycle.EventLog.Tests;

public sealed class AppendTests
{
    private static readonly LogOptions OneShard = new() { Shards = 1 };
    private static readonly Instant LongAgo = Instant.FromUtc(1997, 1, 1, 5, 0);

    [Fact]
    public async Task Positions_have_no_gaps_under_eight_writers()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 2 });
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var mine = new TouchpointLog(log.Database); // A queue of its own, as in another process.
            for (var round = 0; round < 25; round++)
                await mine.AppendAsync([.. Enumerable.Range(0, 7).Select(n => log.Touchpoint($"customer-{n}", "session_start", id: $"{writer}-{round}-{n}"))]);
        }));
        await Task.WhenAll(writers);

        var rows = (await log.Log.ReadAsync(0, 0, 10_000)).Concat(await log.Log.ReadAsync(1, 0, 10_000)).ToList();
        Assert.Equal(8 * 25 * 7, rows.Count);
        foreach (var shard in rows.GroupBy(row => row.Shard))
        {
            Assert.Equal(Enumerable.Range(1, shard.Count()).Select(n => (long)n), shard.Select(row => row.Position));
            Assert.Equal(shard.Count(), (await log.Log.HeadAsync(shard.Key)).Position);
            Assert.True(shard.Zip(shard.Skip(1)).All(pair => pair.First.RecordedAt <= pair.Second.RecordedAt));
        }
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task Nothing_is_stored_before_the_earliest_occurrence(bool imported)
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.AppendAsync(log.Touchpoint("ann", "signed_up", Instants.Beginning, imported: imported));
        var row = Assert.Single(await log.Log.ReadAsync(0, 0, 10), row => row.Kind == EventKind.Input);
        Assert.Equal(LogStatements.OccurredAtMin, row.OccurredAt);
        Assert.Equal(1, await log.Server.ScalarAsync<long>("select count(*) from event where kind = 1 and isfinite(occurred_at) and isfinite(clock)"));
    }

    [Fact]
    public async Task An_endless_time_is_read_as_the_first_or_the_last_instant()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "signed_up").Did("ann", "session_start").SendAsync();
        await log.Server.ExecuteAsync("update event set occurred_at = '-infinity', clock = '-infinity' where position = 1");
        await log.Server.ExecuteAsync("update event set occurred_at = 'infinity' where position = 2");
        var rows = await log.Log.ReadAsync(0, 0, 10);
        Assert.Equal((Instants.Beginning, Instants.Beginning, Instants.Never), (rows[0].OccurredAt, rows[0].Clock, rows[1].OccurredAt));
    }

    [Fact]
    public async Task Answers_come_in_the_order_of_the_inputs_over_all_shards()
    {
        await using var log = await TestLog.StartAsync();
        var inputs = Enumerable.Range(0, 200).Select(n => log.Touchpoint($"customer-{n}", "session_start")).ToList();
        var outcomes = await log.Log.AppendAsync(inputs);

        foreach (var (input, outcome) in inputs.Zip(outcomes))
        {
            var row = (await log.Log.ReadAsync(outcome.Shard, outcome.Position - 1, 1)).Single();
            Assert.Equal((input.Id, input.Customer.Key, input.Customer.Shard), (row.Id, row.Customer!.Value, row.Shard));
        }
    }

    [Fact]
    public async Task A_duplicate_within_a_batch_is_written_once_and_the_first_wins()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var outcomes = await log.Did("ann", "signed_up", id: "a").Did("ann", "session_start", id: "b").Did("ann", "signed_up", id: "a").SendAsync();

        Assert.Equal([AppendResult.Appended, AppendResult.Appended, AppendResult.Duplicate], outcomes.Select(outcome => outcome.Result));
        Assert.Equal([1, 2, 1], outcomes.Select(outcome => outcome.Position));
        Assert.Equal(2, (await log.Log.HeadAsync(0)).Position);
    }

    [Fact]
    public async Task A_duplicate_in_a_later_batch_changes_nothing()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "signed_up", id: "a").SendAsync();
        var before = await log.Log.HeadAsync(0);
        var again = await log.AppendAsync(log.Touchpoint("ann", "signed_up", id: "a"));

        Assert.Equal(new AppendOutcome(AppendResult.Duplicate, 0, 1), again);
        Assert.Equal(before, await log.Log.HeadAsync(0));
    }

    [Fact]
    public async Task An_id_means_the_same_event_for_one_customer_only()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var outcomes = await log.Did("ann", "signed_up", id: "a").Did("bob", "signed_up", id: "a").SendAsync();
        Assert.All(outcomes, outcome => Assert.Equal(AppendResult.Appended, outcome.Result));
    }

    [Fact]
    public async Task Another_content_under_a_known_id_is_a_conflict_and_the_first_is_kept()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "order_completed", properties: """{"revenue":1}""", id: "a").SendAsync();
        var later = await log.AppendAsync(log.Touchpoint("ann", "order_completed", properties: """{"revenue":2}""", id: "a"));
        var within = await log.Did("bob", "level_up", properties: """{"level":1}""", id: "b").Did("bob", "level_up", properties: """{"level":2}""", id: "b").SendAsync();

        Assert.Equal(new AppendOutcome(AppendResult.Conflict, 0, 1), later);
        Assert.Equal([new(AppendResult.Appended, 0, 2), new AppendOutcome(AppendResult.Conflict, 0, 2)], within);
        Assert.Equal("""{"properties":{"revenue":1}}""", Text((await log.Log.ReadAsync(0, 0, 1))[0].Open));
    }

    [Fact]
    public async Task An_event_is_never_later_than_its_recording()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "past", at: LongAgo).Did("ann", "future", at: Instant.FromUtc(2900, 1, 1, 0, 0)).SendAsync();
        var (past, future) = (await log.Log.ReadAsync(0, 0, 1), await log.Log.ReadAsync(0, 1, 1)) is var (a, b) ? (a[0], b[0]) : default;

        Assert.Equal((LongAgo, past.RecordedAt), (past.OccurredAt, past.Clock));
        Assert.Equal((future.RecordedAt, future.RecordedAt), (future.OccurredAt, future.Clock));
        Assert.Equal(past.RecordedAt, past.RecordedAt.ToMilliseconds());
    }

    [Fact]
    public async Task History_is_opened_once_before_its_first_event_and_closed_once()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "signed_up").SendAsync();
        var first = await log.Once("bob", "order_completed", LongAgo, id: "b1").Once("bob", "order_completed", LongAgo, id: "b2").SendAsync();
        await log.Once("ann", "order_completed", LongAgo).SendAsync();
        var closed = await log.Log.AppendShardInputAsync(0, log.Tenant, new HistoryClosed(), Id("closed"));
        var again = await log.Log.AppendShardInputAsync(0, log.Tenant, new HistoryClosed(), Id("closed again"));
        await log.Once("bob", "order_completed", LongAgo, id: "b1").SendAsync();
        var reopened = await log.Once("bob", "order_completed", LongAgo, id: "b3").SendAsync();

        Assert.Equal([3, 4], first.Select(outcome => outcome.Position));
        Assert.Equal(new AppendOutcome(AppendResult.Appended, 0, 6), closed);
        Assert.Equal(new AppendOutcome(AppendResult.Duplicate, 0, 6), again);
        Assert.Equal(8, reopened[0].Position);
        Assert.Equal([(2, "history_opened"), (6, "history_closed"), (7, "history_opened")],
            (await log.Log.ReadShardInputsAsync(0, 0)).Select(row => ((int)row.Position, row.Name)));
        var imported = (await log.Log.ReadAsync(0, 2, 1))[0];
        Assert.Equal((LongAgo, LongAgo, true), (imported.Clock, imported.OccurredAt, imported.Imported));
    }

    [Fact]
    public async Task A_test_tenants_events_happen_at_its_own_clock()
    {
        await using var log = await TestLog.StartAsync(OneShard, test: true);
        await log.Did("ann", "signed_up", at: LongAgo).SendAsync();
        var before = (await log.Log.ReadAsync(0, 0, 1))[0];
        var to = before.Clock + Duration.FromDays(40);
        var advanced = await log.Log.AppendShardInputAsync(0, log.Tenant, new ClockAdvanced(to), Id("advance"));
        await log.Did("ann", "session_start").Once("bob", "signed_up", LongAgo).SendAsync();
        var rows = await log.Log.ReadAsync(0, 1, 10);

        Assert.Equal(before.Clock, before.OccurredAt);
        Assert.True(before.Clock < before.RecordedAt);
        Assert.Equal(AppendResult.Appended, advanced.Result);
        Assert.Equal(new ClockAdvanced(to), EventCodec.ToShardInput(rows[0]).Input);
        Assert.Equal([(to, to), (to, to), (to, to), (LongAgo, LongAgo)], rows.Select(row => (row.Clock, row.OccurredAt)));
        Assert.All(rows, row => Assert.True(row.RecordedAt < to));
    }

    [Fact]
    public async Task A_test_clock_begins_at_one_instant_in_all_shards_and_leaves_live_tenants_alone()
    {
        await using var log = await TestLog.StartAsync(new LogOptions { Shards = 4 });
        var test = await log.Tenants.EnsureAsync("tests", test: true);
        Assert.Equal(1, await log.Server.ScalarAsync<long>("select count(distinct clock) from tenant_clock where tenant = " + test.Id));
        await log.Log.AppendShardInputAsync(log.Customer("ann").Shard, test, new ClockAdvanced(Instants.Never), Id("advance"));
        await log.Did("ann", "signed_up").SendAsync();
        var row = (await log.Log.ReadAsync(log.Customer("ann").Shard, 1, 1))[0];
        Assert.Equal(row.RecordedAt, row.Clock);
    }

    [Fact]
    public async Task A_shard_input_is_appended_once_per_id_for_ever()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var first = await log.Log.AppendShardInputAsync(0, log.Tenant, new ReleaseActivated(1, "aa"), Id("release 1"));
        await log.Log.RaiseAsync(0, (await log.Log.HeadAsync(0)).RecordedAt + Duration.FromDays(100));
        var again = await log.Log.AppendShardInputAsync(0, log.Tenant, new ReleaseActivated(1, "aa"), Id("release 1"));
        var other = await log.Log.AppendShardInputAsync(0, log.Tenant, new ReleaseActivated(1, "bb"), Id("release 1"));

        Assert.Equal([new(AppendResult.Appended, 0, 1), new(AppendResult.Duplicate, 0, 1), new AppendOutcome(AppendResult.Conflict, 0, 1)], [first, again, other]);
        Assert.Equal(1, (await log.Log.HeadAsync(0)).Position);
    }

    [Fact]
    public async Task A_customers_rows_are_read_up_to_a_position()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        await log.Did("ann", "one").Did("bob", "one").Did("ann", "two").Did("ann", "three").SendAsync();
        var rows = await log.Log.ReadCustomerAsync(0, log.Tenant.Id, log.Customer("ann").Key, 3);
        Assert.Equal(["one", "two"], rows.Select(row => row.Name));
    }

    [Fact]
    public async Task Raised_time_is_kept_and_never_goes_back()
    {
        await using var log = await TestLog.StartAsync(OneShard);
        var later = (await log.Log.HeadAsync(0)).RecordedAt + Duration.FromDays(3);
        Assert.Equal(new ShardHead(0, 0, later), await log.Log.RaiseAsync(0, later));
        Assert.Equal(later, (await log.Log.RaiseAsync(0, LongAgo)).RecordedAt);
        Assert.Equal(later, (await log.Log.RaiseAsync(0)).RecordedAt);
        await log.Did("ann", "signed_up").SendAsync();
        Assert.Equal(later, (await log.Log.ReadAsync(0, 0, 1))[0].RecordedAt);
    }

    private static RecordId Id(string text) => new(StableHash.Of(text));

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);
}
