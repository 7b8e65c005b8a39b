-- $1 shard, $2 tenant, $3 a position. The counts of all customers after it, which a state that moved nobody was not written for.
select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, null::bytea as sealed
from event
where shard = $1 and tenant = $2 and kind = 3 and name = 'cut_points_computed' and position > $3
order by position
