-- $1 shard, $2 tenant, $3 track, $4 stages, $5 the instant or null for now, $6 the customer after whom to go on, $7 how many,
-- $8 the only customers that are meant, or null for all.
select s.customer, c.id, s.stage, s.entered_at, s.release
from span s
join customer c on c.shard = $1 and c.tenant = $2 and c.customer = s.customer
where s.shard = $1 and s.lane = 0 and s.tenant = $2 and s.track = $3 and s.stage = any ($4) and s.customer > $6 and ($8::uuid[] is null or s.customer = any ($8))
  and case when $5::timestamptz is null then s.left_at is null else s.entered_at <= $5 and (s.left_at is null or s.left_at > $5) end
order by s.customer
limit $7
