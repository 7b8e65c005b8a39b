-- $1 shard, $2 tenant, $3 customer, $4 the last clock that counts. Inputs and facts in the order of the log.
select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, sealed
from event
where shard = $1 and tenant = $2 and customer = $3 and clock <= $4
order by position
