-- $1 shard, $2 now, $3 how many at most, $4 until when they are ours. Whoever claims pushes the next attempt ahead; if they die
-- meanwhile, the claim runs out and another begins the next attempt. A row that another is claiming is passed over.
with picked as (
  select tenant, key, endpoint from delivery
  where shard = $1 and status = 0 and next_at <= $2
  order by next_at
  limit $3
  for update skip locked
)
update delivery d set attempt = d.attempt + 1, next_at = $4
from picked p
where d.shard = $1 and d.tenant = p.tenant and d.key = p.key and d.endpoint = p.endpoint
returning d.tenant, d.customer, d.key, d.endpoint, d.requested_at, d.request, d.attempt, d.last_error is not null or d.last_status is not null
