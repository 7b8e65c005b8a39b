-- $1 shard, $2 owner, $3 how long. A lease is free when released, when expired by the database's clock, or when it is one's own, whose
-- acquisition may have been answered to nobody.
with present as materialized (
  select clock_timestamp() as at
)
update shard_lease l
set epoch = l.epoch + 1, owner = $2, expires_at = p.at + $3
from present p
where l.shard = $1 and (l.owner is null or l.owner = $2 or l.expires_at <= p.at)
returning l.epoch, l.consumed, l.swept, l.fired_to
