-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $12 the spans, column by column. The place of a span counts those entered in this step
-- from 0; the customer's earlier ones in the track are counted here. The last of them is looked for in the order of the table's key, which no other
-- index has: by plain equality, until statistics are gathered, all spans of the track might be read for each customer.
insert into span (shard, lane, tenant, customer, track, ordinal, stage, entered_at, left_at, release, fact)
select $1, 0, n.tenant, n.customer, n.track, coalesce(last.ordinal + 1, 0) + n.place, n.stage, n.entered_at, n.left_at, n.release, n.fact
from unnest($4::int[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::int[], $12::uuid[])
  as n (tenant, customer, track, place, stage, entered_at, left_at, release, fact)
left join lateral (
  select s.lane, s.tenant, s.customer, s.track, s.ordinal
  from span s
  where s.shard = $1 and (s.lane, s.tenant, s.customer, s.track) <= (0, n.tenant, n.customer, n.track)
  order by s.lane desc, s.tenant desc, s.customer desc, s.track desc, s.ordinal desc
  limit 1
) last on (last.lane, last.tenant, last.customer, last.track) = (0, n.tenant, n.customer, n.track)
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
