-- $1 shard, $2 tenant, $3 whether it is a test tenant, $4 id, $5 content, $6 name, $7 version, $8 open,
-- $9 what the tenant's clock is set to or null, $10 whether this opens (true) or closes (false) history or neither (null).
-- The id is remembered under the customer zero, as long as the log. Answers 0 appended, 1 duplicate or 2 conflict, and the position of
-- the event in the log.
with head as materialized (
  select position, greatest(recorded_at, date_trunc('milliseconds', clock_timestamp())) as recorded_at
  from shard_head where shard = $1
),
known as materialized (
  select content, position
  from message_id
  where shard = $1 and time_window = 0 and tenant = $2 and customer = '00000000-0000-0000-0000-000000000000' and id = $4
),
standing as materialized (
  select coalesce((select open from history where shard = $1 and tenant = $2), false) as open
),
last as materialized (
  select position
  from event
  where shard = $1 and tenant = $2 and kind = 3 and name = $6 and (select open from standing) = $10
  order by position desc
  limit 1
),
present as (
  select coalesce((select clock from tenant_clock where $3 and shard = $1 and tenant = $2), (select recorded_at from head)) as clock
),
numbered as materialized (
  select h.position + 1 as position, h.recorded_at, greatest(p.clock, $9) as clock
  from head h
  cross join present p
  where not exists (select from known)
    and ($10 is null or $10 <> (select open from standing))
),
written as (
  insert into event (shard, position, recorded_at, clock, occurred_at, tenant, kind, name, version, imported, hops, id, open)
  select $1, position, recorded_at, clock, clock, $2, 3, $6, $7, false, 0, $4, $8 from numbered
),
remembered as (
  insert into message_id (shard, time_window, tenant, customer, id, content, position)
  select $1, 0, $2, '00000000-0000-0000-0000-000000000000', $4, $5, position from numbered
),
told as (
  insert into history (shard, tenant, open, last_input_at)
  select $1, $2, $10, recorded_at from numbered where $10 is not null
  on conflict (shard, tenant) do update set open = excluded.open, last_input_at = excluded.last_input_at
),
advanced as (
  insert into tenant_clock (shard, tenant, clock)
  select $1, $2, clock from numbered where $3 and $9 is not null
  on conflict (shard, tenant) do update set clock = excluded.clock
),
raised as (
  update shard_head s set position = n.position, recorded_at = n.recorded_at from numbered n where s.shard = $1
)
select
  case when n.position is not null then 0 when k.content <> $5 then 2 else 1 end::smallint as result,
  coalesce(n.position, k.position, (select position from last), 0) as position
from head h
left join numbered n on true
left join known k on true
