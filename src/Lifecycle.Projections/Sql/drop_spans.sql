-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $7 which spans are nobody's.
delete from span s
using unnest($4::int[], $5::uuid[], $6::text[], $7::int[]) as c (tenant, customer, track, ordinal)
where s.shard = $1 and s.lane = 0 and s.tenant = c.tenant and s.customer = c.customer and s.track = c.track and s.ordinal = c.ordinal
  and exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
