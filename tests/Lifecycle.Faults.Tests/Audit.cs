using System.Globalization;
using Lifecycle.Testing;
using Npgsql;

namespace Lifecycle.Faults.Tests;

/// <summary>What must hold when everything has healed and come to rest, asked in SQL: of the sender's book, of the log, of the timers, of the
/// deliveries, and of who wrote.</summary>
internal sealed class Audit(LogAudit log, FaultReceiver receiver)
{
    /// <summary>An order in the log, as it was sent.</summary>
    private const string Stored = """
        stored as (
          select convert_from(e.open, 'UTF8')::json->>'message_id' as id, c.id as customer,
            (convert_from(e.open, 'UTF8')::json->'properties'->>'revenue')::int as revenue
          from event e
          join customer c using (shard, tenant, customer)
          where e.kind = 1 and e.name = 'order_completed'
        )
        """;

    private const string Lost = $"""
        with {Stored} select count(*) from audit_sent s where s.acknowledged and not exists (select from stored e where e.id = s.id)
        """;

    private const string Doubled = $"""
        with {Stored} select coalesce(sum(n - 1), 0) from (select count(*) as n from stored group by id having count(*) > 1) doubled
        """;

    private static readonly (string Rule, string Breaches)[] Rules =
    [
        ("what is in the log was sent, and says what was sent", $"""
            with {Stored} select count(*) from stored e left join audit_sent s using (id) where s.id is null or (s.customer, s.revenue) <> (e.customer, e.revenue)
            """),
        ("nobody was set aside", "select count(*) from set_aside"),
        ("customers fell silent when they did, by the orders in the log, and at no other time", $"""
            with orders as (
              select shard, tenant, customer, clock, lead(clock) over (partition by shard, tenant, customer order by position) as next
              from event where kind = 1 and name = 'order_completed'
            ),
            expected as (
              select o.shard, o.tenant, o.customer, o.clock + interval '{Definitions.PatienceSeconds} seconds' as at
              from orders o join shard_lease l using (shard)
              where o.clock + interval '{Definitions.PatienceSeconds} seconds' <= coalesce(o.next, l.fired_to)
            ),
            fired as (
              select shard, tenant, customer, clock as at from event
              where kind = 2 and name = 'stage_changed' and convert_from(open, 'UTF8')::json->>'to' = 'quiet'
            )
            select count(*) from (select *, 1 as e from expected) e full join (select *, 1 as f from fired) f using (shard, tenant, customer, at)
            where e.e is null or f.f is null
            """),
    ];

    private const string Watch = """
        create table audit_taken (shard int, epoch bigint, writer text, at timestamptz default clock_timestamp(), primary key (shard, epoch));
        create table audit_stale (shard int, place text, writer text, at timestamptz default clock_timestamp());
        create table audit_sent (id text, customer text, revenue int, acknowledged boolean);
        create function audit_may_write(of_shard int, place text) returns void language plpgsql as $$
        begin
          if not exists (
            select from audit_taken t join shard_lease l using (shard, epoch) where t.shard = of_shard and t.writer = current_setting('application_name'))
          then
            insert into audit_stale (shard, place, writer) values (of_shard, place, current_setting('application_name'));
          end if;
        end $$;
        create function audit_lease() returns trigger language plpgsql as $$
        begin
          if new.epoch <> old.epoch then
            insert into audit_taken (shard, epoch, writer) values (new.shard, new.epoch, current_setting('application_name'));
          end if;
          perform audit_may_write(new.shard, tg_table_name);
          return null;
        end $$;
        create function audit_row() returns trigger language plpgsql as $$
        begin
          perform audit_may_write(case tg_op when 'DELETE' then old.shard else new.shard end, tg_table_name);
          return null;
        end $$;
        create trigger audit after update on shard_lease for each row execute function audit_lease();
        create trigger audit after insert or update on state for each row execute function audit_row();
        create trigger audit after insert or update or delete on due for each row execute function audit_row();
        create trigger audit after insert or update on span for each row execute function audit_row();
        create trigger audit after insert on delivery for each row execute function audit_row();
        create trigger audit after insert on event for each row when (new.kind = 2) execute function audit_row();
        """;

    /// <summary>From now on the database notes who takes which lease, and who writes without one.</summary>
    /// <param name="holder">The name of the process that holds all leases at this moment.</param>
    public async Task WatchAsync(string holder)
    {
        await log.ExecuteAsync($"begin; lock shard_lease; {Watch} insert into audit_taken select shard, epoch, '{holder}' from shard_lease; commit");
    }

    public Task<long> LostAsync() => log.CountAsync(Lost);

    public Task<long> DoubledAsync() => log.CountAsync(Doubled);

    /// <summary>Writes to states, spans, due instants, facts, deliveries or leases by a process whose epoch had been passed on.</summary>
    public Task<long> StaleWritesAsync() => log.CountAsync("select count(*) from audit_stale");

    /// <summary>Brings the book into the database, where it can be asked.</summary>
    public async Task CopyBookAsync(LedgerBook book)
    {
        await using var connection = await log.ConnectAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("copy audit_sent from stdin (format binary)"))
        {
            foreach (var (order, acknowledged) in book.Read())
                await copy.WriteRowAsync(default, order.Id, order.Customer, order.Revenue, acknowledged);
            await copy.CompleteAsync();
        }
        await using var index = new NpgsqlCommand("create index on audit_sent (id); analyze audit_sent", connection);
        await index.ExecuteNonQueryAsync();
    }

    /// <summary>Every rule that does not hold, in sentences.</summary>
    /// <param name="deaths">How many processes died or stopped with messages on the way, at most.</param>
    public async Task<IReadOnlyList<string>> BreachesAsync(int deaths, int inFlightMax = 16) =>
        [.. await log.BreachesAsync(Rules), .. await DeliveriesAsync(deaths * inFlightMax)];

    /// <summary>At least once, and again only where an attempt's end was not written down; always the same bytes.</summary>
    private async Task<IReadOnlyList<string>> DeliveriesAsync(int unrecordedMax)
    {
        var found = new List<string>();
        var deliveries = await log.ListAsync("""
            select 'msg_' || replace(d.key::text, '-', ''), d.attempt, d.status,
              (select count(*) from delivery_attempt a where (a.shard, a.tenant, a.key, a.endpoint) = (d.shard, d.tenant, d.key, d.endpoint))
            from delivery d
            """, row => (Id: row.GetString(0), Attempts: row.GetInt32(1), Status: row.GetInt16(2), Recorded: (int)row.GetInt64(3)));
        Require(deliveries.Count > 0, "something was delivered");
        Require(deliveries.All(delivery => delivery.Status == 1), "every delivery was made");
        Require(deliveries.All(delivery => receiver.Received.ContainsKey(delivery.Id)), "the receiver saw every delivery");
        Require(receiver.Received.Values.All(received => received.Same), "the same message had the same bytes");
        var attempts = deliveries.ToDictionary(delivery => delivery.Id, delivery => delivery.Attempts);
        Require(receiver.Received.All(received => received.Value.Times <= attempts.GetValueOrDefault(received.Key)), "each message came once for each attempt at most");
        var unrecorded = deliveries.Sum(delivery => delivery.Attempts - delivery.Recorded);
        var again = receiver.Received.Values.Sum(received => received.Times - 1);
        Require(again <= unrecorded, string.Create(CultureInfo.InvariantCulture, $"{again} messages that came again are no more than the {unrecorded} attempts whose end is unknown"));
        Require(unrecorded <= unrecordedMax, string.Create(CultureInfo.InvariantCulture, $"{unrecorded} attempts whose end is unknown are no more than the {unrecordedMax} that could be in flight"));
        return found;

        void Require(bool holds, string rule)
        {
            if (!holds) found.Add($"Not so: {rule}.");
        }
    }
}
