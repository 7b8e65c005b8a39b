-- $1 shard, $2 tenant, $3 where its clock begins: the instant it was created.
insert into tenant_clock (shard, tenant, clock) values ($1, $2, $3) on conflict (shard, tenant) do nothing
