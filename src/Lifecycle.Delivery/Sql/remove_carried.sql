-- $1 shard, $2 tenants and $3 ids, side by side.
delete from carry c using unnest($2::int[], $3::uuid[]) as moved (tenant, id)
where c.shard = $1 and c.tenant = moved.tenant and c.id = moved.id
