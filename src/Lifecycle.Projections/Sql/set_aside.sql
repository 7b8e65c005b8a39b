-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $7 who is set aside, from which position on, and why.
insert into set_aside (shard, tenant, customer, position, reason, at)
select $1, a.tenant, a.customer, a.position, a.reason, now()
from unnest($4::int[], $5::uuid[], $6::bigint[], $7::text[]) as a (tenant, customer, position, reason)
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, tenant, customer) do update set position = excluded.position, reason = excluded.reason
