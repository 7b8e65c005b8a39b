select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, sealed
from event where shard = $1 and position > $2
order by position limit $3
