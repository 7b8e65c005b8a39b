-- $1 shard, $2 tenant, $3 whether it is a test tenant, $4 customer, $5 id, $6 name, $7 version and $8 open of the event that says so.
-- Ends a customer's life: appends the event, destroys the key, and from here on every append of theirs is refused. Answers 0 appended or 1 erased before,
-- and the position of the event; position 0 where nobody is known by that key.
with head as materialized (
  select position, greatest(recorded_at, date_trunc('milliseconds', clock_timestamp())) as recorded_at
  from shard_head where shard = $1
),
known as materialized (
  select position from erased where shard = $1 and tenant = $2 and customer = $4
),
numbered as materialized (
  select h.position + 1 as position, h.recorded_at,
    coalesce((select clock from tenant_clock where $3 and shard = $1 and tenant = $2), h.recorded_at) as clock
  from head h
  where not exists (select from known)
    and exists (select from customer c where c.shard = $1 and c.tenant = $2 and c.customer = $4)
),
written as (
  insert into event (shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, id, open)
  select $1, position, recorded_at, clock, clock, $2, $4, 1, $6, $7, false, 0, $5, $8 from numbered
),
noted as (
  insert into erased (shard, tenant, customer, position) select $1, $2, $4, position from numbered
),
destroyed as (
  update customer c set key = null, id = '' from numbered n where c.shard = $1 and c.tenant = $2 and c.customer = $4
),
raised as (
  update shard_head s set position = n.position, recorded_at = n.recorded_at from numbered n where s.shard = $1
)
select case when n.position is not null then 0 else 1 end::smallint as result, coalesce(n.position, k.position, 0) as position
from head h
left join numbered n on true
left join known k on true
