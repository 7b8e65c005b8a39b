-- $1 shard, $2 the time to raise it to, or null for the database's. Time never goes back.
with head as materialized (
  select position, recorded_at as before, greatest(recorded_at, coalesce($2, date_trunc('milliseconds', clock_timestamp()))) as recorded_at
  from shard_head where shard = $1
),
raised as (
  update shard_head s set recorded_at = h.recorded_at from head h where s.shard = $1 and h.recorded_at > h.before
)
select position, recorded_at from head
