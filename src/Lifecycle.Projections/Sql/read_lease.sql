-- $1 shard. Whether the lease can be had is judged by the database's clock, which is told as well.
select epoch, owner, consumed, swept, fired_to, owner is null or expires_at <= clock_timestamp() as free, clock_timestamp() as now
from shard_lease where shard = $1
