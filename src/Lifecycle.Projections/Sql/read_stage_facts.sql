-- $1 shard, $2 tenant, $3 customer, $4 the facts behind their spans.
select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, null::bytea as sealed
from event
where shard = $1 and tenant = $2 and customer = $3 and kind = 2 and name = 'stage_changed' and id = any ($4)
