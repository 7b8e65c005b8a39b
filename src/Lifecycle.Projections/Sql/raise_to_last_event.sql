-- $1 shard. After events were copied into an empty log, its head stands at the last of them.
update shard_head h
set position = e.position, recorded_at = e.recorded_at
from (select max(position) as position, max(recorded_at) as recorded_at from event where shard = $1) e
where h.shard = $1 and e.position is not null
