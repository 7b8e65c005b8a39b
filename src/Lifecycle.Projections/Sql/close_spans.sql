-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $7 who left their present stage in which track and when. The present span is the one that is open.
update span s set left_at = c.left_at
from unnest($4::int[], $5::uuid[], $6::text[], $7::timestamptz[]) as c (tenant, customer, track, left_at)
where s.shard = $1 and s.lane = 0 and s.tenant = c.tenant and s.customer = c.customer and s.track = c.track and s.left_at is null
  and exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
