-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $11 what waits to be carried to another customer, column by column.
insert into carry (shard, tenant, id, clock, target, hops, name, version, open)
select $1, c.tenant, c.id, c.clock, c.target, c.hops, c.name, c.version, c.open
from unnest($4::int[], $5::uuid[], $6::timestamptz[], $7::text[], $8::smallint[], $9::text[], $10::smallint[], $11::bytea[])
  as c (tenant, id, clock, target, hops, name, version, open)
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, tenant, id) do nothing
