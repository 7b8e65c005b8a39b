select position, recorded_at from shard_head where shard = $1
