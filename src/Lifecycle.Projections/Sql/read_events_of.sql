-- $1 shard, $2 tenants, $3 customers. Inputs and facts in the order of the log, each with how far its customer's state has lived, and whose it is; without an event
-- for a customer who has none in the database. The state is looked up for each customer, not for each event.
select e.position, e.recorded_at, e.clock, e.occurred_at, e.tenant, e.customer, e.kind, e.name, e.version, e.imported, e.hops, e.cause, e.ordinal,
  e.id, e.open, e.sealed, c.lived_to, c.tenant, c.customer
from (
  select n.tenant, n.customer, coalesce((
      select s.lived_to from state s where s.shard = $1 and s.lane = 0 and s.tenant = n.tenant and s.customer = n.customer
    ), 0) as lived_to
  from unnest($2::int[], $3::uuid[]) as n (tenant, customer)
  offset 0
) c
left join event e on e.shard = $1 and e.tenant = c.tenant and e.customer = c.customer
order by e.position
