-- $1 shard, $2 tenant, $3 and $4 the instant and id before which to go on, null for the newest, $5 how many.
select id, received_at, code, message, content
from quarantine
where shard = $1 and tenant = $2 and ($3::timestamptz is null or (received_at, id) < ($3, $4))
order by received_at desc, id desc
limit $5
