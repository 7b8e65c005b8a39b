-- $1 shard, $2 tenants, $3 customers. Inputs and facts in the order of the log, each with how far its customer's state has lived, and whose it is; without an event
-- for a customer who has none in the database.
select e.position, e.recorded_at, e.clock, e.occurred_at, e.tenant, e.customer, e.kind, e.name, e.version, e.imported, e.hops, e.cause, e.ordinal,
  e.id, e.open, null::bytea as sealed, coalesce(s.lived_to, 0) as lived_to, c.tenant, c.customer
from unnest($2::int[], $3::uuid[]) as c (tenant, customer)
left join event e on e.shard = $1 and e.tenant = c.tenant and e.customer = c.customer
left join state s on s.shard = $1 and s.lane = 0 and s.tenant = c.tenant and s.customer = c.customer
order by e.position
