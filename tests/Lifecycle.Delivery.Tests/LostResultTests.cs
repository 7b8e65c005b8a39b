using Lifecycle.Delivery.Channels.Webhook;
using Lifecycle.Delivery.Dispatch;
using Lifecycle.Domain.Events;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;

namespace Lifecycle.Delivery.Tests;

/// <summary>What happens when a message is sent and the process or the database is lost before that is written down.</summary>
public class LostResultTests
{
    [Fact]
    public async Task A_process_that_dies_while_it_waits_for_the_answer_leaves_the_message_to_another()
    {
        using var death = new CancellationTokenSource();
        await using var receiver = await HttpReceiver.StartAsync(
            async context =>
            {
                await death.CancelAsync();
                await HttpReceiver.Silence(context);
            },
            HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync();
        using var survivor = shop.NewDispatcher();
        var requested = await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.DispatchAsync(cancellation: death.Token));
        Assert.Equal(0, await shop.DispatchAsync(survivor)); // The claim has not run out.
        Assert.Equal(1, await shop.Deliveries.PendingAsync(shop.Tenant));
        await shop.PassTimeAsync();
        Assert.Equal(1, await shop.DispatchAsync(survivor));

        AssertSameTwice(receiver);
        Assert.Equal([(2, Outcome.Sent)], (await shop.OutcomesAsync(requested)).Select(outcome => (outcome.Attempt, outcome.Outcome)));
        Assert.Equal(2, Assert.Single((await shop.DeliveryAsync(requested)).Attempts).Attempt);
    }

    [Fact]
    public async Task A_result_that_cannot_be_written_leaves_nothing_behind_and_the_message_is_sent_again()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);

        await shop.ExecuteAsync("alter table delivery_attempt rename to delivery_attempt_away");
        await Assert.ThrowsAsync<PostgresException>(() => shop.DispatchAsync());
        Assert.Empty(await shop.OutcomesAsync(requested));
        await shop.ExecuteAsync("alter table delivery_attempt_away rename to delivery_attempt");
        Assert.Equal(DeliveryStatus.Pending, (await shop.DeliveryAsync(requested)).Status);
        await shop.PassTimeAsync();
        await shop.DispatchAsync();

        AssertSameTwice(receiver);
        Assert.Equal([(2, Outcome.Sent)], (await shop.OutcomesAsync(requested)).Select(outcome => (outcome.Attempt, outcome.Outcome)));
        Assert.Equal(DeliveryStatus.Sent, (await shop.DeliveryAsync(requested)).Status);
    }

    [Fact]
    public async Task A_connection_lost_while_the_result_is_written_costs_no_second_message()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync(shards: 1);
        var requested = await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);

        await using var holder = await shop.Log.Server.ConnectAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from shard_head where shard = 0 for update", holder, transaction))
            await hold.ExecuteNonQueryAsync();
        var dispatching = shop.DispatchAsync();
        await TerminateWhoeverWaitsAsync(shop);
        await transaction.RollbackAsync();

        Assert.Equal(1, await dispatching);
        Assert.Single(receiver.Requests);
        Assert.Equal([(1, Outcome.Sent)], (await shop.OutcomesAsync(requested)).Select(outcome => (outcome.Attempt, outcome.Outcome)));
    }

    [Theory]
    [InlineData("08006")] // connection_failure
    [InlineData("25006")] // read_only_sql_transaction: a standby that is promoted takes writes.
    [InlineData("25P03")] // idle_in_transaction_session_timeout
    [InlineData("40001")] // serialization_failure
    [InlineData("57P01")] // admin_shutdown
    public async Task A_failure_that_passes_while_the_result_is_written_costs_no_second_message(string state)
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync(shards: 1);
        var requested = await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);
        // A sequence is not rolled back, so only the first insert fails.
        await shop.ExecuteAsync($"""
            create sequence tried;
            create function fail_once() returns trigger language plpgsql as $$ begin
              if nextval('tried') = 1 then raise exception 'as in a failover' using errcode = '{state}'; end if;
              return new;
            end $$;
            create trigger fail_once before insert on delivery_attempt for each row execute function fail_once()
            """);

        Assert.Equal(1, await shop.DispatchAsync());
        Assert.Single(receiver.Requests);
        Assert.Equal([(1, Outcome.Sent)], (await shop.OutcomesAsync(requested)).Select(outcome => (outcome.Attempt, outcome.Outcome)));
    }

    [Fact]
    public async Task A_result_written_twice_is_there_once()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", endpoint: 1);
        await shop.ExecuteAsync("update delivery set attempt = 1");
        var now = SystemClock.Instance.GetCurrentInstant().ToMilliseconds();
        var claim = FirstClaim(shop, requested, now);
        var outcomes = new Outcomes(shop.Log.Database, shop.Log.Log, TimeProvider.System, NullLogger.Instance);
        var answer = new ReceiverAnswer(500, "http_500", null, Duration.FromMilliseconds(20));
        var decision = DeliveryDecision.After(claim, answer, now);
        for (var time = 0; time < 2; time++)
            await outcomes.RecordAsync(claim, requested.Customer, test: false, decision, answer, now, CancellationToken.None);

        Assert.Single(await shop.OutcomesAsync(requested));
        Assert.Single((await shop.DeliveryAsync(requested)).Attempts);
    }

    [Fact]
    public async Task A_result_that_comes_after_the_next_attempt_began_is_logged_and_changes_the_delivery_no_more()
    {
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", endpoint: 1);
        await shop.ExecuteAsync("update delivery set attempt = 2");
        var now = SystemClock.Instance.GetCurrentInstant().ToMilliseconds();
        var late = FirstClaim(shop, requested, now);
        var answer = new ReceiverAnswer(200, null, null, Duration.FromMilliseconds(20));
        await new Outcomes(shop.Log.Database, shop.Log.Log, TimeProvider.System, NullLogger.Instance)
            .RecordAsync(late, requested.Customer, test: false, DeliveryDecision.Sent, answer, now, CancellationToken.None);

        Assert.Equal([(1, Outcome.Sent)], (await shop.OutcomesAsync(requested)).Select(outcome => (outcome.Attempt, outcome.Outcome)));
        Assert.Equal(DeliveryStatus.Pending, (await shop.DeliveryAsync(requested)).Status);
    }

    [Fact]
    public async Task A_missing_partition_of_message_ids_is_made()
    {
        await using var receiver = await HttpReceiver.StartAsync(HttpReceiver.Status(200));
        await using var shop = await DeliveryShop.OpenAsync();
        var requested = await shop.RequestAsync("ann", (await shop.EndpointAsync(receiver)).Number);
        await shop.ExecuteAsync("""
            do $$ declare name text; begin
              for name in select inhrelid::regclass from pg_inherits
                where inhparent = 'message_id'::regclass and inhrelid::regclass::text <> 'message_id_imported'
              loop execute 'drop table ' || name; end loop;
            end $$
            """);
        await shop.DispatchAsync();
        Assert.Single(await shop.OutcomesAsync(requested));
        Assert.Single(receiver.Requests);
    }

    private static Claim FirstClaim(DeliveryShop shop, Requested requested, Instant now) => new(
        requested.Customer.Shard, shop.Tenant, requested.Customer.Key, requested.Key, 1, now, "{}"u8.ToArray(), 1, Tried: false, now);

    private static void AssertSameTwice(HttpReceiver receiver)
    {
        Assert.Equal(2, receiver.Requests.Count);
        Assert.Equal(receiver.Requests[0].Id, receiver.Requests[1].Id);
        Assert.Equal(receiver.Requests[0].Body, receiver.Requests[1].Body);
    }

    // Asks until somebody waits for the head; each question is a round trip to the database, and the lock's own time-out bounds them.
    private static async Task TerminateWhoeverWaitsAsync(DeliveryShop shop)
    {
        const string question = """
            select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            """;
        for (var asked = 0; asked < 20_000; asked++)
        {
            await using var command = shop.Log.Database.Source.CreateCommand(question);
            if ((long)(await command.ExecuteScalarAsync())! > 0) return;
        }
        Assert.Fail("Nobody waited for the head.");
    }
}
