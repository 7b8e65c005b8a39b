-- $1 shard, $2 tenant, $3 track, $4 the instant, or null for now.
select stage, count(*) as customers
from span
where shard = $1 and lane = 0 and tenant = $2 and track = $3
  and case when $4::timestamptz is null then left_at is null else entered_at <= $4 and (left_at is null or left_at > $4) end
group by stage
