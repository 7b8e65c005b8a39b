insert into tenant_clock (shard, tenant, clock) values ($1, $2, $3) on conflict (shard, tenant) do nothing
