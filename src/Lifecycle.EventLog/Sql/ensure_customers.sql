-- $1 shard, $2 tenants, $3 customers, $4 ids, $5 new keys. The first key of a customer stays: whoever comes second reads it afterwards.
insert into customer (shard, tenant, customer, id, key)
select $1, r.tenant, r.customer, r.id, r.key
from unnest($2::int[], $3::uuid[], $4::text[], $5::bytea[]) as r (tenant, customer, id, key)
order by r.tenant, r.customer
on conflict (shard, tenant, customer) do nothing
