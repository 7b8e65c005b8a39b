-- $1 shard, $2 tenant, $3 keys.
select key, endpoint, attempt, started_at, duration_ms, status, error
from delivery_attempt
where shard = $1 and tenant = $2 and key = any ($3)
order by key, endpoint, attempt
