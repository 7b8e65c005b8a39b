-- $1 shard, $2 tenants, $3 customers. A customer without a state is new.
select c.tenant, c.customer, s.body, d.at
from unnest($2::int[], $3::uuid[]) as c (tenant, customer)
left join state s on s.shard = $1 and s.lane = 0 and s.tenant = c.tenant and s.customer = c.customer
left join due d on d.shard = $1 and d.lane = 0 and d.tenant = c.tenant and d.customer = c.customer
