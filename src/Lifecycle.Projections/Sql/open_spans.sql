-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $12 the spans, column by column. The place of a span counts those entered in this step
-- from 0; the customer's earlier ones in the track are counted here: the last of them is looked for by the table's key. The lane is 0, as in all rows,
-- and comes as a column so that the planner does not know it: see the migration spans-by-their-key.
insert into span (shard, lane, tenant, customer, track, ordinal, stage, entered_at, left_at, release, fact)
select $1, 0, n.tenant, n.customer, n.track, coalesce(last.ordinal + 1, 0) + n.place, n.stage, n.entered_at, n.left_at, n.release, n.fact
from unnest($4::int[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::int[], $12::uuid[],
    array_fill(0::smallint, array[cardinality($4::int[])]))
  as n (tenant, customer, track, place, stage, entered_at, left_at, release, fact, lane)
left join lateral (
  select s.ordinal
  from span s
  where s.shard = $1 and s.lane = n.lane and s.tenant = n.tenant and s.customer = n.customer and s.track = n.track
  order by s.ordinal desc
  limit 1
) last on true
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
