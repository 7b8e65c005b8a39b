-- $1 shard, $2 tenants, $3 customers, $4 the position before which their inputs are wanted. Facts are wanted wherever they stand: one that
-- followed from an earlier input may have been appended later.
select e.position, e.recorded_at, e.clock, e.occurred_at, e.tenant, e.customer, e.kind, e.name, e.version, e.imported, e.hops, e.cause, e.ordinal,
  e.id, e.open, e.sealed
from unnest($2::int[], $3::uuid[]) as c (tenant, customer)
join event e on e.shard = $1 and e.tenant = c.tenant and e.customer = c.customer and (e.kind = 2 or e.kind = 1 and e.position < $4)
order by e.position
