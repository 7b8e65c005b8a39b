-- $1 shard, $2 tenant, $3 customer.
select track, ordinal, stage, entered_at, left_at, release, fact
from span
where shard = $1 and lane = 0 and tenant = $2 and customer = $3
order by track, ordinal
