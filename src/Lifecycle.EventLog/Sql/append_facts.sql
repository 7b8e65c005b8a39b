-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $12 the facts, column by column. Answers how many were appended: all, or none
-- because the lease has passed to another; and the position of the last. For how arrays become rows see append_new_inputs.sql.
with lease as materialized (
  select 1 as held from shard_lease where shard = $1 and epoch = $2 and owner = $3 for update
),
head as materialized (
  select position, greatest(recorded_at, date_trunc('milliseconds', clock_timestamp())) as recorded_at
  from shard_head where shard = $1
),
written as (
  insert into event (shard, position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open)
  select $1, h.position + f.n, h.recorded_at, f.clock, f.clock, f.tenant, f.customer, 2, f.name, f.version, false, 0, f.cause, f.ordinal, f.id, f.open
  from (
    select generate_subscripts($4::int[], 1) as n, unnest($4::int[]) as tenant, unnest($5::uuid[]) as customer, unnest($6::uuid[]) as id,
      unnest($7::timestamptz[]) as clock, unnest($8::text[]) as name, unnest($9::smallint[]) as version, unnest($10::uuid[]) as cause,
      unnest($11::int[]) as ordinal, unnest($12::bytea[]) as open
  ) f
  cross join head h
  cross join lease
  returning position, recorded_at
),
raised as (
  update shard_head s set position = t.position, recorded_at = t.recorded_at
  from (select max(position) as position, max(recorded_at) as recorded_at from written) t
  where s.shard = $1 and t.position is not null
)
select count(*), max(position) from written
