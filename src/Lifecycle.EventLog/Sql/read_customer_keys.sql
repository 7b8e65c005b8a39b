select c.tenant, c.customer, c.key
from customer c
where c.shard = $1 and (c.tenant, c.customer) in (select r.tenant, r.customer from unnest($2::int[], $3::uuid[]) as r (tenant, customer))
