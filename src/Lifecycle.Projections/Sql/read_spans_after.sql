-- $1 shard, $2 tenant, $3 customer, $4 track and $5 ordinal of the span after which to go on in the order of the key, $6 how many.
select tenant, customer, track, ordinal
from span
where shard = $1 and (lane, tenant, customer, track, ordinal) > (0, $2, $3, $4, $5) and lane = 0
order by lane, tenant, customer, track, ordinal
limit $6
