-- $1 shard, $2 tenant. How many customers are in each stage of each track now.
select track, stage, count(*) as customers
from span
where shard = $1 and lane = 0 and tenant = $2 and left_at is null
group by track, stage
