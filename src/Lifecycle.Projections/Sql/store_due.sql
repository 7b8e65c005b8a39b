-- $1 shard, $2 epoch and $3 owner of the lease, $4 to $7 the due instants, column by column.
insert into due (shard, lane, tenant, customer, at, wall)
select $1, 0, d.tenant, d.customer, d.at, d.wall
from unnest($4::int[], $5::uuid[], $6::timestamptz[], $7::boolean[]) as d (tenant, customer, at, wall)
where exists (select from shard_lease where shard = $1 and epoch = $2 and owner = $3)
on conflict (shard, lane, tenant, customer) do update set at = excluded.at, wall = excluded.wall
where (due.at, due.wall) is distinct from (excluded.at, excluded.wall)
