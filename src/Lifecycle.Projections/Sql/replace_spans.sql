-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $12 all spans of some customers, column by column, each with its place in the track from 0. Those
-- that are as they should be stay untouched.
insert into span (shard, lane, tenant, customer, track, ordinal, stage, entered_at, left_at, release, fact)
select $1, 0, n.tenant, n.customer, n.track, n.place, n.stage, n.entered_at, n.left_at, n.release, n.fact
from unnest($4::int[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::int[], $12::uuid[])
  as n (tenant, customer, track, place, stage, entered_at, left_at, release, fact)
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, lane, tenant, customer, track, ordinal) do update
set stage = excluded.stage, entered_at = excluded.entered_at, left_at = excluded.left_at, release = excluded.release, fact = excluded.fact
where (span.stage, span.entered_at, span.left_at, span.release, span.fact)
  is distinct from (excluded.stage, excluded.entered_at, excluded.left_at, excluded.release, excluded.fact)
