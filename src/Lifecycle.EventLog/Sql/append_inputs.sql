-- $1 shard, $2 milliseconds in a window of message ids, $3 to $14 the rows, column by column, $15 whether each is the first of its id among them.
-- Those whose ids are not known are numbered on from the head, in their order. Answers the position before the first of them, and beside it the known
-- ids: the row's number from 1, and content and position of the event in the log; nulls where none is known; at last the recorded time of what is new.
-- Rows of erased customers are refused: of those the content is null and the position zero.
with head as materialized (
  select h.position, h.recorded_at, floor(extract(epoch from h.recorded_at) * 1000 / $2)::int as time_window
  from (
    select position, greatest(recorded_at, date_trunc('milliseconds', clock_timestamp())) as recorded_at
    from shard_head where shard = $1
  ) h
),
gone as materialized (
  select r.n
  from unnest($3::int[], $4::uuid[]) with ordinality as r (tenant, customer, n)
  where exists (select from erased e where e.shard = $1)
    and exists (select from erased e where e.shard = $1 and e.tenant = r.tenant and e.customer = r.customer)
),
known as materialized (
  select r.n, k.content, k.position
  from unnest($3::int[], $4::uuid[], $5::uuid[]) with ordinality as r (tenant, customer, id, n)
  cross join lateral (
    select m.content, m.position
    from message_id m
    where m.shard = $1 and m.tenant = r.tenant and m.customer = r.customer and m.id = r.id
      and m.time_window = any (array[0, (select time_window from head), (select time_window from head) - 1])
    order by m.position
    limit 1
  ) k
  where r.n not in (select n from gone)
),
imported as materialized (
  select r.tenant, bool_or(r.test) as test
  from unnest($3::int[], $13::boolean[], $14::boolean[], $15::boolean[]) with ordinality as r (tenant, imported, test, is_first, n)
  where true = any ($13) and r.imported and r.is_first and r.n not in (select n from known) and r.n not in (select n from gone)
  group by r.tenant
),
opening as materialized (
  select t.tenant, t.test, row_number() over (order by t.tenant) as place
  from imported t
  where not exists (select from history h where h.shard = $1 and h.tenant = t.tenant and h.open)
),
numbered as materialized (
  select r.*, h.recorded_at, h.time_window,
    coalesce(case when r.test then (select c.clock from tenant_clock c where c.shard = $1 and c.tenant = r.tenant) end, h.recorded_at) as present,
    h.position + (select count(*) from opening) + row_number() over (order by r.n) as position
  from unnest($3::int[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::smallint[], $9::bytea[], $10::bytea[],
      $11::timestamptz[], $12::smallint[], $13::boolean[], $14::boolean[], $15::boolean[])
    with ordinality as r (tenant, customer, id, content, name, version, open, sealed, occurred_at, hops, imported, test, is_first, n)
  cross join head h
  where r.is_first and r.n not in (select n from known) and r.n not in (select n from gone)
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
select h.position + (select count(*) from opening) as before, k.n, k.content, k.position, h.recorded_at
from head h
left join (select n, content, position from known union all select n, null, 0 from gone) k on true
