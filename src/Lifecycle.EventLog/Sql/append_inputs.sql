-- $1 shard, $2 milliseconds in a window of message ids, $3 to $14 the rows, column by column.
-- Answers, in the rows' order: 0 appended, 1 duplicate, 2 conflict; the position of the event in the log; the shard's recorded time.
with head as materialized (
  select h.position, h.recorded_at, floor(extract(epoch from h.recorded_at) * 1000 / $2)::int as time_window
  from (
    select position, greatest(recorded_at, date_trunc('milliseconds', clock_timestamp())) as recorded_at
    from shard_head where shard = $1
  ) h
),
incoming as materialized (
  select r.*, min(r.n) over (partition by r.tenant, r.customer, r.id) as first_n
  from unnest($3::int[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::smallint[], $9::bytea[], $10::bytea[],
      $11::timestamptz[], $12::boolean[], $13::smallint[], $14::boolean[])
    with ordinality as r (tenant, customer, id, content, name, version, open, sealed, occurred_at, imported, hops, test, n)
),
checked as materialized (
  select i.*, k.content as known_content, k.position as known_position
  from incoming i
  left join lateral (
    select m.content, m.position
    from message_id m
    where m.shard = $1 and m.tenant = i.tenant and m.customer = i.customer and m.id = i.id
      and m.time_window = any (array[0, (select time_window from head), (select time_window from head) - 1])
    order by m.position
    limit 1
  ) k on true
),
fresh as materialized (
  select c.*, row_number() over (order by c.n) as place
  from checked c
  where c.n = c.first_n and c.known_position is null
),
imported as materialized (
  select f.tenant, bool_or(f.test) as test from fresh f where f.imported group by f.tenant
),
opening as materialized (
  select t.tenant, t.test, row_number() over (order by t.tenant) as place
  from imported t
  where not exists (select from history h where h.shard = $1 and h.tenant = t.tenant and h.open)
),
numbered as materialized (
  select f.*, coalesce(c.clock, h.recorded_at) as present, h.recorded_at, h.time_window,
    h.position + (select count(*) from opening) + f.place as position
  from fresh f
  cross join head h
  left join tenant_clock c on f.test and c.shard = $1 and c.tenant = f.tenant
),
opened as (
  insert into event (shard, position, recorded_at, clock, occurred_at, tenant, kind, name, version, imported, hops, id, open)
  select $1, h.position + o.place, h.recorded_at, coalesce(c.clock, h.recorded_at), coalesce(c.clock, h.recorded_at), o.tenant, 3,
    'history_opened', 1, false, 0, md5(concat_ws(' ', 'history_opened', $1, h.position + o.place))::uuid, '{}'
  from opening o
  cross join head h
  left join tenant_clock c on o.test and c.shard = $1 and c.tenant = o.tenant
),
told as (
  insert into history (shard, tenant, open, last_input_at)
  select $1, t.tenant, true, h.recorded_at from imported t cross join head h
  on conflict (shard, tenant) do update set open = true, last_input_at = excluded.last_input_at
),
written as (
  insert into event (shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, id, open, sealed)
  select $1, position, recorded_at,
    case when imported then least(occurred_at, present) else present end,
    case when imported or not test then least(occurred_at, present) else present end,
    tenant, customer, 1, name, version, imported, hops, id, open, sealed
  from numbered
),
remembered as (
  insert into message_id (shard, time_window, tenant, customer, id, content, position)
  select $1, case when imported then 0 else time_window end, tenant, customer, id, content, position
  from numbered
),
raised as (
  update shard_head s set position = t.position, recorded_at = t.recorded_at
  from (select max(position) as position, max(recorded_at) as recorded_at from numbered) t
  where s.shard = $1 and t.position is not null
)
select
  case
    when f.n = c.n then 0
    when coalesce(c.known_content, f.content) = c.content then 1
    else 2
  end::smallint as result,
  coalesce(c.known_position, f.position) as position,
  (select recorded_at from head) as recorded_at
from checked c
left join numbered f on f.n = c.first_n
order by c.n
