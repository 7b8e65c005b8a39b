-- $1 shard, $2 tenant, $3 the last clock that counts. The cut points recorded last up to then.
select position, recorded_at, clock, occurred_at, tenant, customer, kind, name, version, imported, hops, cause, ordinal, id, open, null::bytea as sealed
from event
where shard = $1 and tenant = $2 and kind = 3 and name = 'cut_points_computed' and clock <= $3
order by position desc
limit 1
