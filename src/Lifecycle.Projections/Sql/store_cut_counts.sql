-- $1 shard, $2 tenant, $3 id of the count, $4 metrics, $5 their counts, $6 the present instant. Counts of two days ago are not asked for any more.
with gone as (
  delete from cut_count where shard = $1 and tenant = $2 and stored_at < $6 - interval '2 days'
)
insert into cut_count (shard, tenant, id, metric, stored_at, counts)
select $1, $2, $3, metric, $6, counts
from unnest($4::uuid[], $5::bytea[]) as c (metric, counts)
on conflict (shard, tenant, id, metric) do nothing
