-- $1 shard, $2 tenants, $3 customers. A customer without a state is new. Each is looked up alone: joined, until statistics are gathered, all of the
-- shard's states might be read for a few customers.
select c.tenant, c.customer, s.body, d.at
from unnest($2::int[], $3::uuid[]) as c (tenant, customer)
left join lateral (
  select s.body from state s where s.shard = $1 and s.lane = 0 and s.tenant = c.tenant and s.customer = c.customer limit 1
) s on true
left join lateral (
  select d.at from due d where d.shard = $1 and d.lane = 0 and d.tenant = c.tenant and d.customer = c.customer limit 1
) d on true
