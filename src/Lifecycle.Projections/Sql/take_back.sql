-- $1 shard, $2 epoch and $3 owner of the lease, $4 tenants and $5 customers who are no longer set aside.
delete from set_aside a
using unnest($4::int[], $5::uuid[]) as c (tenant, customer)
where a.shard = $1 and a.tenant = c.tenant and a.customer = c.customer
  and exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
