-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $7 who left their present stage in which track and when. The present span is the last by the
-- table's key, looked for as in open_spans.sql and written through that key: as an update joined to the customers it would, until statistics are gathered, be
-- planned as a look at every present span of the shard for each of them, and a first import would take a time that grows with its square.
insert into span (shard, lane, tenant, customer, track, ordinal, stage, entered_at, left_at, release, fact)
select $1, 0, c.tenant, c.customer, c.track, present.ordinal, present.stage, present.entered_at, c.left_at, present.release, present.fact
from unnest($4::int[], $5::uuid[], $6::text[], $7::timestamptz[], array_fill(0::smallint, array[cardinality($4::int[])]))
  as c (tenant, customer, track, left_at, lane)
cross join lateral (
  select s.ordinal, s.stage, s.entered_at, s.left_at, s.release, s.fact
  from span s
  where s.shard = $1 and s.lane = c.lane and s.tenant = c.tenant and s.customer = c.customer and s.track = c.track
  order by s.ordinal desc
  limit 1
) present
where present.left_at is null and exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, lane, tenant, customer, track, ordinal) do update set left_at = excluded.left_at
