insert into shard_head (shard, recorded_at) values ($1, $2) on conflict (shard) do nothing
