-- $1 shard, $2 tenant, $3 track, $4 instants, ascending. For each stage and each instant, by its place from 0, how many more customers are in the
-- stage than at the instant before. One pass over the stays, however many instants are asked for: a stay counts from the first instant not before
-- it began, and no longer from the first not before it ended. An instant is whole milliseconds, so those before one are those up to a microsecond
-- before it.
select stage, place, sum(change)::bigint as change
from (
  select stage, width_bucket(entered_at - interval '1 microsecond', $4::timestamptz[]) as place, 1 as change
  from span
  where shard = $1 and lane = 0 and tenant = $2 and track = $3
  union all
  select stage, width_bucket(left_at - interval '1 microsecond', $4::timestamptz[]), -1
  from span
  where shard = $1 and lane = 0 and tenant = $2 and track = $3 and left_at is not null
) changes
where place < cardinality($4::timestamptz[])
group by stage, place
