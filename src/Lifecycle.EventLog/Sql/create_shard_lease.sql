insert into shard_lease (shard, expires_at, fired_to) values ($1, $2, $2) on conflict (shard) do nothing
