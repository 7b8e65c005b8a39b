-- $1 shard, $2 tenant, $3 the last clock that counts, $4 how many. The counts of all customers up to then, the latest first.
select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, null::bytea as sealed
from event
where shard = $1 and tenant = $2 and kind = 3 and name in ('cut_points_computed', 'release_activated') and clock <= $3
order by position desc
limit $4
