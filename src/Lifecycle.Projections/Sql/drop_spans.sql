-- $1 shard, $2 epoch and $3 owner of the lease, $4 tenants and $5 customers whose spans are made anew.
delete from span s
using unnest($4::int[], $5::uuid[]) as c (tenant, customer)
where s.shard = $1 and s.lane = 0 and s.tenant = c.tenant and s.customer = c.customer
  and exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
