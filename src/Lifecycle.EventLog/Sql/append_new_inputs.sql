-- $1 shard, $2 milliseconds in a window of message ids, $3 to $12 the rows, column by column: no two of one id, none imported, none of a test tenant.
-- Numbers them on from the head, as if the log knew none of their ids: one in the present window is refused by the table's key; one that is kept elsewhere
-- is looked for here, where there is an elsewhere, and then nothing is written, nor where one is an erased customer's. Answers the position before the first and the recorded time, or no row.
-- Side by side in a select list, arrays become rows one at a time; in a from clause each would be laid out in memory first.
with head as materialized (
  select h.position, h.recorded_at, w.time_window
  from (
    select position, greatest(recorded_at, date_trunc('milliseconds', clock_timestamp())) as recorded_at
    from shard_head where shard = $1
  ) h
  cross join lateral (select floor(extract(epoch from h.recorded_at) * 1000 / $2)::int as time_window) w
  where not exists (
    select from unnest(array[0, w.time_window - 1]) as p (time_window)
    where exists (select from message_id m where m.shard = $1 and m.time_window = p.time_window)
      and exists (
        select from unnest($3::int[], $4::uuid[], $5::uuid[]) as r (tenant, customer, id)
        cross join lateral (
          select from message_id m
          where m.shard = $1 and m.tenant = r.tenant and m.customer = r.customer and m.id = r.id and m.time_window = p.time_window
          limit 1
        ) k
      )
  )
  and not (
    exists (select from erased e where e.shard = $1)
    and exists (
      select from unnest($3::int[], $4::uuid[]) as r (tenant, customer)
      cross join lateral (select from erased e where e.shard = $1 and e.tenant = r.tenant and e.customer = r.customer limit 1) k
    )
  )
),
written as (
  insert into event (shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, id, open, sealed)
  select $1, h.position + r.n, h.recorded_at, h.recorded_at, least(r.occurred_at, h.recorded_at), r.tenant, r.customer, 1, r.name, r.version, false, r.hops,
    r.id, r.open, r.sealed
  from head h
  cross join (
    select generate_subscripts($3::int[], 1) as n, unnest($3::int[]) as tenant, unnest($4::uuid[]) as customer, unnest($5::uuid[]) as id,
      unnest($7::text[]) as name, unnest($8::smallint[]) as version, unnest($9::bytea[]) as open, unnest($10::bytea[]) as sealed,
      unnest($11::timestamptz[]) as occurred_at, unnest($12::smallint[]) as hops
  ) r
),
remembered as (
  insert into message_id (shard, time_window, tenant, customer, id, content, position)
  select $1, h.time_window, r.tenant, r.customer, r.id, r.content, h.position + r.n
  from head h
  cross join (
    select generate_subscripts($3::int[], 1) as n, unnest($3::int[]) as tenant, unnest($4::uuid[]) as customer, unnest($5::uuid[]) as id,
      unnest($6::uuid[]) as content
  ) r
),
raised as (
  update shard_head s set position = h.position + cardinality($3::int[]), recorded_at = h.recorded_at from head h where s.shard = $1
)
select position, recorded_at from head
