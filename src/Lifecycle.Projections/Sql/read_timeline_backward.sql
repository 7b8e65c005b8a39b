-- $1 shard, $2 tenant, $3 customer, $4 first clock, $5 clock before which to end, $6 and $7 the clock and position from which to go on,
-- $8 kinds, $9 names or null for all, $10 how many. Late is what occurred before the customer's clock of that time: for a live input, when
-- something has a clock between its occurrence and itself; for an imported one, when something appended earlier has a later clock. The two are asked apart, for
-- only so the index alone answers for an imported row, which has all that came after it behind it.
select e.position, e.recorded_at, e.clock, e.occurred_at, e.tenant, e.customer, e.kind, e.name, e.version, e.imported, e.hops, e.cause, e.ordinal,
  e.id, e.open, e.sealed,
  e.kind = 1 and case when e.imported then exists (
    select from event o
    where o.shard = $1 and o.tenant = $2 and o.customer = $3 and o.clock > e.occurred_at and o.position < e.position
  ) else exists (
    select from event o
    where o.shard = $1 and o.tenant = $2 and o.customer = $3 and o.clock > e.occurred_at and o.clock < e.clock and (o.position < e.position or o.kind = 2)
  ) end as late
from event e
where e.shard = $1 and e.tenant = $2 and e.customer = $3 and e.clock >= $4 and e.clock < $5 and (e.clock, e.position) <= ($6, $7)
  and e.kind = any ($8) and ($9::text[] is null or e.name = any ($9))
order by e.clock desc, e.position desc
limit $10
