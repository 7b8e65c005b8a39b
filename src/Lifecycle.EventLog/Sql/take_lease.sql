-- $1 shard, $2 owner, $3 how long. Takes the lease from whoever has it; the new epoch fences off what they still do.
with present as materialized (
  select clock_timestamp() as at
)
update shard_lease l
set epoch = l.epoch + 1, owner = $2, expires_at = p.at + $3
from present p
where l.shard = $1
returning l.epoch, l.consumed, l.swept, l.fired_to
