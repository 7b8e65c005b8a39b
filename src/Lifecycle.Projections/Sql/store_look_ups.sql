-- $1 shard, $2 epoch and $3 owner of the lease, $4 tenants and $5 customers, $6 attributes, $7 hashes, null for what was forgotten, $8 when it was said.
-- What was said later stays.
insert into look_up (shard, tenant, customer, attribute, hash, at)
select $1, l.tenant, l.customer, l.attribute, l.hash, l.at
from unnest($4::int[], $5::uuid[], $6::smallint[], $7::uuid[], $8::timestamptz[]) as l (tenant, customer, attribute, hash, at)
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, tenant, customer, attribute) do update set hash = excluded.hash, at = excluded.at
where look_up.at <= excluded.at
