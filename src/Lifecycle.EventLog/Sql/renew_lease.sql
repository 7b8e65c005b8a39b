with present as materialized (
  select clock_timestamp() as at
)
update shard_lease l
set expires_at = p.at + $4
from present p
where l.shard = $1 and l.epoch = $2 and l.owner = $3
