-- $1 shard, $2 tenants, $3 customers. Each is looked up alone, so that no plan reads all of the shard's customers for a few of them.
select r.tenant, r.customer, c.key
from unnest($2::int[], $3::uuid[]) as r (tenant, customer)
cross join lateral (
  select c.key from customer c where c.shard = $1 and c.tenant = r.tenant and c.customer = r.customer limit 1
) c
