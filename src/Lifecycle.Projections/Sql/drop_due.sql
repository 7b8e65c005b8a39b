-- $1 shard, $2 epoch and $3 owner of the lease, $4 tenants and $5 customers for whom nothing is due any more.
delete from due d
using unnest($4::int[], $5::uuid[]) as c (tenant, customer)
where d.shard = $1 and d.lane = 0 and d.tenant = c.tenant and d.customer = c.customer
  and exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
